"""SQLite's figures: pages and summaries over alerts of 90 days, and the ingest of 1,000.

    python -m bench.store [--quick] [--alerts N] [--file PATH]

Of each filter the first and the 100th page, or the last where a filter has fewer.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median

from bench.alerts import BATCH, END, NAMES, alerts, fill, seconds_of
from bench.figure import Figure, bounded
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store

LIMIT = 50
LIMIT_MS = 50.0  # what p99 stays under


def figures(path: Path, count: int, rounds: int) -> Iterator[Figure]:
    """Of the file at `path`, which is filled with `count` alerts where it is empty."""
    store = sqlite_store(path)
    if not store.archive.search(AlertQuery(), 1).alerts:
        spent = fill(store, count)
        kept = "sqlite alerts kept a second, a thousand at a time"
        yield Figure(name=kept, value=count / spent, unit="1/s")
        size = path.stat().st_size / count
        yield Figure(name="sqlite bytes an alert", value=size, unit="bytes")
    yield from _pages(store, rounds)
    yield from _summary(store, rounds)
    with tempfile.TemporaryDirectory() as folder:
        yield from _ingest(Path(folder))


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.store", description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer alerts and rounds")
    options.add_argument("--alerts", type=int, default=50_000)
    options.add_argument("--file", type=Path, help="keep the SQLite file here, and use it again")
    chosen = options.parse_args()
    count, rounds = (5_000, 10) if chosen.quick else (chosen.alerts, 50)
    with tempfile.TemporaryDirectory() as folder:
        for figure in figures(chosen.file or Path(folder) / "alerts.db", count, rounds):
            print(figure.line(), flush=True)


def queries() -> dict[str, AlertQuery]:
    """A busy and a rare value of every filter."""
    return {
        "all": AlertQuery(),
        "severity=info": AlertQuery(severity=(Severity.INFO,)),
        "severity=critical": AlertQuery(severity=(Severity.CRITICAL,)),
        "actor, busy": AlertQuery(actor=("dev.0",)),
        "actor, rare": AlertQuery(actor=("admin.499",)),
        "event_name, busy": AlertQuery(event_name=(NAMES[0],)),
        "event_name, rare": AlertQuery(event_name=(NAMES[-1],)),
        "account, busy": AlertQuery(account=("111122220000",)),
        "account, rare": AlertQuery(account=("111122220019",)),
        "state=sent": AlertQuery(state=(DeliveryState.SENT,)),
        "state=parked": AlertQuery(state=(DeliveryState.PARKED,)),
        "text, busy": AlertQuery(text="dev.0"),
        "text, rare": AlertQuery(text="admin.499"),
        "text, everywhere": AlertQuery(text="eu-central-1"),
        "text, nowhere": AlertQuery(text="no such text"),
        "text, its parts everywhere": AlertQuery(text="central-1:thing/"),
        "actor and severity": AlertQuery(actor=("dev.0",), severity=(Severity.CRITICAL,)),
    }


def _pages(store: Store, rounds: int) -> Iterator[Figure]:
    for name, query in queries().items():
        for page, cursor in (("first", None), ("100th", _hundredth(store, query))):
            if page == "100th" and cursor is None:
                continue
            call = partial(store.archive.search, query, LIMIT, cursor)
            times = [seconds_of(call) for _ in range(rounds)]
            yield from _percentiles(f"sqlite page, {name}, {page}", times)


def _hundredth(store: Store, query: AlertQuery) -> str | None:
    """The cursor of the 100th page, or of the last there is; None where there is one page."""
    cursor: str | None = None
    for _ in range(99):
        after = store.archive.search(query, LIMIT, cursor).next_cursor
        if after is None:
            return cursor
        cursor = after
    return cursor


def _summary(store: Store, rounds: int) -> Iterator[Figure]:
    day = timedelta(hours=24)
    ends = [END - timedelta(hours=number) for number in range(rounds)]
    times = [seconds_of(partial(store.archive.summary, end - day, end)) for end in ends]
    yield from _percentiles("sqlite summary of 24 h", times)


def _ingest(folder: Path) -> Iterator[Figure]:
    batch = list(alerts(BATCH))
    times = []
    for number in range(5):
        store = sqlite_store(folder / f"{number}.db")
        store.outbox.known([])
        times.append(seconds_of(partial(store.outbox.add, batch, END)) * 1000)
    name = "sqlite ingest of 1,000 alerts"
    yield Figure(name=name, value=median(times), unit="ms", n=len(times))


def _percentiles(name: str, times: list[float]) -> Iterator[Figure]:
    ordered = sorted(times)
    for percent in (50, 99):
        value = ordered[min(len(times) * percent // 100, len(times) - 1)] * 1000
        yield bounded(f"{name}, p{percent}", value, "ms", LIMIT_MS, len(times))


if __name__ == "__main__":
    main()
