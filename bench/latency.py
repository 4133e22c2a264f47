"""From the handler's start to Slack's first byte, for one critical alert in a batch."""

from __future__ import annotations

import itertools
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from unittest.mock import patch

import app
from bench import events
from bench.figure import Figure, alternately, compared, print_all
from bench.hot_path import LIMIT, limit
from chalicelib.bootstrap import current
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.rule import Severity
from tests.slack.stub import Slack, serving

RECORDS = 1000
# The shares of reads, so that the critical alert is the batch's only one.
POOL = 3 * RECORDS


class Context:
    """What Lambda tells of itself."""

    def get_remaining_time_in_millis(self) -> int:
        """A minute: as much as any batch needs."""
        return 60_000


def figures(quick: bool) -> Iterator[Figure]:
    """A critical alert that is last of 1,000 records, beside one that comes alone."""
    arrived: list[float] = []
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Slack(choose=lambda *_: _noted(arrived))) as url,
    ):
        chosen = {
            "ALERT_STORE": f"sqlite:///{folder}/alerts.db",
            "SLACK_TOKEN": "xoxb-" + "bench",
            "SLACK_API_URL": url,
        }
        with patch.dict(os.environ, chosen):
            yield from _measure(arrived, 5 if quick else 15)


def _measure(arrived: list[float], rounds: int) -> Iterator[Figure]:
    ruleset = current().ruleset
    quiet = [text for text in events.texts(POOL) if not ruleset.match(Record.parse(text))]
    numbers = itertools.count(1)

    def first_byte(beside: int) -> Callable[[], float]:
        def seconds() -> float:
            alerting = events.stop_logging(next(numbers))
            severity = ruleset.match(Record.parse(alerting))[0].severity
            if severity is not Severity.CRITICAL:
                raise AssertionError(f"StopLogging is {severity}")
            batch = events.batch([*quiet[:beside], alerting])
            time.sleep(1.1)  # the channel's pace must not count
            arrived.clear()
            began = time.perf_counter()
            app.ingest_logs(batch, Context())
            return (arrived[0] - began) * 1000

        return seconds

    whole = events.batch(quiet[:RECORDS])
    many, one, reading = alternately(
        rounds, first_byte(RECORDS - 1), first_byte(0), _milliseconds(lambda: limit(whole))
    )
    yield compared(f"handler's start to Slack's first byte, a critical alert within {RECORDS:,} "
                   "records, against one alone", "ms", many, one)  # fmt: skip
    yield compared(f"{LIMIT} over {RECORDS:,} records, against one critical alert alone", "ms",
                   reading, one)  # fmt: skip


def _milliseconds(call: Callable[[], object]) -> Callable[[], float]:
    def taken() -> float:
        began = time.perf_counter()
        call()
        return (time.perf_counter() - began) * 1000

    return taken


def _noted(arrived: list[float]) -> str:
    arrived.append(time.perf_counter())
    return "ok"


if __name__ == "__main__":
    print_all(figures)
