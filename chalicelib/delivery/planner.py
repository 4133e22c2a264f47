"""What a channel is sent next, and when it may be: floods, repeats, pace (pure)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.post import Post, PostKind
from chalicelib.delivery.outcome import LONGEST_RETRY_AFTER_SECONDS
from chalicelib.rules.rule import Severity

# Slack: one message a second and channel; the burst it allows is unpublished.
BURST = 10.0
SECOND = timedelta(seconds=1)
# The longest Retry-After that is believed, and the pace.
LONGEST_PAUSE = timedelta(seconds=LONGEST_RETRY_AFTER_SECONDS + BURST)
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
    """The next request: `kind` and what it carries; `told` is the post that an update changes."""

    kind: PostKind
    deliveries: tuple[Delivery, ...]
    told: Post | None = None
    alone: tuple[str, ...] = ()

    @property
    def repeats(self) -> int:
        """The × N that the message shows."""
        if self.told is None:
            return len(self.deliveries) if self.kind is PostKind.SINGLE else 1
        amended = any(delivery.amended for delivery in self.deliveries)
        return self.told.repeats + (0 if amended else len(self.deliveries))

    @property
    def possible_repeat(self) -> bool:
        """Whether the message is to say so: not one whose × N is raised."""
        return any(
            delivery.possible_repeat
            for delivery in self.deliveries
            if delivery.amended or self.kind is not PostKind.UPDATE
        )


# The single post that told of a delivery's repeat key lately, or of an amended delivery.
ToldBy = Callable[[Delivery], Post | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a plan is made from: the channel as it stands, and what it was told lately."""

    channel: Channel
    now: datetime
    told: ToldBy

    @property
    def update_free(self) -> bool:
        """Whether the channel may have its next update."""
        return self.channel.next_update_at is None or self.channel.next_update_at <= self.now

    def waits(self, delivery: Delivery, longest: timedelta) -> bool:
        """Whether a delivery becomes an update of what was told, now or once one is free.

        Not after a message of its own was tried, nor for long after an update that surely failed:
        Slack may take messages while it takes no updates.
        """
        failed = delivery.reason is not None and not delivery.possible_repeat
        in_time = self.now - delivery.due_at <= longest
        return (
            delivery.severity is not Severity.CRITICAL
            and not delivery.attempts
            and (in_time or (self.update_free and not failed))
            and self.told(delivery) is not None
        )


def next_plan(due: Sequence[Delivery], outlook: Outlook) -> Plan | None:
    """What to send next of the deliveries due, the most severe first; None while all that is
    due waits for the channel's next update.
    """
    waiting = [delivery for delivery in due if delivery.amended]
    unheard = [delivery for delivery in due if not delivery.amended]
    for severity in (Severity.CRITICAL, Severity.HIGH):
        of_it = [delivery for delivery in unheard if delivery.severity is severity]
        if plan := _urgent(of_it, outlook, waiting):
            return plan
    lower = [delivery for delivery in unheard if delivery.severity.rank < Severity.HIGH.rank]
    many = len(due) >= LOOK_AHEAD
    if plan := _lower(lower, many, outlook, waiting):
        return plan
    return _update(waiting, outlook) if waiting and outlook.update_free else None


def ready_at(channel: Channel, now: datetime) -> datetime:
    """When the channel's next request may go: at once where the clock was put back since."""
    at = channel.next_send_at or now
    return now if at - now > LONGEST_PAUSE else max(at, now)


def paced(channel: Channel, now: datetime) -> Channel:
    """The channel after one more request at `now`: a token bucket of ten, one more a second."""
    since = (now - channel.next_send_at) / SECOND if channel.next_send_at else BURST
    left = min(BURST, channel.burst_left + max(since, 0.0)) - 1
    if left >= 1:
        return replace(channel, next_send_at=now, burst_left=left)
    return replace(channel, next_send_at=now + (1 - left) * SECOND, burst_left=1.0)


def paused(channel: Channel, until: datetime) -> Channel:
    """The channel after which nothing goes before `until`, and then one request a second."""
    return replace(channel, next_send_at=until, burst_left=1.0)


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
        told=outlook.told(first),
        alone=outlook.channel.alone,
    )
