"""The very requests that Slack would send, made and signed here: a button, a menu, a command."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from chalicelib.alerts.clicks import Action
from chalicelib.rules.destinations import SLACK_USER
from chalicelib.settings import Settings
from chalicelib.web.signature import SIGNATURE, TIMESTAMP, signed
from cli.tied import ROOT

# What `run` leaves for `press` while it runs; only this user can read it.
RUNNING = ROOT / ".trailbell" / "run.json"
TIMEOUT = 10.0


class PressError(Exception):
    """The server did not answer; says what did not."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where requests go, what they are signed with, and the store behind it."""

    url: str
    secret: str
    store: str


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was posted, by the channel's id and its ts."""

    channel: str
    ts: str


@contextmanager
def pressable(url: str, env: Mapping[str, str]) -> Iterator[None]:
    """Tell `press` of the server for as long as it runs."""
    server = Server(url, env.get("SLACK_SIGNING_SECRET", ""), Settings.from_env(env).alert_store)
    RUNNING.parent.mkdir(exist_ok=True)
    RUNNING.unlink(missing_ok=True)
    descriptor = os.open(RUNNING, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(asdict(server), file)
    try:
        yield
    finally:
        RUNNING.unlink(missing_ok=True)


def running(env: Mapping[str, str], url: str | None = None) -> Server:
    """The server that runs here: what `run` left, and over it what the environment and `url` say;
    its secret is "" where nothing says it.
    """
    left: dict[str, str] = {}
    with suppress(OSError, ValueError):
        left = dict(json.loads(RUNNING.read_text()))
    settings = Settings.from_env(env)
    secret = settings.slack_signing_secret or left.get("secret", "")
    store = settings.alert_store if env.get("ALERT_STORE") else left.get("store")
    where = url or left.get("url") or "http://127.0.0.1:8000/"
    return Server(where, secret, store or settings.alert_store)


def action(
    button: Action, value: str, message: Message, name: str, *, team: str = "T0LOCAL"
) -> bytes:
    """The body of a block_actions request: `value` is the button's, or that of the option."""
    user = {"id": user_id(name), "username": name, "name": name, "team_id": team}
    pressed = {"action_id": button.value, "block_id": "b", "action_ts": message.ts}
    if button is Action.MUTE:
        pressed |= {"type": "static_select", "selected_option": {"value": value}}  # type: ignore[dict-item]
    else:
        pressed |= {"type": "button", "value": value}
    payload = {
        "type": "block_actions",
        "user": user,
        "team": {"id": team, "domain": "local"},
        "channel": {"id": message.channel, "name": message.channel},
        "container": {
            "type": "message",
            "channel_id": message.channel,
            "message_ts": message.ts,
            "is_ephemeral": False,
        },
        "message": {"type": "message", "ts": message.ts},
        "actions": [pressed],
    }
    return urlencode({"payload": json.dumps(payload)}).encode()


def command(text: str, channel: str, name: str, *, team: str = "T0LOCAL") -> bytes:
    """The body of a `/trailbell` request."""
    fields = {
        "team_id": team,
        "channel_id": channel,
        "user_id": user_id(name),
        "user_name": name,
        "command": "/trailbell",
        "text": text,
    }
    return urlencode(fields).encode()


def user_name() -> str:
    """Whoever runs this; by number where the user has no name, as in containers."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


def user_id(name: str) -> str:
    """The name itself where it is a Slack user's id, else one that derives from it."""
    if SLACK_USER.fullmatch(name):
        return name
    return f"U{hashlib.sha256(name.encode()).hexdigest()[:10].upper()}"


def headers(secret: str, body: bytes, at: datetime) -> dict[str, str]:
    """What Slack signs a body with."""
    timestamp = str(int(at.timestamp()))
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        TIMESTAMP.title(): timestamp,
        SIGNATURE.title(): signed(secret, timestamp, body),
    }


def send(server: Server, path: str, body: bytes, at: datetime) -> tuple[int, str]:
    """The status and the words of the answer. Raises PressError."""
    request = Request(  # noqa: S310 - an address on this machine, or one that the user gave
        server.url.rstrip("/") + path, body, headers(server.secret, body, at), method="POST"
    )
    try:
        with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310
            return answer.status, _words(answer.read())
    except HTTPError as error:
        return error.code, _words(error.read())
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise PressError(f"{server.url} does not answer: {reason}") from error


def _words(answer: bytes) -> str:
    try:
        found = json.loads(answer or b"{}")
    except ValueError:
        return ""
    return str(found.get("text") or found.get("message") or "")
