"""One run of dispatch: what it works with, how long it may, and what it did so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.delivery.ports import Compose, Queue, Transport

# A request may take 5.5 s, and the handler is to end 2 s before its deadline.
SEND_NEEDS_SECONDS = 8.0
# Who is cut off holds its channel no longer than this.
LEASE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a run works with. `owner` names it; `millis_left` is what Lambda leaves it."""

    queue: Queue
    transport: Transport
    compose: Compose
    owner: str
    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    millis_left: Callable[[], float]

    def has_time(self) -> bool:
        """Whether one more request may begin."""
        return self.millis_left() >= SEND_NEEDS_SECONDS * 1000


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


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchReport:
    """What one dispatch did. `delays` are seconds from eventTime to the post of alerts sent.

    `next_at` is when something that is due may go, at the latest: None where nothing is left.
    """

    requests: int = 0
    delivered: int = 0
    ambiguous: int = 0
    refused: int = 0
    parked: int = 0
    delays: tuple[float, ...] = ()
    next_at: datetime | None = None
