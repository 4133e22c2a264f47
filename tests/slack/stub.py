"""A stub of Slack over real HTTP that can do what Slack, proxies and networks do, with a journal.

    python -m tests.slack.stub --port 8099 --journal out/slack.jsonl

Each request becomes one line of the journal: when, method, channel, post_id, what was done
(`behaviour`), whether the message was taken (is in the channel), its ts, and the payload.
Behaviours are chosen by `choose(method, channel, number)`, or over HTTP: POST /stub/behave with
{"behaviour": "ok"} sets what is done from then on, {"script": ["drop_after", "ok"]} what is done
once each; GET /stub/journal returns the journal, GET /stub/channels what each channel shows.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

TAKEN_QUIETLY = ("drop_after", "reset_after", "slow", "drip", "partial")  # posted, ends badly
REFUSED = {
    "ratelimited_200": "ratelimited",
    "invalid_auth": "invalid_auth",
    "channel_not_found": "channel_not_found",
    "not_in_channel": "not_in_channel",
    "missing_scope": "missing_scope",
    "unknown_error": "a_new_error",
    "invalid_blocks": "invalid_blocks",
    "internal_error": "internal_error",
}
BROKEN = {  # status, content type, body: nobody knows whether it was posted
    "500": (500, "application/json", b'{"ok": false, "error": "internal_error"}'),
    "502": (502, "text/html", b"<html>Bad gateway</html>"),
    "503": (503, "text/plain", b"upstream unavailable"),
    "html": (200, "text/html", b"<html>Log in to the network</html>"),
    "empty": (200, "application/json", b""),
    "string": (200, "application/json", b'"ok"'),
}
LYING = ("no_ts", "other_channel", "other_ts", "other_time")  # ok, of something else
LIMITED = ("429", "429_bare", "429_date", "429_garbage")
ABRUPT = ("drop_before", "reset")
BEHAVIOURS = ("ok", *LIMITED, *REFUSED, *BROKEN, *ABRUPT, *TAKEN_QUIETLY, "limit")
RETRY_AFTER_SECONDS = 2
TEAM = "T0123456789"


@dataclass
class Slack:
    """The workspace: what each channel shows, what was asked, and what to do next.

    `limit` in place of `ok` enforces Slack's rate: one a second and channel, in bursts of ten.
    A broken answer (5xx, html) takes the message or not by the seed, as Slack does.
    """

    journal_path: Path | None = None
    behaviour: str = "ok"
    seed: int = 1
    slow_seconds: float = 8.0
    latency_seconds: float = 0.0  # from taking a message to saying so
    tokens: set[str] | None = None  # those that it takes; None: any
    scopes: set[str] = field(default_factory=lambda: {"chat:write", "channels:history"})
    people: dict[str, str] = field(default_factory=dict)  # users' ids by e-mail address
    left: set[str] = field(default_factory=set)  # the channels by id that the app is not in
    guests: set[str] = field(default_factory=set)  # people by id
    homes: dict[str, str] = field(default_factory=dict)  # the workspaces of people of others
    groups: dict[str, list[str]] = field(default_factory=dict)  # who is in each
    whispers: list[dict[str, Any]] = field(default_factory=list)
    clock: Callable[[], float] = time.time
    choose: Callable[[str, str, int], str] | None = None
    script: list[str] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)
    requests: list[dict[str, str]] = field(default_factory=list)  # headers, and "": the body
    channels: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._random = random.Random(self.seed)
        self._allowance: dict[str, tuple[float, float]] = {}
        self._serial = 0

    def answer(
        self, method: str, arguments: dict[str, Any], token: str = ""
    ) -> tuple[str, dict[str, Any]]:
        """Decide and do it; the behaviour and the JSON body where it is one of JSON."""
        with self._lock:
            channel = str(arguments.get("channel", ""))
            knows = self.tokens is None or token in self.tokens
            behaviour = self._next(method, channel) if knows else "invalid_auth"
            if behaviour == "limit":
                behaviour = "ok" if self._within_rate(channel) else "429"
            taken, body = self._do(method, arguments, behaviour)
            self._write(method, arguments, behaviour, taken, body)
            return behaviour, body

    def drops_unread(self) -> bool:
        """Whether the next request is to be dropped before it is read."""
        with self._lock:
            due = self.script[0] if self.script else self.behaviour
            if due != "drop_before" or (self.choose and not self.script):
                return False
            del self.script[:1]
            self._write("", {}, due, False, {})
            return True

    def _next(self, method: str, channel: str) -> str:
        if self.script:
            return self.script.pop(0)
        if self.choose:
            return self.choose(method, channel, len(self.journal))
        return self.behaviour

    def _do(self, method: str, arguments: dict[str, Any], behaviour: str) -> tuple[bool, Any]:
        if behaviour in REFUSED:
            return False, {"ok": False, "error": REFUSED[behaviour]}
        if behaviour in LIMITED or behaviour in ABRUPT:
            return False, {"ok": False, "error": "ratelimited"}
        if behaviour in BROKEN and self._random.random() < 0.5:
            return False, {}
        body = self._take(method, arguments)
        return bool(body.get("ok")), _twisted(body, behaviour) if behaviour in LYING else body

    def _take(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        if method == "auth.test":
            return {"ok": True, "user_id": "U0123456789", "team_id": TEAM}
        if method == "users.info":
            return self._user(str(arguments["user"]))
        if method == "usergroups.users.list":
            return self._group(str(arguments["usergroup"]))
        if method == "chat.postEphemeral":
            self.whispers.append(arguments)
            return {"ok": True, "message_ts": f"{self.clock():.6f}"}
        if wrong := refused_buttons(arguments):
            return {"ok": False, "error": "invalid_blocks", "errors": [wrong]}
        if method == "conversations.info":
            return self._info(str(arguments["channel"]))
        if method == "conversations.history":
            return self._history(arguments)
        if method in ("users.lookupByEmail", "conversations.open"):
            return self._person(method, arguments)
        if "username" in arguments and "chat:write.customize" not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": "chat:write.customize"}
        if method == "chat.update":
            return self._update(arguments)
        return self._post(arguments)

    def _post(self, arguments: dict[str, Any]) -> dict[str, Any]:
        channel = channel_id(str(arguments["channel"]))
        self._serial += 1
        ts = f"{int(self.clock())}.{self._serial:06d}"
        self.channels.setdefault(channel, []).append({**arguments, "ts": ts})
        return {"ok": True, "channel": channel, "ts": ts, "message": {"text": "…"}}

    def _update(self, arguments: dict[str, Any]) -> dict[str, Any]:
        for message in self.channels.get(str(arguments["channel"]), []):
            if message["ts"] == arguments["ts"]:
                message.update(arguments)
                return {"ok": True, "channel": arguments["channel"], "ts": message["ts"]}
        return {"ok": False, "error": "message_not_found"}

    def _info(self, channel: str) -> dict[str, Any]:
        if "channels:read" not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": "channels:read"}
        here = {"id": channel, "is_archived": False, "is_member": channel not in self.left}
        return {"ok": True, "channel": here}

    def _user(self, user: str) -> dict[str, Any]:
        if "users:read" not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": "users:read"}
        home = self.homes.get(user, TEAM)
        found = {"id": user, "team_id": home, "is_restricted": user in self.guests}
        return {"ok": True, "user": found}

    def _group(self, group: str) -> dict[str, Any]:
        if "usergroups:read" not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": "usergroups:read"}
        if group not in self.groups:
            return {"ok": False, "error": "no_such_subteam"}
        return {"ok": True, "users": self.groups[group]}

    def _person(self, method: str, arguments: dict[str, Any]) -> dict[str, Any]:
        needed = "im:write" if method == "conversations.open" else "users:read.email"
        if needed not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": needed}
        if method == "conversations.open":
            return {"ok": True, "channel": {"id": direct_channel(str(arguments["users"]))}}
        user = self.people.get(str(arguments["email"]))
        if user is None:
            return {"ok": False, "error": "users_not_found"}
        return {"ok": True, "user": {"id": user, "deleted": False, "is_bot": False}}

    def _history(self, arguments: dict[str, Any]) -> dict[str, Any]:
        if "channels:history" not in self.scopes:
            return {"ok": False, "error": "missing_scope", "needed": "channels:history"}
        oldest, limit = float(arguments.get("oldest", 0)), int(arguments.get("limit", 100))
        shown = [
            message
            for message in reversed(self.channels.get(str(arguments["channel"]), []))
            if float(message["ts"]) > oldest
        ]
        start = int(arguments.get("cursor") or 0)
        page, more = shown[start : start + limit], len(shown) > start + limit
        cursor = {"next_cursor": str(start + limit) if more else ""}
        return {"ok": True, "messages": page, "has_more": more, "response_metadata": cursor}

    def _within_rate(self, channel: str) -> bool:
        now = self.clock()
        left, since = self._allowance.get(channel, (10.0, now))
        left = min(10.0, left + now - since)
        self._allowance[channel] = (left - 1 if left >= 1 else left, now)
        return left >= 1

    def _write(
        self, method: str, arguments: dict[str, Any], behaviour: str, taken: bool, body: Any
    ) -> None:
        entry = {
            "at": self.clock(),
            "method": method,
            "channel": arguments.get("channel"),
            "post_id": post_id(arguments),
            "behaviour": behaviour,
            "taken": taken,
            "ts": body.get("ts") if isinstance(body, dict) else None,
            "payload": arguments,
        }
        self.journal.append(entry)
        if self.journal_path:
            with self.journal_path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(entry) + "\n")


def blocks_of(message: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every block of a message, its attachments' among them."""
    for holder in (message, *message.get("attachments", [])):
        yield from holder.get("blocks", [])


def buttons_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Every button and menu of a message, in their order."""
    found: list[dict[str, Any]] = []
    for block in blocks_of(message):
        found += block["elements"] if block["type"] == "actions" else []
        found += [block["accessory"]] if "accessory" in block else []
    return found


def texts(value: Any) -> list[str]:
    """Every text of a payload that Slack draws."""
    if isinstance(value, dict):
        kept = [value["text"]] if isinstance(value.get("text"), str) else []
        return kept + [text for item in value.values() for text in texts(item)]
    return [text for item in value for text in texts(item)] if isinstance(value, list) else []


def refused_buttons(message: dict[str, Any]) -> str:
    """What Slack refuses of a message's buttons and menus; "" where it takes them.

    Source: docs.slack.dev, "Actions block", "Button element", "Option object".
    """
    for block in blocks_of(message):
        if block["type"] == "actions" and not 0 < len(block["elements"]) <= 25:
            return "an actions block takes 25 elements at most"
    for button in buttons_of(message):
        options = button.get("options", [])
        if len(str(button.get("value", ""))) > 2000:
            return "a value takes 2,000 characters at most"
        if len(options) > 100:
            return "a menu takes 100 options at most"
        if any(len(option["text"]["text"]) > 75 for option in options):
            return "an option's text takes 75 characters at most"
        if any(not 0 < len(option["value"]) <= 150 for option in options):
            return "an option's value takes 1 to 150 characters"
    return ""


def _twisted(body: dict[str, Any], behaviour: str) -> dict[str, Any]:
    """An answer that is ok, and not of what was asked."""
    ts = float(body.get("ts", 0))
    lies: dict[str, dict[str, Any]] = {
        "no_ts": {"ts": None},
        "other_channel": {"channel": "C0OTHER00"},
        "other_ts": {"ts": f"{ts + 1:.6f}"},
        "other_time": {"ts": f"{ts - 301:.6f}"},
    }
    return {**body, **lies[behaviour]}


def channel_id(name: str) -> str:
    """Slack answers with an id where it was asked by name."""
    return f"C{name.lstrip('#').upper().replace('-', '')}" if name.startswith("#") else name


def direct_channel(user: str) -> str:
    """Where the app and a user write to each other."""
    return f"D{user[1:]:0<8}"


def post_id(arguments: dict[str, Any]) -> str | None:
    """The only id in a message's metadata."""
    metadata = arguments.get("metadata") or {}
    found = metadata.get("event_payload", {}).get("post_id")
    return str(found) if found else None


class Handler(BaseHTTPRequestHandler):
    """HTTP as Slack speaks it: JSON or a form in, JSON out."""

    slack: Slack
    protocol_version = "HTTP/1.1"

    def date_time_string(self, timestamp: float | None = None) -> str:
        """Slack's own clock, in the Date of every answer."""
        at = self.slack.clock() if timestamp is None else timestamp
        return format_datetime(datetime.fromtimestamp(at, UTC), usegmt=True)

    def do_GET(self) -> None:
        shown = {"/stub/journal": self.slack.journal, "/stub/channels": self.slack.channels}
        self._reply(200, "application/json", json.dumps(shown.get(self.path, {})).encode())

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        if self.path == "/stub/behave":
            return self._behave(json.loads(text))
        method = self.path.rsplit("/", 1)[-1].split("?")[0]
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self.slack.requests.append({**self.headers, "": text})
        behaviour, body = self.slack.answer(method, self._arguments(text), token)
        time.sleep(self.slack.latency_seconds)
        return self._respond(behaviour, json.dumps(body).encode())

    def _behave(self, wanted: dict[str, Any]) -> None:
        self.slack.behaviour = wanted.get("behaviour", self.slack.behaviour)
        self.slack.script = list(wanted.get("script", self.slack.script))
        if "scopes" in wanted:
            self.slack.scopes = set(wanted["scopes"])
        self._reply(200, "application/json", b"{}")

    def _arguments(self, text: str) -> dict[str, Any]:
        if "json" in self.headers.get("Content-Type", ""):
            arguments: dict[str, Any] = json.loads(text or "{}")
            return arguments
        query = self.path.partition("?")[2]
        return {key: values[-1] for key, values in parse_qs(f"{query}&{text}").items()}

    def _respond(self, behaviour: str, body: bytes) -> None:
        if behaviour in BROKEN:
            return self._reply(*BROKEN[behaviour])
        if behaviour in LIMITED:
            return self._reply(429, "application/json", body, retry_after(behaviour))
        if behaviour in ("drop_before", "drop_after", "reset", "reset_after"):
            return self._hang_up(reset=behaviour.startswith("reset"))
        if behaviour == "slow":
            time.sleep(self.slack.slow_seconds)
        if behaviour == "partial":
            return self._partial(body)
        if behaviour == "drip":
            return self._drip(body)
        scopes = {"X-OAuth-Scopes": ",".join(sorted(self.slack.scopes))}
        return self._reply(200, "application/json", body, scopes)

    def _reply(
        self, status: int, kind: str, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def _partial(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body) + 100))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self._hang_up(reset=False)

    def _drip(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        pause = self.slack.slow_seconds / max(len(body), 1)
        for byte in body:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(pause)
        self.close_connection = True

    def _hang_up(self, *, reset: bool) -> None:
        if reset:  # no lingering: the peer sees a reset instead of an end
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        else:
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()
        self.close_connection = True

    def finish(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet: the journal tells."""


def payload(**more: Any) -> dict[str, Any]:
    """A message as chat.postMessage takes it."""
    metadata = {"event_type": "trailbell_post", "event_payload": {"post_id": "p1"}}
    return {"channel": "#alarms", "text": "hello", "metadata": metadata, **more}


def retry_after(behaviour: str) -> dict[str, str]:
    """The header of each kind of 429."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=RETRY_AFTER_SECONDS), usegmt=True)
    values = {"429": str(RETRY_AFTER_SECONDS), "429_date": date, "429_garbage": "soon"}
    return {"Retry-After": values[behaviour]} if behaviour in values else {}


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hung up is part of what is tested."""


@contextlib.contextmanager
def serving(slack: Slack, port: int = 0) -> Iterator[str]:
    """Serve the workspace; its API root, as SLACK_API_URL takes it."""
    handler = type("SlackHandler", (Handler,), {"slack": slack})
    server = Server(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/api/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    parser = argparse.ArgumentParser(description="A stub of Slack.")
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--journal", type=Path)
    parser.add_argument("--behaviour", default="ok", choices=BEHAVIOURS)
    options = parser.parse_args()
    slack = Slack(journal_path=options.journal, behaviour=options.behaviour)
    with serving(slack, options.port) as url:
        print(f"SLACK_API_URL={url}", flush=True)  # noqa: T201
        threading.Event().wait()


if __name__ == "__main__":
    main()
