"""Days: when values were seen, for new_terms, and who tells them.

Memory has of each day on which values were seen the earliest sight, and all there is to tell of
those that were new when they were written. A later day is never new, an earlier one may come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from chalicelib.alerts.claims import LIFE, Claim, Claims, lasting_until
from chalicelib.alerts.counting import correlation_of
from chalicelib.alerts.episodes import parted
from chalicelib.alerts.members import Group, Member, Sighting, packed_at, place, unpacked
from chalicelib.alerts.memory import Memory, Place, Remembered

DAY = 86_400
_PERIOD = 64  # days that one place of memory has


class Days:
    """The days on which values were seen, and who tells them."""

    def __init__(self, group: Group, memory: Memory, now: datetime) -> None:
        history = correlation_of(group).history
        self._group = group
        self._memory = memory
        self._now = now
        self._gap = history
        self._life = LIFE + timedelta(days=history + 1)
        self._claims = Claims(memory, group.name, now, self._life)
        self._found: dict[int, Remembered] = {}
        self._low = self._high = 0

    def add(self, sightings: Sequence[Sighting]) -> list[list[Member]]:
        """Remember them; the runs of days that begin with one of them, or that may be joined by
        one, since it is no run's last.
        """
        ours = earliest(each.first for each in sightings)
        days = [member.at // DAY for member in ours]
        self._low, self._high = (
            (min(days) - self._gap) // _PERIOD,
            (max(days) + self._gap) // _PERIOD,
        )
        self._found = self._memory.read(self._group.name, self._low, self._high)
        there = earliest(unpacked(self._found.values()))
        known = {member.at // DAY: member for member in there}
        merged = list(self._runs([*there, *ours]))
        begins = {run[0].id for run in merged}
        new = [each for each in ours if place(each) < place(known.get(each.at // DAY, _NEVER))]
        if new:
            self._write(each if each.id in begins else _bare(each) for each in new)
        return [self._whole(run) for run in merged if _may_change(run, ours)]

    def claimed(self, run: Sequence[Member]) -> list[Claim]:
        """The claims on a run of days, the oldest first."""
        last = (run[-1].at // DAY + 1) * DAY
        return [each for each in self._claims.read() if run[0].at <= each.at < last]

    def claim(self, first: Member, alert_id: str, how: str) -> None:
        """Claim a run that was read without one."""
        self._claims.add(first.id, first.at, alert_id, how)

    def learn(self, run: Sequence[Member]) -> bool:
        """Claim a run as known, unless somebody told it; whether nobody had claimed it."""
        while not self.claimed(run):
            if self._claims.add(run[0].id, run[0].at, "", "learned"):
                return True
        return False

    def _runs(self, members: Iterable[Member]) -> Iterator[list[Member]]:
        return parted(earliest(members), lambda member: member.at // DAY, self._gap)

    def _whole(self, run: list[Member]) -> list[Member]:
        """A run to both its ends, however far beyond what was read."""
        at = run[0].at
        while True:
            low = (run[0].at // DAY - self._gap) // _PERIOD
            high = (run[-1].at // DAY + self._gap) // _PERIOD
            if low >= self._low and high <= self._high:
                return run
            more = self._memory.read(self._group.name, min(low, self._low), max(high, self._high))
            self._low, self._high = min(low, self._low), max(high, self._high)
            every = self._runs([*run, *unpacked(more.values())])
            run = next(each for each in every if each[0].at <= at <= each[-1].at)

    def _write(self, members: Iterable[Member]) -> None:
        sets = packed_at(
            (Place(self._group.name, each.at // DAY // _PERIOD), each) for each in members
        )
        until = {
            at: lasting_until((at.at + 1) * _PERIOD * DAY, self._now, self._life) for at in sets
        }
        self._memory.add(sets, until, self._now)


def earliest(members: Iterable[Member]) -> list[Member]:
    """The earliest member of each day, in order; of one second one that says what it was."""
    days: dict[int, Member] = {}
    for each in members:
        there = days.setdefault(each.at // DAY, each)
        if _rank(each) < _rank(there):
            days[each.at // DAY] = each
    return sorted(days.values(), key=place)


def _may_change(run: Sequence[Member], ours: Iterable[Member]) -> bool:
    """Whether one of ours begins the run, or stands in it before its last day."""
    last = run[-1].at // DAY
    inside = [each for each in ours if run[0].at <= each.at <= run[-1].at]
    return any(each.id == run[0].id or each.at // DAY < last for each in inside)


def _rank(member: Member) -> tuple[int, bool, str]:
    return member.at, member.said is None, member.id


# Of a day on which nothing was seen.
_NEVER = Member(id="", at=2**62)


def _bare(member: Member) -> Member:
    """That something was seen, and no more."""
    return Member(id=f"@{member.at}", at=member.at)
