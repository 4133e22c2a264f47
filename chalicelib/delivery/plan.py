"""Plan: one request as it is to be made, and what its message has to say (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.post import MOST_ALSO, Post, PostKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The next request: `kind` and what it carries; `updates` is the post that it changes, `thread`
    the one in whose thread it goes.
    """

    kind: PostKind
    deliveries: tuple[Delivery, ...]
    updates: Post | None = None
    thread: Post | None = None
    alone: tuple[str, ...] = ()

    @property
    def digest(self) -> tuple[str, ...]:
        """The alerts of the digest that it writes anew."""
        if self.updates is None:
            return ()
        is_first = self.updates.kind is PostKind.DIGEST
        return self.updates.alert_ids if is_first else self.updates.digest

    @property
    def repeats(self) -> int:
        """The × N that the message shows."""
        if self.updates is None:
            return len(self.deliveries) if self.kind is PostKind.SINGLE else 1
        amended = any(delivery.amended for delivery in self.deliveries)
        return self.updates.repeats + (0 if amended else len(self.deliveries))

    @property
    def also(self) -> tuple[str, ...]:
        """What the message has to name of those that it counts beside the first."""
        if self.kind is PostKind.DIGEST:
            return ()
        # Of an update the message that it changes shows the first.
        others = self.deliveries[self.updates is None :]
        named = (each for other in others if not other.amended for each in _labels(other))
        before = self.updates.also if self.updates else ()
        return tuple(dict.fromkeys((*before, *named)))[:MOST_ALSO]

    @property
    def possible_repeat(self) -> bool:
        """Whether the message is to say so: not one whose × N is raised."""
        return any(
            delivery.possible_repeat
            for delivery in self.deliveries
            if delivery.amended or self.kind is not PostKind.UPDATE
        )


def _labels(delivery: Delivery) -> Iterator[str]:
    """What a message that counts it among others may have to name: see Post.also."""
    named = [("on", target) for target in delivery.targets]
    for how, name in (*named, ("by", delivery.actor), ("with", delivery.event_name)):
        if name.strip():
            yield f"{how} {name}"
