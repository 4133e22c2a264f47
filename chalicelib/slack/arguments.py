"""What Slack's methods are called with, made of a message (pure).

Source: docs.slack.dev, chat.postMessage and chat.update.
"""

from __future__ import annotations

from typing import Any

from chalicelib.slack.addresses import channel_id as id_of

POST, UPDATE = "chat.postMessage", "chat.update"
_CUSTOM = ("username", "icon_emoji", "icon_url")


def of_post(payload: dict[str, Any], channel_id: str | None) -> dict[str, Any]:
    """A new message: to the channel of that id where it is known, else to the one it names."""
    return {**payload, "channel": channel_id or id_of(payload["channel"]) or payload["channel"]}


def of_update(payload: dict[str, Any], channel_id: str, ts: str) -> dict[str, Any]:
    """The message at `ts` changed: whose it is and how links unfurl cannot be."""
    known = {key: value for key, value in payload.items() if not key.startswith("unfurl_")}
    return {**uncustomized(known), "channel": channel_id, "ts": ts}


def uncustomized(payload: dict[str, Any]) -> dict[str, Any]:
    """The message under the bot's own name."""
    return {key: value for key, value in payload.items() if key not in _CUSTOM}
