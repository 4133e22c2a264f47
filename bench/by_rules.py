"""What a record costs by how many rules there are, and by how much is allowed."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bench import events
from bench.figure import Figure, alternately, compared, timed
from chalicelib.ingest.log_subscription import LogSubscriptionEvent
from chalicelib.rules.allow import Allow
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.loading import load
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset

Event = dict[str, Any]
UNTIL = datetime(2027, 11, 24, 12, 0, 0, tzinfo=UTC)


def match(event: Event, ruleset: Ruleset) -> int:
    """Decode a batch and try its records, as the handler does; how many match."""
    return len(match_all(LogSubscriptionEvent(event, None).messages, ruleset).matches)


def sieving(ruleset: Ruleset) -> Ruleset:
    """As a process has it that has tried some thousand records."""
    ruleset.sieve.build()
    return ruleset


def by_rules(passes: list[Event], rounds: int) -> Iterator[Figure]:
    """Cost of a record where rules name events, and where they name none."""
    records = _count(passes)

    def cost(ruleset: Ruleset) -> Callable[[], float]:
        seconds = timed(lambda: [match(event, ruleset) for event in passes])
        return lambda: seconds() / records * 1e6

    counts = (10, 160, 500)
    named = alternately(rounds, *(cost(_ruleset(_naming(count))) for count in counts))
    for count, values in zip(counts, named, strict=True):
        yield compared(f"{count} rules that name events, against 10", "µs/record", values, named[0])
    name = "500 rules that name events, against 160"
    yield compared(name, "µs/record", named[2], named[1])
    few, none = alternately(rounds, cost(_ruleset(_general(10))), cost(_ruleset([])))
    yield compared("10 general rules (no name, no source), against none", "µs/record", few, none)


def by_allows(passes: list[Event], rounds: int) -> Iterator[Figure]:
    """Cost of a record by the default rules, where all ten of what is allowed must be tried."""
    records = _count(passes)
    defaults, keys = load_defaults()
    loaded = load(defaults, [])

    def cost(count: int) -> Callable[[], float]:
        allows = tuple(map(_allow, range(count)))
        ruleset = sieving(Ruleset(replace(loaded, allows=allows), keys))
        seconds = timed(lambda: [match(event, ruleset) for event in passes])
        return lambda: seconds() / records * 1e6

    ten, none = alternately(rounds, cost(10), cost(0))
    yield compared("decode + match with ten allows, against none", "µs/record", ten, none)


def _allow(number: int) -> Allow:
    """One that holds for nobody, by all that it may ask."""
    actor = f"arn:aws:iam::111122223333:role/ci-{number}-*"
    return Allow(rules=("all",), actors=(actor,), networks=("0.0.0.0/1",), until=UNTIL, where="")


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
    return sieving(Ruleset(LoadedRules(rules=rules)))


def _count(passes: list[Event]) -> int:
    return sum(len(LogSubscriptionEvent(event, None).messages) for event in passes)
