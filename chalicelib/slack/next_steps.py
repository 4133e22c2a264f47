"""What a person does about Slack's refusals (pure)."""

from __future__ import annotations

# What a person does about a refusal.
_BOT = "Give SLACK_TOKEN the bot token of an app that is installed in the workspace."
_WHERE = "Check SLACK_CHANNEL; a private channel shows only to its members."
NEXT_STEPS = {
    "invalid_auth": _BOT,
    "not_authed": _BOT,
    "token_revoked": _BOT,
    "token_expired": _BOT,
    "account_inactive": _BOT,
    "missing_scope": "Give the app the scope chat:write and install it again.",
    "channel_not_found": _WHERE,
    "is_archived": _WHERE,
    "not_in_channel": "Invite the app: type /invite and its name in the channel.",
}


def next_step(reason: str) -> str:
    """What to do about a refusal ("invalid_auth: no bot token"); "" where nobody knows."""
    return NEXT_STEPS.get(reason.split(":")[0], "")
