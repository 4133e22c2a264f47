"""What a sender works with, and what it did so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.outbox import AlertStore
from chalicelib.alerts.post import Post
from chalicelib.delivery.outcome import Outcome, Search

# A request may take 5.5 s, and the handler is to end 2 s before its deadline.
SEND_NEEDS_SECONDS = 8.0
# The forms of a message: full, one section, plain text. What is refused in each is parked.
FORMS = 3


class Transport(Protocol):
    """What carries a message. Never raises: whatever happens is an outcome."""

    def post(self, payload: dict[str, Any]) -> Outcome:
        """One chat.postMessage."""

    def update(self, channel_id: str, ts: str, payload: dict[str, Any]) -> Outcome:
        """One chat.update."""

    def find(self, channel_id: str, post_id: str, since: datetime) -> Search:
        """Look for a post in the channel's history."""


class Compose(Protocol):
    """What writes a post's message: the chat.postMessage payload, without the token.

    `alerts` are in the order of the post's. `form` 0 is the full form, 2 the plainest.
    """

    def __call__(
        self, post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool
    ) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a sender works with. `remaining` is the seconds left to it; `owner` names it."""

    store: AlertStore
    transport: Transport
    compose: Compose
    owner: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    remaining: Callable[[], float]

    def has_time(self) -> bool:
        """Whether one more request may begin."""
        return self.remaining() >= SEND_NEEDS_SECONDS


@dataclass(slots=True)
class Tally:
    """What was done so far, over all channels; `waiting` until when for their next update."""

    requests: int = 0
    delivered: int = 0
    ambiguous: int = 0
    refused: int = 0
    parked: int = 0
    delays: list[float] = field(default_factory=list)
    waiting: dict[str, datetime] = field(default_factory=dict)
