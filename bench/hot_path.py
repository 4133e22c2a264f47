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
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from bench import events
from bench.figure import Figure, alternately, compared, print_all, rate, timed
from chalicelib.alerts.judging import judge
from chalicelib.cloudtrail.record import Record
from chalicelib.ingest.log_subscription import LogSubscriptionEvent
from chalicelib.rules.allow import Allow
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.loading import load
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Rule, Severity
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
    ruleset = Ruleset.load()
    natural = events.texts(sizes.records)
    yield from _throughput("decode + match", natural, sizes, lambda event: match(event, ruleset))
    yield from _throughput(
        "records to Slack payloads, 10 % matched",
        tenth_matched(sizes.records, ruleset),
        sizes,
        lambda event: payloads(event, ruleset),
    )
    yield from _by_rules(natural, sizes)
    yield from _by_allows(natural, sizes)
    yield from _by_size(natural, sizes, ruleset)


def limit(event: Event) -> None:
    """What no program in Python can do without: the payload and each record as objects."""
    packed = base64.b64decode(event["awslogs"]["data"])
    for log_event in orjson.loads(zlib.decompress(packed, wbits=31))["logEvents"]:
        orjson.loads(log_event["message"])


def match(event: Event, ruleset: Ruleset) -> int:
    """Decode a batch and try its records, as the handler does; how many match."""
    found = LogSubscriptionEvent(event, None)
    return sum(
        bool(ruleset.match(Record.parse(log_event.message))) for log_event in found.log_events
    )


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


def _by_rules(messages: list[str], sizes: Sizes) -> Iterator[Figure]:
    """Cost of a record where rules name events, and where they name none."""
    passes = batches(messages)

    def cost(ruleset: Ruleset) -> Callable[[], float]:
        seconds = timed(lambda: [match(event, ruleset) for event in passes])
        return lambda: seconds() / len(messages) * 1e6

    counts = (10, 100, 500)
    named = alternately(sizes.rounds, *(cost(_ruleset(_naming(count))) for count in counts))
    for count, values in zip(counts, named, strict=True):
        yield compared(f"{count} rules that name events, against 10", "µs/record", values, named[0])
    few, none = alternately(sizes.rounds, cost(_ruleset(_general(10))), cost(_ruleset([])))
    yield compared("10 general rules (no name, no source), against none", "µs/record", few, none)


def _by_allows(messages: list[str], sizes: Sizes) -> Iterator[Figure]:
    """Cost of a record by the default rules, where all ten of what is allowed must be tried."""
    passes = batches(messages)
    defaults, keys = load_defaults()
    loaded = load(defaults, [])

    def cost(count: int) -> Callable[[], float]:
        ruleset = Ruleset(replace(loaded, allows=tuple(map(_allow, range(count)))), keys)
        seconds = timed(
            lambda: [
                match_all(LogSubscriptionEvent(event, None).messages, ruleset) for event in passes
            ]
        )
        return lambda: seconds() / len(messages) * 1e6

    ten, none = alternately(sizes.rounds, cost(10), cost(0))
    yield compared("decode + match with ten allows, against none", "µs/record", ten, none)


def _allow(number: int) -> Allow:
    """One that holds for nobody, by all that it may ask."""
    actor = f"arn:aws:iam::111122223333:role/ci-{number}-*"
    until = NOW + timedelta(days=365)
    return Allow(rules=("all",), actors=(actor,), networks=("0.0.0.0/1",), until=until, where="")


def _naming(count: int) -> list[str]:
    """Patterns that name one event each: at 500 every operation of the trail has its rule."""
    names = [*events.operations()]
    names += [f"{verb}Thing{number}" for number in range(200) for verb in ("Create", "Delete")]
    names += [f"UpdateThing{number}" for number in range(500 - len(names))]
    random.Random(events.SEED).shuffle(names)
    return [
        f'{{ ($.eventName = "{name}") && ($.userIdentity.type = "Root") && '
        "($.errorCode NOT EXISTS) }"
        for name in names[:count]
    ]


def _general(count: int) -> list[str]:
    return [
        f'{{ ($.awsRegion = "ap-south-{number}") && ($.sourceIPAddress != "*.amazonaws.com") }}'
        for number in range(count)
    ]


def _ruleset(patterns: list[str]) -> Ruleset:
    rules = tuple(
        Rule(id=f"rule-{at}", title="A rule", severity=Severity.LOW, pattern=pattern)
        for at, pattern in enumerate(patterns)
    )
    return Ruleset(LoadedRules(rules=rules))


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
