"""DynamoDB's figures, on the emulator: units of an alert and of a sweep (units.py), calls and time
of an ingest, read units of a page.

    python -m bench.dynamodb [--quick]

Read units are counted here, by DynamoDB's rules: the emulator's own count knows no sizes.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from bench import units
from bench.alerts import BATCH, END, alerts, fill, seconds_of
from bench.figure import Figure, bounded, print_all
from bench.store import queries
from bench.units import emulator_client
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.dynamodb.table import BY_DAY, BY_QUEUE, table_definition
from chalicelib.stores.store import Store
from tests.stores.emulator import Emulator
from tests.stores.reckoned import size_of

LONGEST = 200  # alerts of a page, as the API allows
MEGABYTE = 1024 * 1024  # what one request reads at most


class Counted:
    """A client that counts its calls, and the bytes and units that they read."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls = 0
        self.bytes, self.units = 0.0, 0.0
        self._bytes_an_item: dict[str, float] = {}

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.calls += 1
            response = getattr(self._client, operation)(**arguments)
            if operation == "query":
                # The store plans by this number, so it is told as AWS would tell it.
                units = self._queried(arguments, response["ScannedCount"])
                response["ConsumedCapacity"] = {"CapacityUnits": units}
            elif operation == "batch_get_item":
                found = [item for items in response["Responses"].values() for item in items]
                for item in found:
                    self._read(size_of(item), consistent=False)
            return response

        return call

    def begin(self) -> None:
        """Count from here."""
        self.calls, self.bytes, self.units = 0, 0.0, 0.0

    def weigh(self, table: str) -> None:
        """Learn what an item of each index weighs: a query tells only how many it looked at."""
        for index in (BY_DAY, BY_QUEUE):
            items = self._client.scan(TableName=table, IndexName=index, Limit=500)["Items"]
            self._bytes_an_item[index] = sum(map(size_of, items)) / max(len(items), 1)

    def _queried(self, arguments: dict[str, Any], looked_at: int) -> float:
        weight = self._bytes_an_item.get(arguments.get("IndexName", ""), 0.0)
        return self._read(looked_at * weight, bool(arguments.get("ConsistentRead")))

    def _read(self, size: float, consistent: bool) -> float:
        """Half a unit for each 4 KB of what may lag. Source: DynamoDB, "Read capacity"."""
        units = math.ceil(max(size, 1) / 4096) / (1 if consistent else 2)
        self.bytes += size
        self.units += units
        return units


def figures(quick: bool) -> Iterator[Figure]:
    """Raises RuntimeError where the emulator is not installed."""
    with tempfile.TemporaryDirectory() as folder:
        emulator = Emulator.installed(Path(folder))
        if emulator is None:
            raise RuntimeError("the emulator is not installed: make emulator")
        with emulator:
            client = emulator_client(emulator.url)
            yield from units.measured(client, units.median_alert([]))
            yield from _measured(Counted(client), 2 * BATCH if quick else 20 * BATCH)


def _measured(client: Counted, count: int) -> Iterator[Figure]:
    name = f"bench-{time.time_ns()}"
    client.create_table(**table_definition(name))
    store = dynamodb_store(client, name, clock=lambda: END)
    yield from _ingest(store, client)
    fill(store, count)
    client.weigh(name)
    for kind, query in queries().items():
        store.archive.search(query, 1)
        client.begin()
        store.archive.search(query, LONGEST)
        what = f"a page of {LONGEST} of {count:,} alerts, {kind}"
        yield bounded(f"dynamodb bytes: {what}", client.bytes, "bytes", MEGABYTE)
        yield Figure(name=f"dynamodb read units: {what}", value=client.units, unit="RCU")
        yield Figure(name=f"dynamodb calls: {what}", value=client.calls, unit="calls")


def _ingest(store: Store, client: Counted) -> Iterator[Figure]:
    batch = list(alerts(BATCH, seed=8))
    client.begin()
    spent = seconds_of(partial(store.outbox.add, batch, END)) * 1000
    name = "dynamodb ingest of 1,000 alerts"
    yield Figure(name=name, value=spent, unit="ms")
    yield bounded(f"{name}, calls", client.calls, "calls", BATCH + 200)


if __name__ == "__main__":
    print_all(figures)
