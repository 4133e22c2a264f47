"""Rules over time in a replay without a store: on the records' own clock, once all was read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

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


class OverTime:
    """The members that a replay met, and what they come to.

    `learned` counts the first sights in the first tenth of the span, which are not told.
    """

    def __init__(self, program: Program) -> None:
        self.learned = 0
        self._program = program
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
        tellers = [self._counted(), *self._first_sights()]
        found = {alert_id: each for teller in tellers for alert_id, each in teller.told.items()}
        for first, last in sorted(found.values(), key=lambda each: each[1].event_time):
            later = (last,) if first is not last else ()
            yield Judged(records=0, alerts=(first,), addenda=later), last

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
        return _Teller(Way(default_channel=channel, now=now, routes=routes))


class _Teller:
    """See Tells: each alert as it was told first, and as it is now."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.told: dict[str, tuple[Alert, Alert]] = {}

    def tell(self, told: Told) -> bool:
        """Remember the alert; whether it was new."""
        alert = alert_of(told, self.way)
        is_new = alert.alert_id not in self.told
        if is_new:
            members = _enough(told)
            is_all = members == told.members
            first = alert if is_all else alert_of(replace(told, members=members), self.way)
            self.told[alert.alert_id] = first, alert
        self.amend(told)
        return is_new

    def amend(self, told: Told) -> None:
        """Let an alert grow that was told."""
        if told.alert_id in self.told:
            first, last = self.told[told.alert_id]
            self.told[told.alert_id] = first, grown(last, alert_of(told, self.way))


def _enough(told: Told) -> tuple[Member, ...]:
    """The members up to the one at which they were enough."""
    correlation = told.rule.correlation
    counted = correlation is not None and told.kind == correlation.type.value
    last = qualifying(told.members, correlation) if counted and correlation else None
    return told.members[: told.members.index(last) + 1] if last else told.members
