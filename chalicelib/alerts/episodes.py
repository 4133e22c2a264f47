"""Episodes: which members belong together, and where they are enough to tell (pure).

All of it is of the sorted members alone, whatever the order in which they came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from chalicelib.alerts.members import Member
from chalicelib.rules.correlation import Correlation, CorrelationType

Run = tuple[Member, ...]
T = TypeVar("T")


def runs(members: Iterable[Member], gap: int) -> Iterator[Run]:
    """The longest runs of sorted members with gaps of at most so many seconds."""
    return map(tuple, parted(members, lambda member: member.at, gap))


def parted(items: Iterable[T], at: Callable[[T], int], gap: int) -> Iterator[list[T]]:
    """Sorted items in parts: one that is `at` more than the gap after the one before begins a
    part.
    """
    part: list[T] = []
    for item in items:
        if part and at(item) - at(part[-1]) > gap:
            yield part
            part = []
        part.append(item)
    if part:
        yield part


def qualifying(members: Sequence[Member], correlation: Correlation) -> Member | None:
    """The member at which sorted members are first enough within one timespan; None where they
    never are.
    """
    if correlation.type is CorrelationType.TEMPORAL_ORDERED:
        return _in_order(members, len(correlation.rules), correlation.timespan)
    counted = _values if correlation.type is CorrelationType.VALUE_COUNT else _events
    return _within(members, [counted(each) for each in members], correlation)


def count(members: Iterable[Member]) -> int:
    """How many records they are: one that has several values is several members."""
    return len({each.id for each in members})


def _events(member: Member) -> str:
    return member.id


def _values(member: Member) -> str:
    return member.value


def _within(
    members: Sequence[Member], counted: Sequence[str], correlation: Correlation
) -> Member | None:
    there: Counter[str] = Counter()
    begins = 0
    for member, what in zip(members, counted, strict=True):
        there[what] += 1
        while member.at - members[begins].at > correlation.timespan:
            there[counted[begins]] -= 1
            if not there[counted[begins]]:
                del there[counted[begins]]
            begins += 1
        if len(there) >= correlation.gte:
            return member
    return None


def _in_order(members: Sequence[Member], steps: int, timespan: int) -> Member | None:
    """Of a sequence: one event for each step, none of them before that of the step before.

    Events of one second count in whichever order serves: CloudTrail tells no finer time. `began`
    has for so many steps done the latest second in which they can have begun.
    """
    began: list[int | None] = [None] * (steps + 1)
    for at, of_second in groupby(members, key=lambda each: each.at):
        events = [(each, steps_of(each)) for each in of_second]
        before = [at, *began[1:]]
        for done in range(steps):
            since = before[done]
            if since is None:
                continue
            for now in range(done + 1, _reached(events, done, steps) + 1):
                began[now] = max(since, began[now] if began[now] is not None else since)
        if (since := began[steps]) is not None and at - since <= timespan:
            last = [member for member, of in events if steps - 1 in of]
            if last:
                return last[0]
    return None


def _reached(events: Sequence[tuple[Member, frozenset[int]]], done: int, steps: int) -> int:
    """How many steps are done once those events are added, each for one step."""
    taken: dict[int, int] = {}  # event → step
    for step in range(done, steps):
        if not _placed(events, step, taken, set()):
            return step
    return steps


def _placed(
    events: Sequence[tuple[Member, frozenset[int]]],
    step: int,
    taken: dict[int, int],
    tried: set[int],
) -> bool:
    """Whether some event is left for the step, others being moved where they serve as well."""
    for number, (_, of) in enumerate(events):
        if step in of and number not in tried:
            tried.add(number)
            if number not in taken or _placed(events, taken[number], taken, tried):
                taken[number] = step
                return True
    return False


def steps_of(member: Member) -> frozenset[int]:
    """The steps of a sequence that a member may be."""
    return frozenset(int(step) for step in member.value.split(",") if step)
