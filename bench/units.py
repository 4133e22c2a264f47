"""DynamoDB's units, on the emulator: of an alert told alone, of one in a digest, of an idle sweep.

    python -m bench.units [FILE.jsonl…]

They are reckoned from the recorded calls (reckoned.py). The alert is that of the record with the
median size among those of the files that alert; without files, of records of our own.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import events
from bench.figure import Figure, bounded, print_all
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.judging import judge
from chalicelib.cloudtrail.record import alert_id_of
from chalicelib.monitoring.health import health
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Severity
from chalicelib.rules.ruleset import Ruleset
from chalicelib.stores.dynamodb.marks import SEARCH_EVERY, STANDS_SECONDS
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.dynamodb.table import table_definition
from tests.delivery.world import CHANNEL, Clock, World
from tests.stores.emulator import Emulator
from tests.stores.reckoned import Reckoned
from tests.usecases.sweeping import sweep

ALONE, IN_A_DIGEST, IDLE_SWEEP = 16, 12, 4
DIGEST, CHANNELS = 250, 50


def figures(quick: bool, paths: list[Path] | None = None) -> Iterator[Figure]:  # noqa: ARG001
    """Raises RuntimeError where the emulator is not installed."""
    median = median_alert(paths or [])
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator.installed(Path(folder))
        if emulator is None:
            raise RuntimeError("the emulator is not installed: make emulator")
        with emulator:
            yield from measured(emulator_client(emulator.url), median)


def measured(client: Any, median: Alert) -> Iterator[Figure]:
    """The three figures of one empty table of this client's."""
    name, clock, reckoned = f"units-{time.time_ns()}", Clock(), Reckoned(client)
    client.create_table(**table_definition(name))
    store = dynamodb_store(reckoned, name, clock=clock.now, monotonic=clock.monotonic)
    channels = (CHANNEL, *(f"#channel-{number:02}" for number in range(1, CHANNELS)))
    world = World(store, clock=clock, channels=channels)
    for number, channel in enumerate(channels):  # once, so that each is known and was used
        world.add(_another(median, f"first {number}", clock, channels=(channel,)))
    while world.run().next_at:
        clock.advance(60)
    _until_idle(world)

    _search_all(world)
    reckoned.begin()
    world.add(_another(median, "alone", clock, severity=Severity.HIGH))
    store.notes.note("seen", {"at": clock.now().isoformat(), "records": 10})
    world.run()
    _until_idle(world)
    yield bounded("dynamodb alert told alone, written", reckoned.written, "WCU", ALONE)
    print(f"{name}: {dict(reckoned.by_item)}", file=sys.stderr)

    clock.advance(3600)
    _search_all(world)
    reckoned.begin()
    world.add(*(_another(median, f"one of many {n}", clock) for n in range(DIGEST)))
    world.run()
    _until_idle(world)
    each = reckoned.written / DIGEST
    yield bounded(f"dynamodb alert among {DIGEST} in a digest, written", each, "WCU", IN_A_DIGEST)
    print(f"{name}: {dict(reckoned.by_item)}", file=sys.stderr)

    sweep(world)  # with the checks of every quarter of an hour, 450 s after the search
    clock.advance(60)
    idle = f"dynamodb sweep over {CHANNELS} channels with nothing due"
    yield bounded(f"{idle}, read", _read(reckoned, lambda: sweep(world)), "RCU", IDLE_SWEEP)
    clock.advance(450)
    what = f"{idle} that looks for lost marks, each quarter of an hour, read"
    yield bounded(what, _read(reckoned, lambda: sweep(world)), "RCU", IDLE_SWEEP)
    clock.advance(450)
    what = f"{idle} that checks and removes the old, each quarter of an hour, read"
    yield Figure(name=what, value=_read(reckoned, lambda: sweep(world)), unit="RCU")
    asked = _read(reckoned, lambda: _health(world))
    what = f"dynamodb /health over {CHANNELS} channels"
    yield Figure(name=f"{what} with nothing due, read", value=asked, unit="RCU")
    world.add(*(_another(median, f"due to {each}", clock, channels=(each,)) for each in channels))
    asked = _read(reckoned, lambda: _health(world))
    yield Figure(name=f"{what} with an alert due to each, read", value=asked, unit="RCU")


def median_alert(paths: list[Path]) -> Alert:
    """The alert of the record with the median size among those of the files that alert."""
    texts = [line for path in paths for line in path.read_text("utf-8").splitlines() if line]
    compact = [json.dumps(json.loads(text), separators=(",", ":")) for text in texts]
    matched = match_all(compact or events.texts(20_000), Ruleset.load())
    judged = judge(matched, accounts={}, default_channel=CHANNEL, now=datetime.now(UTC))
    by_size = sorted(judged.alerts, key=lambda alert: len(json.dumps(alert.record)))
    return by_size[len(by_size) // 2]


def _another(median: Alert, name: str, clock: Clock, **changes: Any) -> Alert:
    """The median alert as that of another event, of somebody else."""
    now = clock.now()
    values: dict[str, Any] = {
        "alert_id": alert_id_of(median.account_id, name),
        "severity": Severity.LOW,
        "principal": name,
        "event_time": now,
        "seen_at": now,
        "channels": (CHANNEL,),
    }
    return replace(median, **values | changes)


def _until_idle(world: World) -> None:
    """The sweeps until no mark is left; nothing is due in them."""
    for _ in range(3):
        world.clock.advance(STANDS_SECONDS)
        world.run()


def _search_all(world: World) -> None:
    """The search of every quarter of an hour, which is no alert's."""
    world.clock.advance(SEARCH_EVERY.total_seconds())
    world.run()


def _read(reckoned: Reckoned, act: Callable[[], object]) -> float:
    """The read units that it takes."""
    reckoned.begin()
    act()
    return reckoned.read


def _health(world: World) -> None:
    health(world.store.archive, world.store.notes, world.clock.now(), next_step=str)


def emulator_client(url: str) -> Any:
    """A client of DynamoDB for an emulator there."""
    import boto3
    from botocore.config import Config

    return boto3.client(
        "dynamodb",
        endpoint_url=url,
        config=Config(max_pool_connections=16),
        region_name="eu-central-1",
        aws_access_key_id="bench",
        aws_secret_access_key="bench",
    )


if __name__ == "__main__":
    given = [Path(name) for name in sys.argv[1:] if not name.startswith("--")]
    print_all(lambda quick: figures(quick, given))
