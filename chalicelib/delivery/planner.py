"""What a channel is sent next: alone, in a digest, or as an update (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import UNDONE, Delivery, flood_of, is_person
from chalicelib.alerts.post import Post, PostKind
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.delivery.plan import Plan
from chalicelib.rules.rule import URGENT, Severity

# Critical and high ones go alone, up to so many of one flood and of one backlog.
ALONE_PER_FLOOD = 10
ALONE_PER_BACKLOG = 30
# As many lower ones as one burst takes go alone.
SMALL_BACKLOG = 10
DIGEST_ALERTS = 250
# As many lines as a message has room for where none may be cut.
DIGEST_LINES = 75
# What one plan looks at: enough for the largest digest behind all that may go alone.
LOOK_AHEAD = DIGEST_ALERTS + ALONE_PER_BACKLOG + SMALL_BACKLOG
REPEAT_WINDOW = timedelta(minutes=15)
UPDATE_EVERY = timedelta(seconds=15)
# How long a repeat waits for a free update before it is posted anew.
HIGH_WAITS = timedelta(seconds=15)
LOWER_WAITS = timedelta(seconds=45)
# In Channel.alone: this backlog's lower ones go as digests until it is empty.
DIGESTS = ""
# What marks a flood there of which nothing was done.
_UNDONE = "\x1eundone"


# The post of the same thing lately, which a repeat raises; of an amended delivery its own, and of a
# notice that of the alert which it is about.
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
        in_time = abs(self.now - delivery.due_at) <= longest  # ahead: the clock was put back
        return (
            folds(delivery)
            and not delivery.attempts
            and (in_time or (self.update_free and not failed))
            and self.post_of(delivery) is not None
        )


def next_plan(due: Sequence[Delivery], outlook: Outlook) -> Plan | None:
    """What to send next of the deliveries due, the most severe first; None while all that is
    due waits for the channel's next update.
    """
    waiting = [delivery for delivery in due if delivery.amended]
    notices = [delivery for delivery in due if delivery.notice]
    unsent = sorted((each for each in due if not (each.amended or each.notice)), key=_turn)
    for severity in (Severity.CRITICAL, Severity.HIGH):
        of_it = [delivery for delivery in unsent if delivery.severity is severity]
        if plan := _urgent(of_it, outlook, waiting):
            return plan
    if notices:
        return _said(notices[0], outlook)
    lower = [delivery for delivery in unsent if delivery.severity not in URGENT]
    many = len(due) >= LOOK_AHEAD
    if plan := _lower(lower, many, outlook, waiting):
        return plan
    return _update(waiting, outlook) if waiting and outlook.update_free else None


def _said(notice: Delivery, outlook: Outlook) -> Plan:
    """A notice: to a person, into the thread of the message that it is about, or by itself."""
    kind = PostKind.THREAD if notice.about else PostKind.SINGLE
    if is_person(notice.channel):
        kind = PostKind.DIRECT
    thread = outlook.post_of(notice) if kind is PostKind.THREAD else None
    alone = outlook.channel.alone
    return Plan(kind=kind, deliveries=(notice,), thread=thread, alone=alone)


def folds(delivery: Delivery) -> bool:
    """Whether it may raise another's × N, or be raised."""
    return delivery.severity is not Severity.CRITICAL and delivery.outcome is not None


def is_undone(delivery: Delivery) -> bool:
    """Whether it surely was not done."""
    return delivery.outcome in UNDONE


def _turn(delivery: Delivery) -> tuple[int, bool]:
    """The severe first, and what was done before what was not: it waits behind no refusals."""
    return -delivery.severity.rank, is_undone(delivery)


def _urgent(due: list[Delivery], outlook: Outlook, waiting: list[Delivery]) -> Plan | None:
    """The next of one severity: alone, else as a digest; those that wait join `waiting`."""
    alone = outlook.channel.alone
    rest: list[Delivery] = []
    for delivery in due:
        if outlook.waits(delivery, HIGH_WAITS):
            waiting.append(delivery)
        elif _may_go_alone(mark := _mark(delivery), alone):
            return _single(delivery, due, (*alone, mark))
        else:
            rest.append(delivery)
    return _digest(rest, alone) if rest else None


def _mark(delivery: Delivery) -> str:
    """What Channel.alone keeps of one that went alone."""
    return flood_of(delivery) + (_UNDONE if is_undone(delivery) else "")


def _may_go_alone(mark: str, alone: tuple[str, ...]) -> bool:
    """Whether there is room; what was not done takes none from what was."""
    gone = [other for other in alone if other != DIGESTS]
    if not mark.endswith(_UNDONE):
        gone = [other for other in gone if not other.endswith(_UNDONE)]
    flood = mark.removesuffix(_UNDONE)
    of_it = sum(other.removesuffix(_UNDONE) == flood for other in gone)
    return len(gone) < ALONE_PER_BACKLOG and of_it < ALONE_PER_FLOOD


def _lower(
    due: list[Delivery], many: bool, outlook: Outlook, waiting: list[Delivery]
) -> Plan | None:
    """Alone while they are few, else as digests until none is left."""
    alone = outlook.channel.alone
    messages = {each.repeat_key if folds(each) else each.alert_id for each in due}
    if due and (many or len(messages) > SMALL_BACKLOG or DIGESTS in alone):
        alone = alone if DIGESTS in alone else (*alone, DIGESTS)
        return _amid_refusals(due, alone) or _digest(due, alone)
    # Of many what was done comes first, however mild: it waits behind no flood of refusals.
    for delivery in sorted(due, key=is_undone) if len(due) > SMALL_BACKLOG else due:
        if not outlook.waits(delivery, LOWER_WAITS):
            return _single(delivery, due, alone)
        waiting.append(delivery)
    return None


def _amid_refusals(due: list[Delivery], alone: tuple[str, ...]) -> Plan | None:
    """What was done, alone, before the digest of as many refusals of its principal, or more."""
    counts = Counter((is_undone(each), _who(each)) for each in due)
    for delivery in due:
        who, mark = _who(delivery), _mark(delivery)
        rare = not is_undone(delivery) and counts[False, who] <= counts[True, who]
        if rare and _may_go_alone(mark, alone):
            return _single(delivery, due, (*alone, mark))
    return None


def _who(delivery: Delivery) -> tuple[str, str]:
    """The principal, in one account."""
    return delivery.principal or delivery.actor, delivery.account_id


def _single(delivery: Delivery, due: Iterable[Delivery], alone: tuple[str, ...]) -> Plan:
    """One alert's message; the same thing due again at once is its × N, never for critical."""
    same = (other for other in due if _same(other, delivery))
    together = tuple(same) if folds(delivery) else (delivery,)
    return Plan(kind=PostKind.SINGLE, deliveries=together[:DIGEST_ALERTS], alone=alone)


def _same(other: Delivery, delivery: Delivery) -> bool:
    return (
        other.repeat_key == delivery.repeat_key
        and folds(other)
        and other.form == delivery.form
        and other.possible_repeat == delivery.possible_repeat
        and not other.amended
    )


def _digest(due: list[Delivery], alone: tuple[str, ...]) -> Plan:
    """As many as a message takes of what is in the same form; one alone goes as it is."""
    fit: list[Delivery] = []
    lines: set[tuple[str, Outcome | None]] = set()
    for delivery in due:
        line = (flood_of(delivery), delivery.outcome)
        has_room = len(lines) < DIGEST_LINES or line in lines or delivery.severity not in URGENT
        if delivery.form == due[0].form and has_room:
            fit.append(delivery)
            lines.add(line)
    kind = PostKind.DIGEST if len(fit) > 1 else PostKind.SINGLE
    return Plan(kind=kind, deliveries=tuple(fit[:DIGEST_ALERTS]), alone=alone)


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
