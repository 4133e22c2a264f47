"""Rules over time in a replay without a store: on the records' own clock, once all was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import reduce
from itertools import pairwise

from chalicelib.alerts import counting, first_sights
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.corrections import grown
from chalicelib.alerts.episodes import qualifying
from chalicelib.alerts.held_memory import HeldMemory
from chalicelib.alerts.learning import TENTH, end_learning
from chalicelib.alerts.members import Group, Member, Said, Sighting
from chalicelib.alerts.over_time import is_of_terms
from chalicelib.alerts.sightings import MOST_AHEAD, by_group
from chalicelib.alerts.told import Told, Way, alert_of
from chalicelib.bootstrap import Program
from chalicelib.rules.correlation import MOST_COUNTED

MOST_STEPS = 200  # seconds in which an alert grows that are shown one by one; then comes its end


class OverTime:
    """The members that a replay met, and what they come to.

    `learned` counts the first sights in the first tenth of the span, which are not told. `steps` is
    in how many seconds it is to be told how an alert grows, before it is told as it is in the end.
    """

    def __init__(self, program: Program, steps: int = MOST_STEPS) -> None:
        self.learned = 0
        self._program = program
        self._steps = steps
        self._sightings: list[Sighting] = []
        self._start: float | None = None
        self._end: float | None = None
        self._memory = HeldMemory()
        self._groups: dict[tuple[str, str], Group] = {}
        self._said: dict[Said | None, Said | None] = {}

    def add(self, judged: Judged, times: Iterable[datetime]) -> None:
        """Take in a batch, with the times of its first and last records, which say what span it is
        of unless they cannot be.
        """
        latest = (self._program.now() + MOST_AHEAD).timestamp()
        self._sightings.extend(map(self._once, judged.sightings))
        for at in (
            *(time.timestamp() for time in times),
            *(each.first.at for each in judged.sightings),
        ):
            if at <= latest:
                self._start = at if self._start is None else min(self._start, at)
                self._end = at if self._end is None else max(self._end, at)

    def told(self) -> Iterator[tuple[Judged, Alert]]:
        """Each alert, as it is told first and as it becomes, and as it is in the end."""
        found: dict[str, list[Alert]] = {}
        for teller in (self._counted(), *self._first_sights()):
            for alert_id, forms in teller.told.items():
                found.setdefault(alert_id, []).extend(forms)
        ended = [(forms, reduce(grown, forms)) for forms in found.values()]
        for (first, *later), last in sorted(ended, key=lambda each: each[1].event_time):
            yield Judged(records=0, alerts=(first,), addenda=tuple(later)), last

    def _counted(self) -> _Teller:
        teller = self._teller(self._program.now())
        groups = by_group(each for each in self._sightings if not is_of_terms(each.group.rule))
        counting.remember(groups.items(), self._memory, teller.way.now)
        for group, some in groups.items():
            counting.tell(group, some, self._memory, teller)
        return teller

    def _first_sights(self) -> Iterator[_Teller]:
        """In the order of their time, each at its own."""
        terms = [each for each in self._sightings if is_of_terms(each.group.rule)]
        for rule in {each.group.rule.id: each.group.rule for each in terms}.values():
            end_learning(rule, self._memory, self._program.now())
        start, end = self._start or 0, self._end or 0
        for each in sorted(terms, key=lambda each: each.first.at):
            teller = self._teller(datetime.fromtimestamp(each.first.at, UTC))
            if (each.first.at - start) * TENTH <= end - start:
                now = teller.way.now
                self.learned += first_sights.learn(each.group, [each], self._memory, now)
                continue
            first_sights.tell(each.group, [each], self._memory, teller)
            yield teller

    def _once(self, sighting: Sighting) -> Sighting:
        """The same, with what many say held once: they may come from other processes."""
        group = sighting.group
        group = self._groups.setdefault((group.rule.id, group.key), group)
        members = tuple(
            replace(each, said=self._said.setdefault(each.said, each.said))
            for each in sighting.members
        )
        return replace(sighting, group=group, members=members)

    def _teller(self, now: datetime) -> _Teller:
        program = self._program
        channel, routes = program.default_channel(), program.ruleset.routes
        return _Teller(Way(default_channel=channel, now=now, routes=routes), self._steps)


class _Teller:
    """See Tells: each alert as it was told first, and as it became, second for second."""

    def __init__(self, way: Way, steps: int) -> None:
        self.way = way
        self._steps = steps
        self.told: dict[str, list[Alert]] = {}
        self._latest: dict[str, Told] = {}

    def tell(self, told: Told) -> bool:
        """Remember the alert; whether it was new."""
        is_new = told.alert_id not in self.told
        if is_new:
            self.told[told.alert_id] = [
                alert_of(each, self.way) for each in _growing(told, self._steps)
            ]
            self._latest[told.alert_id] = told
        else:
            self.amend(told)
        return is_new

    def amend(self, told: Told) -> None:
        """Let an alert grow that was told."""
        if told.alert_id in self.told and told != self._latest[told.alert_id]:
            self.told[told.alert_id].append(alert_of(told, self.way))
            self._latest[told.alert_id] = told


def _growing(told: Told, steps: int) -> Iterator[Told]:
    """What was told once it was enough, and after each second in which more came: of more seconds
    than `steps` the first, and what it came to.
    """
    members = told.members
    for end in _ends(members, _enough(told))[:steps] if steps else ():
        more = told.more and end >= MOST_COUNTED
        yield replace(told, members=members[:end], more=more)
    yield told


def _ends(members: Sequence[Member], begin: int) -> list[int]:
    """Behind which members, from one on, a second ends, but for the last."""
    pairs = enumerate(pairwise(members[begin:]), begin + 1)
    return [end for end, (one, following) in pairs if one.at < following.at]


def _enough(told: Told) -> int:
    """Where the member stands at which they were enough; the last where all were told at once."""
    correlation = told.rule.correlation
    if correlation and told.kind == correlation.type.value:
        enough = qualifying(told.members, correlation)
        if enough:
            return told.members.index(enough)
    return len(told.members) - 1
