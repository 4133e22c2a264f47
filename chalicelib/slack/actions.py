"""What Slack sends: a button or a menu that was used, or a command (pure).

Source: docs.slack.dev, "block_actions payload" and "Slash commands". Both are forms; a button's has
one field, `payload`, of JSON. The signature was checked before; whatever else is in it, a part that
is no text where there should be one makes the request malformed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson

from chalicelib.cloudtrail.texts import one_line

# The ids of our buttons that only open an address: Slack tells of them as well.
LINK = "open_"
MOST_FIELDS = 100
LONGEST_VALUE, LONGEST_NAME, LONGEST_TEXT = 2000, 80, 500
_ID = re.compile(r"[A-Z0-9]{1,32}", re.ASCII)


class MalformedError(ValueError):
    """A request that is Slack's and cannot be read; says which part of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who used it: `team` is the workspace where it was used, `home` the person's own, `enterprise`
    the organization of either; "" where Slack does not say.
    """

    user: str
    name: str
    team: str = ""
    home: str = ""
    enterprise: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button or menu, by its id and value, in the message at `ts` of a channel."""

    sender: Sender
    channel: str
    ts: str
    action: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command: what was written behind its name."""

    sender: Sender
    channel: str
    text: str


def pressed(body: bytes) -> Pressed | None:
    """What was used; None for what only opened an address. Raises MalformedError."""
    payload = _payload(body)
    if payload.get("type") != "block_actions":
        raise MalformedError("type")
    actions = payload.get("actions")
    if not isinstance(actions, list) or not actions or not isinstance(actions[0], dict):
        raise MalformedError("actions")
    action, name = actions[0], _text(actions[0], "action_id")
    if name.startswith(LINK) or "url" in action:
        return None
    container = _object(payload, "container")
    return Pressed(
        sender=_sender(payload),
        channel=_text(_object(payload, "channel"), "id") or _text(container, "channel_id"),
        ts=_text(_object(payload, "message"), "ts") or _text(container, "message_ts"),
        action=name,
        value=_value(action),
    )


def asked(body: bytes) -> Asked:
    """What was asked. Raises MalformedError."""
    fields = _fields(body)
    sender = Sender(
        user=_user(fields.get("user_id", "")),
        name=one_line(fields.get("user_name", ""), LONGEST_NAME) or fields.get("user_id", ""),
        team=fields.get("team_id", ""),
        enterprise=fields.get("enterprise_id", ""),
    )
    text = fields.get("text", "")[:LONGEST_TEXT]
    return Asked(sender=sender, channel=fields.get("channel_id", ""), text=text.strip())


def _sender(payload: dict[str, Any]) -> Sender:
    user = _object(payload, "user")
    team = _object(payload, "team")
    name = one_line(_text(user, "username") or _text(user, "name"), LONGEST_NAME)
    return Sender(
        user=_user(_text(user, "id")),
        name=name or _text(user, "id"),
        team=_text(team, "id"),
        home=_text(user, "team_id"),
        enterprise=_text(_object(payload, "enterprise"), "id") or _text(team, "enterprise_id"),
    )


def _user(found: str) -> str:
    if not _ID.fullmatch(found):
        raise MalformedError("user")
    return found


def _value(action: dict[str, Any]) -> str:
    """A button's value, or that of the option which was chosen."""
    value = _text(action, "value") or _text(_object(action, "selected_option"), "value")
    if len(value) > LONGEST_VALUE:
        raise MalformedError("value")
    return value


def _payload(body: bytes) -> dict[str, Any]:
    try:
        payload = orjson.loads(_fields(body).get("payload", ""))
    except ValueError as error:
        raise MalformedError("payload") from error
    if not isinstance(payload, dict):
        raise MalformedError("payload")
    return payload


def _fields(body: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError as error:  # UnicodeDecodeError is one
        raise MalformedError("form") from error
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise MalformedError("form")
    return fields


def _object(of: dict[str, Any], name: str) -> dict[str, Any]:
    """An object within; {} where there is none: Slack leaves some out, and others are null."""
    found = of.get(name)
    if found is not None and not isinstance(found, dict):
        raise MalformedError(name)
    return found or {}


def _text(of: dict[str, Any], name: str) -> str:
    found = of.get(name)
    if found is not None and not isinstance(found, str):
        raise MalformedError(name)
    return found or ""
