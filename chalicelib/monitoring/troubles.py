"""What stops a channel, in words: who refuses or is away, why, and what to do."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.alerts.channel import DESTINATION, Channel
from chalicelib.monitoring.times import in_words
from chalicelib.settings import WEBHOOK

_NOTHING_LOST = "Nothing is lost; it is tried again every {}."
_SLACK = "Is Slack well (https://slack-status.com)? If so, check SLACK_API_URL and the way out."
_WEBHOOK = "Is its receiver well? If so, check WEBHOOK_URL and the way out."

# What to do about the reason for which a channel refuses; "" where nobody knows.
NextStep = Callable[[str], str]


def trouble_with(channel: Channel, next_step: NextStep) -> str:
    """What a person has to know of a channel that is stopped."""
    since = f" since {in_words(channel.since)}" if channel.since else ""
    is_webhook = channel.name == WEBHOOK
    if channel.trouble == DESTINATION:
        who = "The webhook refuses" if is_webhook else f"Slack refuses {channel.name}"
        step, lost = next_step(channel.reason or ""), _NOTHING_LOST.format("five minutes")
        return " ".join(filter(None, (f"{who}{since}: {channel.reason}.", step, lost)))
    slack = f"Slack cannot be reached for {channel.name}"
    who, away = ("The webhook cannot be reached", _WEBHOOK) if is_webhook else (slack, _SLACK)
    return f"{who}{since}: {channel.reason}. {_NOTHING_LOST.format('minute')} {away}"
