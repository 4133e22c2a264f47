"""What a channel is sent next: alone, in a digest, or as an update (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.post import Post, PostKind
from chalicelib.rules.rule import URGENT, Severity

# Critical and high ones go alone, up to so many of one flood and of one backlog.
ALONE_PER_FLOOD = 10
ALONE_PER_BACKLOG = 30
# As many lower ones as one burst takes go alone.
SMALL_BACKLOG = 10
DIGEST_ALERTS = 250
# What one plan looks at: enough for the largest digest behind all that may go alone.
LOOK_AHEAD = DIGEST_ALERTS + ALONE_PER_BACKLOG + SMALL_BACKLOG
REPEAT_WINDOW = timedelta(minutes=15)
UPDATE_EVERY = timedelta(seconds=15)
# How long a repeat waits for a free update before it is posted anew.
HIGH_WAITS = timedelta(seconds=15)
LOWER_WAITS = timedelta(seconds=45)
# In Channel.alone: this backlog's lower ones go as digests until it is empty.
DIGESTS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The next request: `kind` and what it carries; `updates` is the post that it changes."""

    kind: PostKind
    deliveries: tuple[Delivery, ...]
    updates: Post | None = None
    alone: tuple[str, ...] = ()

    @property
    def repeats(self) -> int:
        """The × N that the message shows."""
        if self.updates is None:
            return len(self.deliveries) if self.kind is PostKind.SINGLE else 1
        amended = any(delivery.amended for delivery in self.deliveries)
        return self.updates.repeats + (0 if amended else len(self.deliveries))

    @property
    def possible_repeat(self) -> bool:
        """Whether the message is to say so: not one whose × N is raised."""
        return any(
            delivery.possible_repeat
            for delivery in self.deliveries
            if delivery.amended or self.kind is not PostKind.UPDATE
        )


# The post of the same thing lately, which a repeat raises; or of an amended delivery itself.
PostOf = Callable[[Delivery], Post | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a plan is made from: the channel as it stands, and what it was sent lately."""

    channel: Channel
    now: datetime
    post_of: PostOf

    @property
    def update_free(self) -> bool:
        """Whether the channel may have its next update."""
        return self.channel.next_update_at is None or self.channel.next_update_at <= self.now

    def waits(self, delivery: Delivery, longest: timedelta) -> bool:
        """Whether a delivery becomes an update of what was sent, now or once one is free.

        Not after a message of its own was tried, nor for long after an update that surely failed:
        A channel may take messages while it takes no updates.
        """
        failed = delivery.reason is not None and not delivery.possible_repeat
        in_time = self.now - delivery.due_at <= longest
        return (
            delivery.severity is not Severity.CRITICAL
            and not delivery.attempts
            and (in_time or (self.update_free and not failed))
            and self.post_of(delivery) is not None
        )


def next_plan(due: Sequence[Delivery], outlook: Outlook) -> Plan | None:
    """What to send next of the deliveries due, the most severe first; None while all that is
    due waits for the channel's next update.
    """
    waiting = [delivery for delivery in due if delivery.amended]
    unsent = [delivery for delivery in due if not delivery.amended]
    for severity in (Severity.CRITICAL, Severity.HIGH):
        of_it = [delivery for delivery in unsent if delivery.severity is severity]
        if plan := _urgent(of_it, outlook, waiting):
            return plan
    lower = [delivery for delivery in unsent if delivery.severity not in URGENT]
    many = len(due) >= LOOK_AHEAD
    if plan := _lower(lower, many, outlook, waiting):
        return plan
    return _update(waiting, outlook) if waiting and outlook.update_free else None


def _flood(delivery: Delivery) -> str:
    return "\x1f".join((delivery.rule_id, delivery.actor, delivery.account_id))


def _urgent(due: list[Delivery], outlook: Outlook, waiting: list[Delivery]) -> Plan | None:
    """The next of one severity: alone, else as a digest; those that wait join `waiting`."""
    alone = outlook.channel.alone
    rest: list[Delivery] = []
    for delivery in due:
        if outlook.waits(delivery, HIGH_WAITS):
            waiting.append(delivery)
        elif _may_go_alone(delivery, alone):
            return _single(delivery, due, (*alone, _flood(delivery)))
        else:
            rest.append(delivery)
    return _digest(rest, alone) if rest else None


def _may_go_alone(delivery: Delivery, alone: tuple[str, ...]) -> bool:
    gone = [flood for flood in alone if flood != DIGESTS]
    return len(gone) < ALONE_PER_BACKLOG and gone.count(_flood(delivery)) < ALONE_PER_FLOOD


def _lower(
    due: list[Delivery], many: bool, outlook: Outlook, waiting: list[Delivery]
) -> Plan | None:
    """Alone while they are few, else as digests until none is left."""
    alone = outlook.channel.alone
    many = many or len({delivery.repeat_key for delivery in due}) > SMALL_BACKLOG
    if due and (many or DIGESTS in alone):
        return _digest(due, alone if DIGESTS in alone else (*alone, DIGESTS))
    for delivery in due:
        if not outlook.waits(delivery, LOWER_WAITS):
            return _single(delivery, due, alone)
        waiting.append(delivery)
    return None


def _single(delivery: Delivery, due: Iterable[Delivery], alone: tuple[str, ...]) -> Plan:
    """One alert's message; the same thing due again at once is its × N, never for critical."""
    same = (other for other in due if _same(other, delivery))
    together = (delivery,) if delivery.severity is Severity.CRITICAL else tuple(same)
    return Plan(kind=PostKind.SINGLE, deliveries=together[:DIGEST_ALERTS], alone=alone)


def _same(other: Delivery, delivery: Delivery) -> bool:
    return (
        other.repeat_key == delivery.repeat_key
        and other.form == delivery.form
        and other.possible_repeat == delivery.possible_repeat
        and not other.amended
    )


def _digest(due: list[Delivery], alone: tuple[str, ...]) -> Plan:
    """As many as a message takes of what is in the same form; one alone goes as it is."""
    fit = tuple(delivery for delivery in due if delivery.form == due[0].form)[:DIGEST_ALERTS]
    kind = PostKind.DIGEST if len(fit) > 1 else PostKind.SINGLE
    return Plan(kind=kind, deliveries=fit, alone=alone)


def _update(waiting: list[Delivery], outlook: Outlook) -> Plan:
    """The first that waits, with its like; an amended one by itself."""
    first = waiting[0]
    same = tuple(other for other in waiting if _same(other, first))
    return Plan(
        kind=PostKind.UPDATE,
        deliveries=(first,) if first.amended else same[:DIGEST_ALERTS],
        updates=outlook.post_of(first),
        alone=outlook.channel.alone,
    )
