"""The API's figures, one JSON object a line: python -m bench.api [--quick] [--file PATH].

Each route in process, from the Lambda event to the answer's JSON, over a SQLite file of a million
alerts in 90 days: p50 and p99 of the first page and of the 100th (or of the last, where a filter
has fewer), for every filter alone, in wall-clock time, as who waits for it feels it. Beside them
the page's weight, and how many requests come before its first list. The file (2.5 GB) is made
once (some minutes) and kept in the temporary folder.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalice.app import Chalice
from chalice.local import LambdaEventConverter, RouteMatcher

from bench import alerts as generator
from bench.alerts import END, fill
from bench.figure import Figure, bounded
from chalicelib.bootstrap import Program
from chalicelib.settings import Settings
from chalicelib.stores import encoding
from chalicelib.stores.sqlite import alerts as sqlite_alerts
from chalicelib.stores.sqlite import database as sqlite_database
from chalicelib.stores.sqlite import schema as sqlite_schema
from chalicelib.stores.sqlite import store as sqlite
from chalicelib.stores.sqlite import tags as sqlite_tags
from chalicelib.web import api, page

TOKEN = "bench-" + "token"
REQUESTS = 200
LIMIT_MS = 50.0  # what p99 stays under
PAGE_LIMIT_BYTES = 75_000
FILTERS: dict[str, dict[str, Any]] = {
    "none": {},
    "since": {"since": "2026-10-10T00:00:00Z"},
    "until": {"until": "2026-10-10T00:00:00Z"},
    "severity": {"severity": "critical"},
    "actor_busy": {"actor": "dev.0"},
    "actor_rare": {"actor": "admin.450"},
    "event_name": {"event_name": "DeleteBucket"},
    "account": {"account": "111122220003"},
    "state_sent": {"state": "sent"},
    "state_parked": {"state": "parked"},
    "region": {"region": "eu-central-1"},
    "service": {"service": "s3"},
    "rule": {"rule": "iam-critical"},
    "source_ip": {"source_ip": "192.0.2.7"},
    "outcome": {"outcome": "succeeded"},
    "outcome_absent": {"outcome": "refused"},
    "several": {
        "severity": ["critical", "high"],
        "service": ["s3", "iam"],
        "region": "eu-central-1",
    },
    "q_common": {"q": "bucket"},
    "q_rare": {"q": "admin.499"},
    "q_absent": {"q": "no such thing"},
}


class Caller:
    """Asks the application as API Gateway does."""

    def __init__(self, store: Path) -> None:
        self.app = Chalice(app_name="trailbell")
        program = Program(Settings(alert_store=f"sqlite:///{store}", api_token=TOKEN))
        api.register(self.app, lambda: program, clock=lambda: END)
        self._events = LambdaEventConverter(RouteMatcher(list(self.app.routes)))

    def get(self, path: str) -> tuple[float, dict[str, Any]]:
        """Milliseconds, and the answer's JSON."""
        headers = {"Authorization": f"Bearer {TOKEN}"}
        event = self._events.create_lambda_event("GET", path, headers)
        began = time.perf_counter()
        answer = self.app(event, None)
        spent = (time.perf_counter() - began) * 1000
        assert answer["statusCode"] == 200, answer["body"]
        return spent, json.loads(answer["body"])


def figures(quick: bool = False, file: Path | None = None) -> Iterator[Figure]:
    """The page's figures, then the API's; `quick` over 20,000 alerts instead of a million."""
    yield from _page()
    path = file or _filled(20_000 if quick else 1_000_000)
    yield Figure(name="api_store", value=_count(path), unit="alerts")
    yield from _latencies(Caller(path))


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m bench.api")
    options.add_argument("--quick", action="store_true", help="over 20,000 alerts")
    options.add_argument("--file", type=Path, help="a SQLite file that is filled already")
    chosen = options.parse_args()
    for figure in figures(chosen.quick, chosen.file):
        print(figure.line(), flush=True)


def _count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM alerts").fetchone()
    return int(count)


def _filled(alerts: int) -> Path:
    """The file that this code fills; made anew, in place of the last, when the code changes."""
    parts = (
        generator,
        encoding,
        sqlite,
        sqlite_alerts,
        sqlite_database,
        sqlite_schema,
        sqlite_tags,
    )
    code = b"".join(Path(str(part.__file__)).read_bytes() for part in parts)
    name = f"trailbell-bench-{alerts}-{hashlib.sha256(code).hexdigest()[:12]}.db"
    path = Path(tempfile.gettempdir()) / name
    done = path.with_suffix(".done")
    if not done.exists():
        for old in path.parent.glob(f"trailbell-bench-{alerts}-*"):
            old.unlink()
        fill(sqlite.sqlite_store(path), alerts)
        done.touch()
    return path


def _page() -> Iterator[Figure]:
    parts = [page.shell("/api/"), *(page.asset(name) for name in page.ASSETS)]
    weight = sum(len(part.encode()) for part in parts)
    yield bounded("page_weight", weight, "bytes", PAGE_LIMIT_BYTES)
    # The shell, its two assets, and the list: what comes after does not hold the list up.
    yield bounded("page_requests_to_first_list", len(parts) + 1, "requests", 4)


def _latencies(caller: Caller) -> Iterator[Figure]:
    for name, filters in FILTERS.items():
        first = f"/alerts?{urlencode(filters, doseq=True)}"
        yield from _percentiles(caller, f"api_alerts_{name}_first_page", first)
        later, pages = _hundredth(caller, filters)
        if pages > 1:
            yield from _percentiles(caller, f"api_alerts_{name}_page_{pages}", later)
    yield from _percentiles(caller, "api_summary_24_hours", "/summary?hours=24")
    _, page = caller.get("/alerts?limit=1")
    path = f"/alerts/{page['alerts'][0]['alert_id']}"
    yield from _percentiles(caller, "api_alert_details", path)


def _hundredth(caller: Caller, filters: dict[str, Any]) -> tuple[str, int]:
    path, pages = f"/alerts?{urlencode(filters, doseq=True)}", 1
    while pages < 100:
        _, answer = caller.get(path)
        if answer["next_cursor"] is None:
            break
        path = f"/alerts?{urlencode(filters | {'cursor': answer['next_cursor']}, doseq=True)}"
        pages += 1
    return path, pages


def _percentiles(caller: Caller, name: str, path: str) -> Iterator[Figure]:
    caller.get(path)
    spent = sorted(caller.get(path)[0] for _ in range(REQUESTS))
    for percent in (50, 99):
        value = spent[min(REQUESTS - 1, REQUESTS * percent // 100)]
        yield bounded(f"{name}_p{percent}", value, "ms", LIMIT_MS, REQUESTS)


if __name__ == "__main__":
    main()
