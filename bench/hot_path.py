"""The way of a record through one Lambda: decode, match, alert, Slack's payload.

Computing only: seconds are the processor's, and every ratio is of one run.
"""

from __future__ import annotations

import base64
import json
import random
import shutil
import subprocess
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from bench import events
from bench.by_rules import by_allows, by_rules, match, sieving
from bench.figure import Figure, alternately, compared, print_all, rate, timed
from chalicelib.alerts.judging import judge
from chalicelib.cloudtrail.record import Record
from chalicelib.ingest import inflating
from chalicelib.ingest.log_subscription import LogSubscriptionEvent
from chalicelib.rules.matching import match_all
from chalicelib.rules.ruleset import Ruleset
from chalicelib.slack.message import Look, single

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
NODE = Path(__file__).with_name("plain.mjs")
BATCH = 500
LIMIT = "base64 + gunzip + orjson alone"

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured: records a pass, and rounds."""

    records: int = 10_000
    rounds: int = 11


def figures(quick: bool) -> Iterator[Figure]:
    """Throughput of the parts and of the whole, cost by rules and by size of the batch."""
    sizes = Sizes(2_000, 5) if quick else Sizes()
    ruleset = sieving(Ruleset.load())
    natural = events.texts(sizes.records)
    yield from _throughput("decode + match", natural, sizes, lambda event: match(event, ruleset))
    yield from _by_what_is_installed(natural, sizes, ruleset)
    yield from _throughput(
        "records to Slack payloads, 10 % matched",
        tenth_matched(sizes.records, ruleset),
        sizes,
        lambda event: payloads(event, ruleset),
    )
    yield from by_rules(batches(natural), sizes.rounds)
    yield from by_allows(batches(natural), sizes.rounds)
    yield from _by_size(natural, sizes, ruleset)


def limit(event: Event) -> None:
    """What no program in Python can do without: the payload and each record as objects."""
    packed = base64.b64decode(event["awslogs"]["data"])
    for log_event in orjson.loads(zlib.decompress(packed, wbits=31))["logEvents"]:
        orjson.loads(log_event["message"])


def payloads(event: Event, ruleset: Ruleset) -> int:
    """Decode a batch, judge it, and write what Slack would get for each alert."""
    bodies = LogSubscriptionEvent(event, None).messages
    matched = match_all(bodies, ruleset)
    judged = judge(matched, accounts=ruleset.accounts, default_channel="#trailbell", now=NOW)
    for alert in judged.alerts:
        message = single(alert, channel="#trailbell", post_id=alert.alert_id, look=Look())
        orjson.dumps(message)
    return len(judged.alerts)


def batches(messages: list[str], size: int = BATCH) -> list[Event]:
    """The messages as CloudWatch Logs would deliver them."""
    return [events.batch(messages[at : at + size]) for at in range(0, len(messages), size)]


def tenth_matched(count: int, ruleset: Ruleset) -> list[str]:
    """That many records of which every tenth matches a rule."""
    hits: list[str] = []
    misses: list[str] = []
    seed = events.SEED
    while len(hits) < count // 10 or len(misses) < count - count // 10:
        for text in events.texts(count, seed):
            (hits if ruleset.match(Record.parse(text)) else misses).append(text)
        seed += 1
    mixed = hits[: count // 10] + misses[: count - count // 10]
    random.Random(events.SEED).shuffle(mixed)
    return mixed


def _throughput(
    name: str, messages: list[str], sizes: Sizes, ours: Callable[[Event], object]
) -> Iterator[Figure]:
    passes = batches(messages)
    count = len(messages)

    def over(one: Callable[[Event], object]) -> Callable[[], float]:
        return rate(lambda: [one(event) for event in passes], count)

    with _plain_node(passes, count) as node:
        calls = [over(ours), over(limit), *([node] if node else [])]
        mine, most, *theirs = alternately(sizes.rounds, *calls)
    yield compared(f"{name}, against {LIMIT}", "records/s", mine, most)
    if theirs:
        yield compared(f"{name}, against the plain Node program", "records/s", mine, theirs[0])
    else:
        yield Figure(name=f"{name}, against the plain Node program: no node here",
                     value=0.0, unit="records/s", n=0)  # fmt: skip


@contextmanager
def _plain_node(passes: list[Event], count: int) -> Iterator[Callable[[], float] | None]:
    """A function that lets the Node program make one pass and returns its records a second."""
    node = shutil.which("node")
    if node is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "batches.jsonl"
        path.write_text("\n".join(map(json.dumps, passes)))
        with subprocess.Popen(
            [node, NODE, path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:
            if process.stdin is None or process.stdout is None:
                raise AssertionError("no pipes to node")
            questions, answers = process.stdin, process.stdout

            def one_pass() -> float:
                questions.write("\n")
                questions.flush()
                return count / float(answers.readline())

            yield one_pass
            questions.close()


def _by_what_is_installed(messages: list[str], sizes: Sizes, ruleset: Ruleset) -> Iterator[Figure]:
    """The same as a Lambda has it, which inflates by zlib, and where nothing is skimmed either."""
    passes = batches(messages)

    def by_zlib(rules: Ruleset) -> None:
        fast, inflating.isal = inflating.isal, None
        for event in passes:
            match(event, rules)
        inflating.isal = fast

    every = Ruleset.load()
    every.sieve._to_try = 0  # so that it is never built
    calls = (
        partial(by_zlib, ruleset),
        partial(by_zlib, every),
        lambda: list(map(limit, passes)),
    )
    mine, plain, most = alternately(sizes.rounds, *(rate(call, len(messages)) for call in calls))
    yield compared(f"decode + match by zlib, against {LIMIT}", "records/s", mine, most)
    name = f"decode + match by zlib, every record parsed, against {LIMIT}"
    yield compared(name, "records/s", plain, most)


def _by_size(messages: list[str], sizes: Sizes, ruleset: Ruleset) -> Iterator[Figure]:
    """Twice the records; the limit beside it, which outgrows the processor's caches too."""
    batch = {size: events.batch(messages[:size]) for size in (500, 1000, 2000)}
    ours = [timed(partial(match, event, ruleset)) for event in batch.values()]
    least = [timed(partial(limit, event)) for event in batch.values()]
    small, half, whole, _, less, more = alternately(sizes.rounds * 2, *ours, *least)
    yield compared("a batch of 1,000 records, against 500", "s", half, small)
    yield compared("a batch of 2,000 records, against 1,000", "s", whole, half)
    yield compared(f"{LIMIT}, 2,000 records, against 1,000", "s", more, less)


if __name__ == "__main__":
    print_all(figures)
