"""A made month of 200,000 records with bursts and first sights hidden in it, and what rules over
time make of it: python -m bench.over_time [--quick].

Ten bursts and twenty firsts (bench.hidden) in what people, pipelines and programs do
(bench.made_trail). The first three days are learned. Memory is reckoned as DynamoDB charges it:
a write by the KB of the whole item, begun ones too (developer guide, "Capacity unit consumption").
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from bench import events
from bench.by_rules import match
from bench.figure import Figure, alternately, bounded, compared, print_all, rate
from bench.hidden import DAYS, LEARNED_DAYS, Hidden, bursts, firsts
from bench.hot_path import batches
from bench.made_trail import START, Trail, day_of, moment_of
from chalicelib.alerts import over_time
from chalicelib.alerts.held_memory import HeldMemory
from chalicelib.alerts.judging import judge
from chalicelib.alerts.members import Sighting
from chalicelib.alerts.memory import Place, Remembered
from chalicelib.alerts.told import Told, Way
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.loading import load
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Severity
from chalicelib.rules.ruleset import Ruleset
from tests.heard import Heard

SEED, RECORDS = 20, 200_000
MINUTES = 5  # how often CloudTrail delivers
# The name of a place, its numbers and what its texts are called.
ITEM_BYTES, KB = 150, 1024
MOST_MEMBERS, MOST_A_DAY, LEAST_RATIO = 0.05, 1.0, 0.95


class Reckoned(HeldMemory):
    """A memory that says what it would take of DynamoDB."""

    def __init__(self) -> None:
        super().__init__()
        self.writes = self.units = self.reads = 0
        self.sizes: dict[Place, int] = {}

    def add(
        self, sets: Mapping[Place, Remembered], until: Mapping[Place, datetime], now: datetime
    ) -> None:
        """See Memory."""
        super().add(sets, until, now)
        for place in sets:
            there = super().read(place.name, place.at, place.at).get(place.at, Remembered())
            self._wrote(place, there)

    def read(self, name: str, first: int, last: int) -> dict[int, Remembered]:
        """See Memory."""
        self.reads += 1
        return super().read(name, first, last)

    def swap(
        self, place: Place, before: frozenset[str], after: frozenset[str], until: datetime
    ) -> bool:
        """See Memory."""
        is_done = super().swap(place, before, after, until)
        self._wrote(place, Remembered(after))  # DynamoDB charges what it refuses, too
        return is_done

    def _wrote(self, place: Place, there: Remembered) -> None:
        texts = (*there.texts, *there.words)
        self.sizes[place] = ITEM_BYTES + sum(len(text.encode()) + 3 for text in texts)
        self.writes += 1
        self.units += -(-self.sizes[place] // KB)


@dataclass(slots=True)
class Month:
    """The records of the days, and what was hidden among them."""

    hidden: list[Hidden]
    trail: Trail
    records: int

    def days(self) -> Iterator[list[dict[str, Any]]]:
        """Day after day in the order of time; of reads so many are left out."""
        chance = random.Random(SEED)
        special = sorted((r for each in self.hidden for r in each.records), key=_time)
        for number in range(DAYS):
            usual = list(self.trail.day(number))
            share = self.records / DAYS / len(usual)
            kept = [each for each in usual if not each["readOnly"] or chance.random() < share]
            kept = chance.sample(kept, min(len(kept), self.records // DAYS))
            kept += [each for each in special if day_of(each) == number]
            for each in kept:
                each.pop("_kind", None)
            yield sorted(kept, key=_time)


def figures(quick: bool) -> Iterator[Figure]:
    """What was found, what else was told, what memory took; and what the rules cost in matching."""
    yield from _of_month(RECORDS // 10 if quick else RECORDS)
    # Short passes in turn: what else the machine does then weighs on both.
    yield _of_matching(1_000, 51 if quick else 201)


def _of_month(records: int) -> Iterator[Figure]:
    trail = Trail(SEED)
    hidden = [*bursts(trail), *firsts(trail)]
    month, memory = Month(hidden, trail, records), Reckoned()
    ruleset = _ruleset(with_time=True)
    heard, members, count = Heard(Way(default_channel="#x", now=START)), 0, 0
    learned: list[Sighting] = []
    for number, day in enumerate(month.days()):
        count += len(day)
        for now, some in _batches(day, ruleset):
            members += len({(each.group.rule.id, each.first.id) for each in some})
            if number < LEARNED_DAYS:
                learned += some
            else:
                heard.way = Way(default_channel="#x", now=now)
                over_time.tell(some, memory, heard)
        if number == LEARNED_DAYS - 1:
            over_time.learn(learned, ruleset.rules, memory, START + timedelta(days=LEARNED_DAYS))
            memory.writes = memory.units = memory.reads = 0
    told = [each for each in heard.told.values() if each.kind != "learning"]
    yield from _of_told(hidden, told)
    yield bounded("over time: members of rules", members / count, "of records", MOST_MEMBERS)
    yield from _of_memory(memory, count * (DAYS - LEARNED_DAYS) / DAYS)


def _of_told(hidden: list[Hidden], told: list[Told]) -> Iterator[Figure]:
    for name, some in (("bursts", hidden[:10]), ("firsts", hidden[10:])):
        found = [each for each in some if _is_told(each, told)]
        for each in some:
            if each not in found:
                print(f"not found: {each.rule_id} {sorted(each.ids)[:1]}", file=sys.stderr)
        yield bounded(f"over time: hidden {name} told", len(found), "bursts", len(some))
    ids = frozenset[str]().union(*(each.ids for each in hidden))
    others = [each for each in told if ids.isdisjoint(m.event_id for m in each.members)]
    days = DAYS - LEARNED_DAYS
    loud = [each for each in others if each.rule.severity.rank >= Severity.MEDIUM.rank]
    name = "over time: told besides, at medium and above"
    yield bounded(name, len(loud) / days, "a day", MOST_A_DAY)
    yield Figure(name="over time: told besides, all", value=len(others) / days, unit="a day")
    for rule_id, number in Counter(each.rule.id for each in others).most_common():
        yield Figure(name=f"over time: told besides by {rule_id}", value=number, unit="a month")


def _is_told(hidden: Hidden, told: list[Told]) -> bool:
    """Whether some alert of its rule has all of it, or of a first is of it or names it."""
    return any(
        each.rule.id == hidden.rule_id and hidden.ids <= {m.event_id for m in each.members}
        for each in told
    )


def _of_memory(memory: Reckoned, records: float) -> Iterator[Figure]:
    size = sum(memory.sizes.values())
    yield Figure(name="over time: memory kept", value=size / KB, unit="KB")
    yield Figure(name="over time: memory's items", value=len(memory.sizes), unit="items")
    yield Figure(name="over time: largest item", value=max(memory.sizes.values()) / KB, unit="KB")
    yield Figure(name="over time: write units", value=memory.units, unit="a month")
    yield Figure(
        name="over time: write units a thousand records",
        value=memory.units / records * 1000, unit="units",
    )  # fmt: skip
    yield Figure(name="over time: queries", value=memory.reads, unit="a month")


def _of_matching(count: int, rounds: int) -> Figure:
    passes = batches(events.texts(count))
    with_time, without = _ruleset(with_time=True), _ruleset(with_time=False)

    def over(ruleset: Ruleset) -> Any:
        return rate(lambda: [match(event, ruleset) for event in passes], count)

    mine, others = alternately(rounds, over(with_time), over(without))
    return compared("decode + match, against without rules over time", "records/s", mine, others)


def _ruleset(*, with_time: bool) -> Ruleset:
    defaults, keys = load_defaults()
    chosen = [rule for rule in defaults if with_time or rule.correlation is None]
    return Ruleset(load(chosen, []), keys)


def _batches(
    day: list[dict[str, Any]], ruleset: Ruleset
) -> Iterator[tuple[datetime, list[Sighting]]]:
    """What rules over time see of a day, as it is delivered."""
    for _, some in groupby(day, key=lambda each: each["eventTime"][:14] + _slot(each)):
        records = list(some)
        now = moment_of(records[-1]) + timedelta(minutes=MINUTES)
        matched = match_all(records, ruleset)
        seen = judge(matched, accounts={}, default_channel="#trailbell", now=now)
        if seen.sightings:
            yield now, list(seen.sightings)


def _slot(record: dict[str, Any]) -> str:
    return str(int(record["eventTime"][14:16]) // MINUTES)


def _time(record: dict[str, Any]) -> str:
    return str(record["eventTime"])


if __name__ == "__main__":
    print_all(figures)
