"""Counting: the episodes of event_count, value_count and sequences, and who tells them.

Whoever wrote members reads all that they may belong to afterwards: so the last of several who
write at once sees everything, and what it tells is what the sorted members come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.alerts.claims import Claims, lasting_until
from chalicelib.alerts.episodes import Run, parted, qualifying, runs, steps_of
from chalicelib.alerts.members import Group, Member, Sighting, packed_at, unpacked
from chalicelib.alerts.memory import Memory, Place, Remembered
from chalicelib.alerts.outbox import StoreError
from chalicelib.alerts.teller import Tells
from chalicelib.alerts.told import Told, alert_id_of
from chalicelib.rules.correlation import Correlation, CorrelationType

_TRIES = 20
# The members of slots that are further apart cannot be in one timespan.
_NEAR = 2
_WIDEST = 128  # slots that one step further reads
# Members that are read of an episode beyond the slots around those that came: one that never ends
# would fill a Lambda function in the end.
MOST_FURTHER = 10_000


def remember(
    groups: Iterable[tuple[Group, Sequence[Sighting]]], memory: Memory, now: datetime
) -> None:
    """Add the members of sightings to the slots of their groups: one write a slot."""
    sets: dict[Place, Remembered] = {}
    until: dict[Place, datetime] = {}
    for group, sightings in groups:
        more = packed_at(
            (_place(group, each.first), member) for each in sightings for member in each.members
        )
        sets |= more
        until |= _until(group, more, now)
    if sets:
        memory.add(sets, until, now)


def tell(group: Group, sightings: Sequence[Sighting], memory: Memory, teller: Tells) -> None:
    """Tell the episodes that sightings belong to, which memory has already."""
    correlation = correlation_of(group)
    slots = sorted({each.first.at // correlation.timespan for each in sightings})
    for some in parted(slots, int, _NEAR):
        _Look(group, sightings, memory, teller).settle(some[0], some[-1])


def correlation_of(group: Group) -> Correlation:
    """What the group's rule counts."""
    if group.rule.correlation is None:
        raise AssertionError(f"{group.rule.id} is no rule over time")
    return group.rule.correlation


def _parts(correlation: Correlation) -> int:
    """How many places a slot has: of a sequence one for each step, so that however many records of
    one step come, those of the others are remembered. Where values count there is a second one,
    for those that a full slot has no room for.
    """
    if correlation.type is CorrelationType.VALUE_COUNT:
        return 2
    return len(correlation.rules) or 1


def _place(group: Group, member: Member) -> Place:
    """Where a member lies: the places of a slot beside each other, so that one query reads all."""
    correlation = correlation_of(group)
    slot = member.at // correlation.timespan
    step = min(steps_of(member), default=0) if correlation.rules else 0
    return Place(group.name, slot * _parts(correlation) + step)


def _until(group: Group, places: Iterable[Place], now: datetime) -> dict[Place, datetime]:
    """When what is written now to places of the group's slots may be forgotten."""
    correlation = correlation_of(group)
    slots = {place: place.at // _parts(correlation) for place in places}
    return {at: lasting_until((slot + 1) * correlation.timespan, now) for at, slot in slots.items()}


class View:
    """What memory holds of a group around some slots, read further where a run goes further."""

    def __init__(self, memory: Memory, group: Group, first: int, last: int) -> None:
        self._memory = memory
        self._name = group.name
        self._span = correlation_of(group).timespan
        self._parts = _parts(correlation_of(group))
        self._low, self._high = first - 1, last + 1
        self._found: dict[int, Remembered] = {}
        self._runs: tuple[Run, ...] | None = None
        self._values: dict[int, frozenset[str]] = {}
        self._read(self._low, self._high)

    def runs(self) -> tuple[Run, ...]:
        """The runs of all members that were read."""
        if self._runs is None:
            self._runs = tuple(runs(unpacked(self._found.values()), self._span))
        return self._runs

    def whole(self, at: int) -> Run:
        """The run that has a member in that second, to both its ends or as far as is read."""
        width, near = 1, self._size()
        while True:
            run = next(each for each in self.runs() if each[0].at <= at <= each[-1].at)
            low, high = run[0].at // self._span - 1, run[-1].at // self._span + 1
            if low >= self._low and high <= self._high:
                return run
            if self._size() - near >= MOST_FURTHER:
                return run
            if low < self._low:
                self._read(self._low - width, self._low - 1)
            if high > self._high:
                self._read(self._high + 1, self._high + width)
            width = min(4 * width, _WIDEST)

    def begins_before(self, run: Run) -> bool:
        """Whether a run may begin before what was read of it."""
        return run[0].at // self._span - 1 < self._low

    def has_more(self, run: Run) -> bool:
        """Whether there may be more members than were counted, or than will be."""
        if len(run) >= MOST_FURTHER:
            return True
        first, last = run[0].at // self._span, run[-1].at // self._span
        slots = ((at // self._parts, found) for at, found in self._found.items())
        return any(first <= slot <= last and found.is_full for slot, found in slots)

    def is_full(self, slot: int) -> bool:
        """Whether a slot has no room for more members."""
        return self._found.get(slot * self._parts, Remembered()).is_full

    def values(self, slot: int) -> frozenset[str]:
        """The values of a slot's members."""
        if slot not in self._values:
            places = range(slot * self._parts, (slot + 1) * self._parts)
            found = unpacked(self._found[at] for at in places if at in self._found)
            self._values[slot] = frozenset(each.value for each in found)
        return self._values[slot]

    def _size(self) -> int:
        return sum(len(found.texts) for found in self._found.values())

    def _read(self, first: int, last: int) -> None:
        end = (last + 1) * self._parts - 1
        self._found |= self._memory.read(self._name, first * self._parts, end)
        self._runs = None
        self._low, self._high = min(self._low, first), max(self._high, last)


class _Look:
    """The episodes around some slots, looked at until there is nothing more to tell."""

    def __init__(
        self, group: Group, sightings: Sequence[Sighting], memory: Memory, teller: Tells
    ) -> None:
        self._group = group
        self._correlation = correlation_of(group)
        self._touched = sorted({each.first.at for each in sightings})
        self._members = [member for each in sightings for member in each.members]
        self._record = sightings[-1].record
        self._memory = memory
        self._teller = teller
        self._claims = Claims(memory, group.name, teller.way.now)

    def settle(self, first: int, last: int) -> None:
        for _ in range(_TRIES):
            view = View(self._memory, self._group, first, last)
            if self._correlation.field and self._remember_beside(view):
                view = View(self._memory, self._group, first, last)
            of_ours = [run for run in view.runs() if self._is_touched(run)]
            again = [self._tell(view, run) for run in of_ours]
            if not any(again):
                return
        raise StoreError(f"{self._group.name}: an episode changed whenever it was to be told")

    def _remember_beside(self, view: View) -> bool:
        """Remember the values that a full slot has no room for; whether there were any."""
        missing: dict[tuple[int, str], Member] = {}
        for each in self._members:
            slot = each.at // self._correlation.timespan
            if view.is_full(slot) and each.value not in view.values(slot):
                missing.setdefault((slot, each.value), each)
        sets = packed_at(
            (Place(self._group.name, 2 * slot + 1), each) for (slot, _), each in missing.items()
        )
        now = self._teller.way.now
        if sets:
            self._memory.add(sets, _until(self._group, sets, now), now)
        return bool(sets)

    def _is_touched(self, run: Run) -> bool:
        return any(run[0].at <= at <= run[-1].at for at in self._touched)

    def _tell(self, view: View, run: Run) -> bool:
        """Tell a run where it is enough, or where it belongs to what was told; whether to look
        again, since somebody may have added to it unseen.
        """
        hit = qualifying(run, self._correlation)
        if hit is None and len(run) == 1:
            return False
        claims = self._claims.read()
        if hit is None and not claims:
            return False
        whole = view.whole(run[0].at)
        of_it = [each for each in claims if whole[0].at <= each.at <= whole[-1].at]
        if view.begins_before(whole):  # and whoever told its beginning goes on telling it
            of_it = [*[each for each in claims if each.at < whole[0].at][-1:], *of_it]
        if not of_it:
            return self._claim(whole)
        older, *newer = of_it
        is_new = self._teller.tell(self._told(view, whole, older.alert_id))
        for each in newer:
            self._teller.amend(self._told(view, whole, each.alert_id, older.alert_id))
        return is_new

    def _claim(self, whole: Run) -> bool:
        hit = qualifying(whole, self._correlation)
        if hit is None:
            return False
        self._claims.add(hit.id, hit.at, alert_id_of(self._group.name, hit.id))
        return True

    def _told(self, view: View, whole: Run, alert_id: str, belongs_to: str = "") -> Told:
        return Told(
            rule=self._group.rule,
            kind=self._correlation.type.value,
            group=self._group.key,
            alert_id=alert_id,
            members=whole,
            more=view.has_more(whole),
            belongs_to=belongs_to,
            record=self._record,
        )
