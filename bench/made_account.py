"""A made account of 30 days, and what its channel gets: python -m bench.made_account [--quick].

20 people, half of them in the console; 5 pipelines, each 4 runs of 40 changes a day; programs; and
12 misdeeds hidden in it (bench.misdeeds). 3 % of people's and pipelines' calls are refused. Which
operations they call says bench.everyday; what the requests hold comes from botocore's models. What
people do comes in tasks: the same on one to five things within minutes. The real rules judge it and
the real planner tells it, in virtual time. LOCAL is what such an account's operator writes.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bench.figure import Figure, bounded, print_all
from bench.made_trail import CI_NETWORK, PIPELINE_ROLES, START, Trail, day_of, moment_of
from bench.misdeeds import misdeeds
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.judging import judge, keep
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.loading import load
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.ruleset import Ruleset
from chalicelib.stores.sqlite.store import sqlite_store
from tests.delivery.world import CHANNEL, World
from tests.slack.stub import channel_id

SEEDS = (1, 2, 3)
READ, RECORD = CHANNEL, "#record"
LOCAL = f"""
[settings]
automation = [{{ arn = "{PIPELINE_ROLES}*", networks = ["{CI_NETWORK}"] }}]

[[route]]
severity = "medium"
channel = "{READ}"

[[route]]
channel = "{RECORD}"
"""
# What the same operator may add where each of the pipelines' changes is reviewed before it is made.
REVIEWED = f"""
[[allow]]
rule = "iam-policy-changed"
actor = "{PIPELINE_ROLES}*"
network = "{CI_NETWORK}"
reason = "reviewed before it is merged"
until = 2027-01-31
"""
RETENTION = timedelta(days=90)
MOST_A_DAY, MOST_READS, MOST_READS_OF_TERRAFORM = 10, 0.01, 0.02
TOLD_WITHIN_SECONDS = 60


@dataclass(slots=True)
class Played:
    """What came of one account: the messages of each channel by day, and what they told."""

    days: int
    messages: Counter[str] = field(default_factory=Counter)
    told_after: dict[str, float] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)
    by_rule: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)
    loud_reads: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)


def play(seed: int, days: int, local: str = LOCAL) -> tuple[Played, list[str]]:
    """A made account's days told by these rules; and the event ids of its misdeeds."""
    defaults, keys = load_defaults()
    ruleset = Ruleset(load(defaults, [parse(local, "local.toml")]), keys)
    trail = Trail(seed)
    hidden = misdeeds(trail, days)
    played = Played(days)
    with tempfile.TemporaryDirectory() as folder:
        world = World(sqlite_store(Path(folder) / "made.db"), channels=(READ, RECORD))
        world.clock.time = START
        for day in range(days):
            records = [*trail.day(day), *(each for each in hidden if day_of(each) == day)]
            alerts = _judged(sorted(records, key=_time), ruleset, played)
            _deliver(alerts, world, played)
    return played, [each["eventID"] for each in hidden]


def figures(quick: bool) -> Iterator[Figure]:
    """Of each seed: messages a day, misdeeds told in time, loud reads, and who made the most."""
    for seed in SEEDS[:1] if quick else SEEDS:
        days = 3 if quick else 30
        played, hidden = play(seed, days)
        yield from _figures(f"made account, seed {seed}", played, hidden)
    played, hidden = play(SEEDS[0], days, LOCAL + REVIEWED)
    name = f"made account, seed {SEEDS[0]}, pipelines' policies allowed"
    yield from _figures(name, played, hidden)


def _figures(name: str, played: Played, hidden: list[str]) -> Iterator[Figure]:
    days, ids = played.days, {alert.event_id: alert for alert in played.alerts.values()}
    for who, least in (("people", 300), ("pipelines", 800)):
        made = played.changes[who] / days
        yield Figure(name=f"{name}: changes by {who}", value=made, unit="a day", reference=least)
    a_day = played.messages[READ] / days
    yield bounded(f"{name}: messages", a_day, "a day", MOST_A_DAY)
    beside = played.messages[RECORD] / days
    yield Figure(name=f"{name}: messages of the record's channel", value=beside, unit="a day")
    told = [
        played.told_after.get(ids[event_id].alert_id, float("inf")) <= TOLD_WITHIN_SECONDS
        for event_id in hidden
        if event_id in ids and ids[event_id].severity.rank >= Severity.MEDIUM.rank
    ]
    yield Figure(
        name=f"{name}: misdeeds told at medium or above within a minute",
        value=sum(told), unit="misdeeds", reference=len(hidden),
    )  # fmt: skip
    for who, most in (("people", MOST_READS), ("pipelines", MOST_READS_OF_TERRAFORM)):
        loud = played.loud_reads[who] / max(played.reads[who], 1)
        yield bounded(f"{name}: reads of {who} above info", loud, "of reads", most)
    for rule_id, count in played.by_rule.most_common(8):
        yield Figure(name=f"{name}: messages by {rule_id}", value=count / days, unit="a day")


def _judged(
    records: list[dict[str, Any]], ruleset: Ruleset, played: Played
) -> list[tuple[datetime, Any]]:
    """The batches of a day: what came within a second, judged at its time."""
    kinds = [each.pop("_kind") for each in records]
    matched = match_all(records, ruleset)
    if matched.unreadable:
        sys.exit(f"made account: {matched.unreadable[0].reason}")
    above = set()
    batches: list[tuple[datetime, Any]] = []
    for match in matched.matches:
        at = moment_of(match.record.raw)
        one = type(matched)(1, [match], [])
        judged = judge(one, accounts={}, default_channel=READ, now=at, routes=ruleset.routes)
        if not judged.alerts:  # a member of what comes together, and nothing by itself
            continue
        batches.append((at, judged))
        if judged.alerts[0].severity is not Severity.INFO:
            above.add(match.position)
    for position, (record, kind) in enumerate(zip(records, kinds, strict=True)):
        if record["readOnly"]:
            played.reads[kind] += 1
            played.loud_reads[kind] += position in above
        else:
            played.changes[kind] += 1
    return batches


def _deliver(batches: Iterable[tuple[datetime, Any]], world: World, played: Played) -> None:
    """Keep and tell each batch at its time; while something waits, a sweep each minute."""
    waits = False
    for at, judged in batches:
        while waits and world.clock.time + timedelta(minutes=1) <= at:
            world.clock.advance(60)
            waits = world.sweep().next_at is not None
        world.clock.advance(max((at - world.clock.time).total_seconds(), 0))
        keep(judged, world.store.outbox, world.clock.now(), RETENTION)
        played.alerts |= {alert.alert_id: alert for alert in judged.alerts}
        waits = world.handle().next_at is not None
        _count(world, played)
    while waits:
        world.clock.advance(60)
        waits = world.sweep().next_at is not None
    _count(world, played)


def _count(world: World, played: Played) -> None:
    """What was posted since it was last counted."""
    names = {channel_id(name): name for name in (READ, RECORD)}
    for entry in world.journal:
        shown = entry["payload"]
        channel = names[channel_id(shown["channel"])]
        first = played.alerts[shown["alerts"][0]]
        if entry["method"] == "chat.postMessage":
            played.messages[channel] += 1
            if channel == READ:
                played.by_rule[first.rule_id] += 1
        for alert_id in shown["alerts"]:
            alert = played.alerts[alert_id]
            after = (world.clock.now() - alert.seen_at).total_seconds()
            played.told_after.setdefault(alert_id, after)
    world.journal.clear()


def _time(record: dict[str, Any]) -> str:
    return str(record["eventTime"])


if __name__ == "__main__":
    print_all(figures)
