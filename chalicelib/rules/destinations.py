"""Where a rule may send its alerts, and whom it may call there, as Slack writes both."""

from __future__ import annotations

import re

# Slack states no grammar of ids. Those of its reference are like C012AB3CD ("Conversation object"):
# channels begin with C, private ones of old with G, direct messages with D. No name is upper-case.
CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{8,20}")
CHANNEL_NAME = re.compile(r"#?[^\s#@<>,A-Z]{1,80}")
# Source: docs.slack.dev, "Formatting message text".
BROADCASTS = ("@here", "@channel", "@everyone")
SLACK_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
SLACK_GROUP = re.compile(r"S[A-Z0-9]{2,20}")
MENTION = re.compile(rf"<@{SLACK_USER.pattern}>|<!subteam\^{SLACK_GROUP.pattern}>")
# Characters that a header block's text holds. Source: docs.slack.dev, "Header block".
LONGEST_TITLE = 150
