"""What stands in Slack's place: a terminal, or nothing where no token is set."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, TextIO

from chalicelib.delivery.outcome import Outcome, Search, Sought, destination_refused, sent
from chalicelib.slack.terminal import drawn, has_colours


class StandIn:
    """What Slack would be asked besides and nothing in its place knows: see Transport."""

    def find(self, channel_id: str, post_id: str, since: datetime) -> Search:  # noqa: ARG002
        """There is no history."""
        return Search(sought=Sought.UNSUPPORTED)

    def address(self, name: str) -> str | None:  # noqa: ARG002
        """No channel has an id of its own."""
        return None

    def credential(self, salt: str) -> str:  # noqa: ARG002
        """There is no token."""
        return ""


class NoTransport(StandIn):
    """In the place of Slack where no token is set: everything stays due, and it shows."""

    def __init__(self, reason: str = "not_authed: no SLACK_TOKEN") -> None:
        self._reason = reason

    def post(self, payload: dict[str, Any], channel_id: str | None = None) -> Outcome:  # noqa: ARG002
        """Refuse as Slack would."""
        return destination_refused(self._reason)

    def update(self, channel_id: str, ts: str, payload: dict[str, Any]) -> Outcome:  # noqa: ARG002
        """Refuse as Slack would."""
        return destination_refused(self._reason)


class TerminalTransport(StandIn):
    """A terminal in Slack's place; gets the exact chat.postMessage payload."""

    def __init__(self, draw: Callable[[dict[str, Any]], str], write: Callable[[str], Any]) -> None:
        self._draw = draw
        self._write = write

    @classmethod
    def on(cls, screen: TextIO) -> TerminalTransport:
        """On that screen, with colours where it has_colours."""
        draw = partial(drawn, colour=has_colours(screen))
        return cls(draw, partial(print, file=screen, flush=True))

    def post(self, payload: dict[str, Any], channel_id: str | None = None) -> Outcome:  # noqa: ARG002
        """Draw the message; its ts derives from its content."""
        self._write(self._draw(payload))
        digest = hashlib.sha256(json.dumps(payload, sort_keys=True).encode()).hexdigest()
        return sent(
            f"{int(digest[:8], 16)}.{int(digest[8:12], 16) % 10**6:06d}", payload["channel"]
        )

    def update(self, channel_id: str, ts: str, payload: dict[str, Any]) -> Outcome:
        """A terminal cannot change what it showed: the message is drawn anew."""
        self._write(self._draw(payload))
        return sent(ts, channel_id)
