"""Counting: the episodes of event_count, value_count and sequences, and who tells them.

Whoever wrote members reads all that they may belong to afterwards: so the last of several who
write at once sees everything, and what it tells is what the sorted members come to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from chalicelib.alerts.claims import Claims, lasting_until
from chalicelib.alerts.episodes import Run, qualifying, runs
from chalicelib.alerts.members import Group, Sighting, packed, unpacked
from chalicelib.alerts.memory import Memory, Place, Remembered
from chalicelib.alerts.outbox import StoreError
from chalicelib.alerts.teller import Tells
from chalicelib.alerts.told import Told, alert_id_of
from chalicelib.rules.correlation import Correlation

_TRIES = 20
_WIDEST = 512  # slots that one step further reads


def remember(
    groups: Iterable[tuple[Group, Sequence[Sighting]]], memory: Memory, now: datetime
) -> None:
    """Add the members of sightings to the slots of their groups: one write a slot."""
    sets: dict[Place, Remembered] = {}
    until: dict[Place, datetime] = {}
    for group, sightings in groups:
        span = correlation_of(group).timespan
        for each in sightings:
            place = Place(group.name, each.first.at // span)
            more, there = packed(each.members), sets.get(place, Remembered())
            sets[place] = Remembered(there.texts | more.texts, there.words | more.words)
            until[place] = lasting_until((place.at + 1) * span, now)
    if sets:
        memory.add(sets, until, now)


def tell(group: Group, sightings: Sequence[Sighting], memory: Memory, teller: Tells) -> None:
    """Tell the episodes that sightings belong to, which memory has already."""
    correlation = correlation_of(group)
    slots = sorted({each.first.at // correlation.timespan for each in sightings})
    for some in _near(slots):
        _Look(group, sightings, memory, teller).settle(some[0], some[-1])


def correlation_of(group: Group) -> Correlation:
    """What the group's rule counts."""
    if group.rule.correlation is None:
        raise AssertionError(f"{group.rule.id} is no rule over time")
    return group.rule.correlation


class View:
    """What memory holds of a group around some slots, read further where a run goes further."""

    def __init__(self, memory: Memory, group: Group, first: int, last: int) -> None:
        self._memory = memory
        self._name = group.name
        self._span = correlation_of(group).timespan
        self._low, self._high = first - 1, last + 1
        self._found = memory.read(group.name, self._low, self._high)

    def runs(self) -> Iterator[Run]:
        """The runs of all members that were read."""
        return runs(unpacked(self._found.values()), self._span)

    def whole(self, at: int) -> Run:
        """The run that has a member in that second, to both its ends."""
        width = 1
        while True:
            run = next(each for each in self.runs() if each[0].at <= at <= each[-1].at)
            low, high = run[0].at // self._span - 1, run[-1].at // self._span + 1
            if low >= self._low and high <= self._high:
                return run
            if low < self._low:
                self._read(self._low - width, self._low - 1)
            if high > self._high:
                self._read(self._high + 1, self._high + width)
            width = min(4 * width, _WIDEST)

    def has_more(self, run: Run) -> bool:
        """Whether there may be more members than were counted."""
        first, last = run[0].at // self._span, run[-1].at // self._span
        return any(first <= slot <= last and found.is_full for slot, found in self._found.items())

    def _read(self, first: int, last: int) -> None:
        self._found |= self._memory.read(self._name, first, last)
        self._low, self._high = min(self._low, first), max(self._high, last)


class _Look:
    """The episodes around some slots, looked at until there is nothing more to tell."""

    def __init__(
        self, group: Group, sightings: Sequence[Sighting], memory: Memory, teller: Tells
    ) -> None:
        self._group = group
        self._correlation = correlation_of(group)
        self._touched = sorted({each.first.at for each in sightings})
        self._record = sightings[-1].record
        self._memory = memory
        self._teller = teller
        self._claims = Claims(memory, group.name, teller.way.now)

    def settle(self, first: int, last: int) -> None:
        for _ in range(_TRIES):
            view = View(self._memory, self._group, first, last)
            of_ours = [run for run in view.runs() if self._is_touched(run)]
            again = [self._tell(view, run) for run in of_ours]
            if not any(again):
                return
        raise StoreError(f"{self._group.name}: an episode changed whenever it was to be told")

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


def _near(slots: Sequence[int]) -> Iterator[list[int]]:
    """Slots in so many parts that the members of different parts cannot be in one timespan."""
    some: list[int] = []
    for slot in slots:
        if some and slot > some[-1] + 2:
            yield some
            some = []
        some.append(slot)
    if some:
        yield some
