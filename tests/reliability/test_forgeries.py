"""Forged addenda and event ids: nothing is lowered, hidden or missing, and nothing told twice."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.corrections import _CAME_OF_IT as CAME_OF_IT
from chalicelib.alerts.judging import judge, keep
from chalicelib.rules.matching import match_all
from chalicelib.rules.ruleset import Ruleset
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.delivery.world import CHANNEL, START, World
from tests.reliability.forgeries import KINDS, genuine
from tests.reliability.proof import figure, missing, size, told
from tests.stores.conftest import MOTO
from tests.stores.tables import table

Json = dict[str, Any]
RETENTION = timedelta(days=90)
FORGED_PER_EVENT = 4
AT_ONCE = (1, 1, 2, 5, 40)  # records in a batch


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return Ruleset.load(None)


def alerts_of(records: Sequence[Json | str], ruleset: Ruleset) -> Any:
    matched = match_all(records, ruleset)
    return judge(matched, accounts={}, default_channel=CHANNEL, now=START)


def ingest(store: Store, ruleset: Ruleset, records: Sequence[Json], random: Random) -> int:
    """Both transports: CloudWatch Logs hands over the text, EventBridge the object."""
    bodies: list[Json | str] = [
        json.dumps(record) if random.random() < 0.5 else record for record in records
    ]
    return len(keep(alerts_of(bodies, ruleset), store.outbox, START, RETENTION).new)


def batches(records: Sequence[Json], random: Random) -> Iterator[list[Json]]:
    left = list(records)
    while left:
        count = random.choice(AT_ONCE)
        yield left[:count]
        left = left[count:]


def listed(store: Store) -> list[Alert]:
    found: list[Alert] = []
    cursor = None
    while True:
        page = store.archive.search(AlertQuery(), 100, cursor)
        found += [each.alert for each in page.alerts]
        cursor = page.next_cursor
        if cursor is None:
            return found


def scene(forged: int, random: Random) -> tuple[list[Json], list[Json]]:
    """Genuine records, and all that comes: each of them with what was made up around it."""
    events = [genuine(number, random) for number in range(forged // FORGED_PER_EVENT)]
    made = [
        random.choice(KINDS)(number, events[number // FORGED_PER_EVENT], random)
        for number in range(len(events) * FORGED_PER_EVENT)
    ]
    everything = [*events, *made]
    # Near its own, before, after or with it; then some of it once more.
    places = {id(each): number for number, each in enumerate(events)}
    of = {id(each): number // FORGED_PER_EVENT for number, each in enumerate(made)}
    everything.sort(key=lambda each: (places | of)[id(each)] + random.uniform(0, 3))
    again = random.sample(everything, len(everything) // 3)
    for each in again:
        everything.insert(random.randrange(len(everything)), each)
    return events, everything


def harmed(store: Store, events: Sequence[Json], ruleset: Ruleset) -> Counter[str]:
    """How many genuine alerts are missing, told twice, lowered or hidden."""
    found: dict[str, list[Alert]] = {}
    for alert in listed(store):
        found.setdefault(alert.own_id, []).append(alert)
    harm: Counter[str] = Counter(missing=0, twice=0, lowered=0, hidden=0)
    for alert in alerts_of(events, ruleset).alerts:
        kept = found.get(alert.own_id, [])
        harm["missing"] += not kept
        harm["twice"] += len(kept) > 1
        harm["lowered"] += any(is_lower(each, alert) for each in kept)
        harm["hidden"] += any(hides(store, each, alert) for each in kept)
    return harm


def is_lower(kept: Alert, alert: Alert) -> bool:
    came_of_it = CAME_OF_IT.index(kept.outcome) >= CAME_OF_IT.index(alert.outcome)
    return kept.severity.rank < alert.severity.rank or not came_of_it


def hides(store: Store, kept: Alert, alert: Alert) -> bool:
    """Whether a rule, a way to people, its time or what it was done to is gone."""
    stored = store.archive.get(kept.alert_id)
    assert stored is not None
    ways = {each.channel for each in stored.deliveries}
    rules = set(alert.rule_ids) <= set(kept.rule_ids)
    says = all(name.rpartition("/")[2] in kept.text for name in alert.resources[:1])
    near = abs(kept.event_time - alert.event_time) <= timedelta(days=1)
    return not (rules and says and near and set(alert.channels) <= ways)


def proven(store: Store, ruleset: Ruleset, forged: int, seed: int, kind: str) -> None:
    random = Random(seed)
    events, everything = scene(forged, random)
    for batch in batches(everything, random):
        ingest(store, ruleset, batch, random)
    harm = harmed(store, events, ruleset)
    before = listed(store)

    random.shuffle(everything)
    new = sum(ingest(store, ruleset, batch, random) for batch in batches(everything, random))

    figure("forged addenda and ids", store=kind, forged=forged, genuine=len(events),
           alerts=len(before), **harm, new_when_redelivered=new,
           corrected=sum(bool(each.changes) for each in before))  # fmt: skip
    assert set(harm.values()) == {0}
    assert new == 0
    assert listed(store) == before


@pytest.mark.parametrize("seed", range(size(1, 3)))
def test_a_thousand_forged_records_lower_hide_and_lose_nothing(
    seed: int, tmp_path: Path, ruleset: Ruleset
) -> None:
    proven(sqlite_store(tmp_path / "alerts.db"), ruleset, size(1000, 4000), seed, "sqlite")


@pytest.mark.parametrize("kind", [*MOTO, "emulator"])
def test_nor_do_forged_records_in_dynamodb(
    kind: str, request: pytest.FixtureRequest, ruleset: Ruleset
) -> None:
    client = request.getfixturevalue(f"{kind}_client")
    with table(client) as name:
        store = dynamodb_store(client, name, clock=lambda: START)
        forged = size(60, 400) if kind == "emulator" else 60  # moto is slow
        proven(store, ruleset, forged, 1, kind)


def test_every_genuine_event_is_told_among_forged_ones(world: World, ruleset: Ruleset) -> None:
    random = Random(7)
    events, everything = scene(size(200, 1000), random)
    for batch in batches(everything, random):
        ingest(world.store, ruleset, batch, random)
        world.run()
    while world.run().next_at:
        world.clock.advance(60)
    kept = {each.own_id: each for each in listed(world.store)}
    shown = [kept[alert.own_id] for alert in alerts_of(events, ruleset).alerts]
    assert missing(world.journal, shown) == 0
    figure("told among forged ones", genuine=len(events), alerts=len(told(world.journal)))
