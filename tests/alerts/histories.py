"""Histories of members for rules over time, ways to deliver them, and an oracle that sorts them.

The oracle knows nothing of memory: it has all members at once, sorts them and looks at each span.
"""

from __future__ import annotations

import contextlib
import itertools
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.alerts import over_time
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged, Kept
from chalicelib.alerts.corrections import amended
from chalicelib.alerts.held_memory import HeldMemory
from chalicelib.alerts.judging import keep
from chalicelib.alerts.learning import end_learning
from chalicelib.alerts.members import Group, Member, Said, Sighting
from chalicelib.alerts.told import Way
from chalicelib.rules.correlation import Correlation, CorrelationType
from chalicelib.rules.rule import Rule, Severity
from chalicelib.stores.store import Store

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
SPAN, DAY = 60, 86_400
CHANNEL = "#trailbell"
SEQUENCE = ("first", "second", "third")
CORRELATIONS = {
    "event_count": Correlation(type=CorrelationType.EVENT_COUNT, timespan=SPAN, gte=3),
    "value_count": Correlation(
        type=CorrelationType.VALUE_COUNT, timespan=SPAN, gte=3, field="$.awsRegion"
    ),
    "temporal_ordered": Correlation(
        type=CorrelationType.TEMPORAL_ORDERED, timespan=SPAN, rules=SEQUENCE
    ),
    "new_terms": Correlation(type=CorrelationType.NEW_TERMS, fields=("$.awsRegion",), history=3),
}
VALUES = {
    "event_count": ("",),
    "value_count": ("a", "b", "c", "d"),
    "temporal_ordered": ("0", "1", "2", "0,1", "1,2"),
    "new_terms": ("eu-north-1",),
}


@dataclass(frozen=True)
class Event:
    """A member, and which record it is."""

    number: int
    at: int
    value: str

    @property
    def id(self) -> str:
        return f"{self.number:032x}"


def history(kind: str, chance: random.Random) -> list[Event]:
    """Up to some twenty events in bursts, near and far from each other, of one second too."""
    unit = DAY // 2 if kind == "new_terms" else SPAN // 4
    at, events = int(START.timestamp()), []
    for number in range(chance.randint(1, 22)):
        at += chance.choice((0, 0, 1, unit, unit, unit, 4 * unit, 4 * unit + 1, 9 * unit))
        events.append(Event(number, at, chance.choice(VALUES[kind])))
    return events


def deliveries(events: Sequence[Event], chance: random.Random) -> list[list[Event]]:
    """The same by two transports, in any order, split into batches, some of them twice."""
    batches = []
    for _ in range(chance.choice((1, 2))):
        order = list(events)
        if chance.random() < 0.8:
            chance.shuffle(order)
        while order:
            size = chance.randint(1, 6)
            batches.append(order[:size])
            order = order[size:]
    batches += [batch for batch in batches if chance.random() < 0.2]
    if chance.random() < 0.7:
        chance.shuffle(batches)
    return batches


class Cut(Exception):
    """The process was killed here."""


class Faulty:
    """A memory or an outbox whose calls are counted, and which is cut off at one of them.

    Just before the call or just after it; instead of being cut off it may do `meanwhile`.
    """

    def __init__(self, real: Any, at: Callable[[], None], after: Callable[[], None]) -> None:
        self._real, self._at, self._after = real, at, after

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._real, name)

        def call(*arguments: Any) -> Any:
            self._at()
            found = method(*arguments)
            self._after()
            return found

        return call


class World:
    """One rule and one group, delivered to a store; what is told is known by its id."""

    def __init__(self, kind: str, name: str, memory: Any, outbox: Any) -> None:
        self.rule = Rule(
            id=name,
            title="Came together",
            severity=Severity.HIGH,
            pattern='{ $.eventName = "*" }',
            correlation=CORRELATIONS[kind],
        )
        self.group = Group(self.rule, "0" * 32)
        self.told: set[str] = set()
        self._memory, self._outbox = memory, outbox
        self._calls = itertools.count(1)
        self._cut_at = 0
        self._meanwhile: Callable[[], None] | None = None
        self._hours = 0
        end_learning(self.rule, memory, START)

    def deliver(self, batches: Sequence[Sequence[Event]], chance: random.Random) -> None:
        """Each batch, again where it was killed; at times the next while it is under way."""
        waiting = list(batches)
        while waiting:
            batch = waiting.pop(0)
            dice = chance.random()
            if dice < 0.3:
                self._killed(batch, chance)
            elif dice < 0.6 and waiting:
                self._beside(batch, waiting.pop(0), chance)
            self.take(batch)

    def take(self, batch: Iterable[Event]) -> Kept:
        """One invocation."""
        self._hours += 1  # at most five first sights an hour are told alone
        now = START + timedelta(days=60, hours=self._hours)
        sightings = [self._sighting(event) for event in batch]

        def kept_of(judged: Judged) -> Kept:
            self.told |= {alert.alert_id for alert in judged.alerts}
            return keep(judged, self.outbox, now, timedelta(days=900))

        return over_time.keep(sightings, self, kept_of, Way(default_channel=CHANNEL, now=now))

    @property
    def memory(self) -> Any:
        return Faulty(self._memory, self._step, self._step)

    @property
    def outbox(self) -> Any:
        return Faulty(self._outbox, self._step, self._step)

    def _step(self) -> None:
        if next(self._calls) != self._cut_at:
            return
        if self._meanwhile is None:
            raise Cut
        self._meanwhile()

    def _killed(self, batch: Sequence[Event], chance: random.Random) -> None:
        self._calls, self._cut_at = itertools.count(1), chance.randint(1, 24)
        with contextlib.suppress(Cut):
            self.take(batch)
        self._cut_at = 0

    def _beside(self, one: Sequence[Event], other: Sequence[Event], chance: random.Random) -> None:
        def meanwhile() -> None:
            self._cut_at = 0
            self.take(other)

        self._calls, self._cut_at = itertools.count(1), chance.randint(1, 16)
        self._meanwhile = meanwhile
        self.take(one)
        if self._cut_at:
            meanwhile()
        self._cut_at, self._meanwhile = 0, None

    def _sighting(self, event: Event) -> Sighting:
        said = Said(event_name="Op", actor="alice")
        member = Member(id=event.id, at=event.at, value=event.value, said=said)
        return Sighting(self.group, (member,))


class HeldOutbox:
    """As much of an outbox as rules over time need, in a dict."""

    def __init__(self) -> None:
        self.alerts: dict[str, Alert] = {}

    def add(self, stored: Sequence[Any], now: datetime) -> set[str]:
        new = {each.alert.alert_id: each.alert for each in stored}
        added = new.keys() - self.alerts.keys()
        self.alerts |= {alert_id: new[alert_id] for alert_id in added}
        return set(added)

    def amend(self, alert: Alert) -> bool:
        if alert.alert_id not in self.alerts:
            return False
        self.alerts[alert.alert_id] = amended(self.alerts[alert.alert_id], alert)
        return True


# A world, and the alerts that it kept.
Made = tuple[World, Callable[[], list[Alert]]]


def held(kind: str, name: str) -> Made:
    """A world that keeps nothing."""
    outbox = HeldOutbox()
    return World(kind, name, HeldMemory(), outbox), lambda: list(outbox.alerts.values())


def in_store(kind: str, name: str, store: Store) -> Made:
    """A world in a store."""
    world = World(kind, name, store.memory, store.outbox)
    return world, lambda: store.archive.alerts(sorted(world.told))


def difference(kind: str, seed: int, make: Callable[[str, str], Made]) -> str:
    """What one history comes to otherwise than the oracle says; "" where it is the same."""
    chance = random.Random(seed)
    events = history(kind, chance)
    world, alerts = make(kind, f"rule-{kind.replace('_', '-')}-{seed}")
    world.deliver(deliveries(events, chance), chance)
    found = sorted(verdicts(kind, alerts()))
    wanted = sorted(expected(kind, events))
    return "" if found == wanted else f"{kind} {seed}: {found} instead of {wanted}"


def verdicts(kind: str, alerts: Iterable[Alert]) -> Iterator[tuple[Any, ...]]:
    """Of each alert that tells an episode: how many, first, last and which members."""
    for alert in alerts:
        together = alert.together
        assert together is not None
        if together.belongs_to:
            continue
        ids = tuple(sorted({each.id for each in together.members}))
        ends = together.first.timestamp(), together.last.timestamp()
        yield (*ends, together.count, ids) if kind != "new_terms" else (ends[0],)


def expected(kind: str, events: Sequence[Event]) -> Iterator[tuple[Any, ...]]:
    """The same of the sorted history."""
    gap = SPAN
    ordered = sorted(events, key=lambda event: (event.at, event.id))
    if kind == "new_terms":
        days = sorted({event.at // DAY for event in ordered})
        history = CORRELATIONS[kind].history
        for day in days:
            if not any(day - history <= other < day for other in days):
                yield (min(event.at for event in ordered if event.at // DAY == day),)
        return
    for run in _runs(ordered, gap):
        if any(_is_enough(kind, _within(run, event.at)) for event in run):
            ids = tuple(sorted({event.id for event in run}))
            yield float(run[0].at), float(run[-1].at), len(ids), ids


def _runs(ordered: Sequence[Event], gap: int) -> list[list[Event]]:
    found: list[list[Event]] = []
    for event in ordered:
        if found and event.at - found[-1][-1].at <= gap:
            found[-1].append(event)
        else:
            found.append([event])
    return found


def _within(run: Sequence[Event], start: int) -> list[Event]:
    return [event for event in run if start <= event.at <= start + SPAN]


def _is_enough(kind: str, events: Sequence[Event]) -> bool:
    if kind == "event_count":
        return len({event.id for event in events}) >= CORRELATIONS[kind].gte
    if kind == "value_count":
        return len({event.value for event in events}) >= CORRELATIONS[kind].gte
    return any(
        all(str(step) in event.value.split(",") for step, event in enumerate(chosen))
        and all(one.at <= other.at for one, other in itertools.pairwise(chosen))
        for chosen in itertools.permutations(events, len(SEQUENCE))
    )
