"""The webhook through the fault matrix: nothing is lost, and what may be a repeat says so."""

from __future__ import annotations

import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.delivery.dispatch import dispatch
from chalicelib.delivery.outcome import Outcome, Search
from chalicelib.delivery.ports import Way
from chalicelib.delivery.run import SWEEP, DispatchReport
from chalicelib.rules.rule import Severity
from chalicelib.settings import WEBHOOK
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.webhook.body import composer
from chalicelib.webhook.client import WebhookTransport
from tests.delivery.world import Clock, World, alert
from tests.reliability.proof import Entry, figure, mixed, size
from tests.reliability.test_kill import SPEED, command, run_killed
from tests.webhook.receiver import FAULTS, SECRET, Receiver, receiving
from tests.webhook.schema import wrong_with

# What a receiver may do three times in a row, and all is told afterwards.
KINDS = (*FAULTS, "302", "401", "404", "410")
# Bodies that are refused: the plainest is taken at last.
REFUSALS = ("400", "413")
LATENCY = 0.1


class OverSockets(WebhookTransport):
    """The real transport, whose requests take the virtual clock's time."""

    def __init__(self, url: str, clock: Clock) -> None:
        super().__init__(url, SECRET, call_seconds=0.25)
        self._clock = clock

    def post(self, payload: dict[str, Any], channel_id: str | None = None) -> Outcome:
        began = time.monotonic()
        outcome = super().post(payload, channel_id)
        took = time.monotonic() - began
        self._clock.advance(5.5 if took > 0.2 else LATENCY)
        return outcome

    def find(self, channel_id: str, post_id: str, since: datetime) -> Search:
        self._clock.advance(LATENCY)
        return super().find(channel_id, post_id, since)


class Told:
    """A world whose one channel is the webhook at that address."""

    def __init__(self, folder: Path, url: str) -> None:
        self.world = World(sqlite_store(folder / "alerts.db"), channels=(WEBHOOK,))
        self._way = Way(OverSockets(url, self.world.clock), composer(), folds=False)

    def sweep(self) -> DispatchReport:
        run = replace(self.world.prepared(100.0), others={WEBHOOK: lambda: self._way})
        return dispatch(run, channels=(WEBHOOK,), default_channel=WEBHOOK, patience=SWEEP)

    def states(self, alerts: Iterable[Alert]) -> set[DeliveryState]:
        return set(self.world.states(*alerts, channel=WEBHOOK))


def to_webhook(count: int) -> list[Alert]:
    return mixed(count, channels=(WEBHOOK,))


def missing(journal: Iterable[Entry], alerts: Iterable[Alert]) -> int:
    """How many alerts no request that was taken has a finding of."""
    told = {uid for entry in journal if entry["taken"] for uid in uids_of(entry)}
    return len({each.alert_id for each in alerts} - told)


def repeats(journal: Iterable[Entry]) -> tuple[int, int]:
    """How many findings came again, and how many of them did not say so."""
    seen: Counter[str] = Counter()
    repeated = unmarked = 0
    for entry in journal:
        if not entry["taken"]:
            continue
        for finding in entry["findings"]:
            again = bool(seen[finding["finding_info"]["uid"]])
            repeated += again
            unmarked += again and not finding["unmapped"]["possible_repeat"]
        seen.update(uids_of(entry))
    return repeated, unmarked


def ids_of_singles(journal: Iterable[Entry]) -> dict[str, set[str]]:
    """Under which ids each alert came that came by itself."""
    found: dict[str, set[str]] = {}
    for entry in journal:
        if len(entry["findings"]) == 1:
            found.setdefault(uids_of(entry)[0], set()).add(entry["id"])
    return found


def uids_of(entry: Entry) -> list[str]:
    return [finding["finding_info"]["uid"] for finding in entry["findings"]]


@pytest.mark.parametrize("severity", [Severity.CRITICAL, Severity.LOW])
@pytest.mark.parametrize("kind", [*KINDS, *REFUSALS])
def test_webhook_each_fault_three_times_delays_an_alert_and_loses_none(
    tmp_path: Path, kind: str, severity: Severity
) -> None:
    times = 2 if kind in REFUSALS else 3
    receiver = Receiver(choose=lambda number: kind if number < times else "ok")
    with receiving(receiver) as url:
        told = Told(tmp_path, url)
        one = alert(1, severity, channels=(WEBHOOK,))
        told.world.add(one)
        began = told.world.clock.passed
        for _ in range(20):
            if told.sweep().next_at is None:
                break
            told.world.clock.advance(60)
    repeated, unmarked = repeats(receiver.journal)
    figure(
        "a webhook's fault, three times",
        kind=kind,
        severity=severity.value,
        lost=missing(receiver.journal, [one]),
        repeats=repeated,
        unmarked=unmarked,
        told_after=round(told.world.clock.passed - began, 1),
    )
    assert told.states([one]) == {DeliveryState.SENT}
    assert missing(receiver.journal, [one]) == unmarked == 0
    assert {entry["id"] for entry in receiver.journal} == {receiver.journal[0]["id"]}
    assert len(receiver.journal) == times + 1


def test_webhook_faults_at_random_lose_nothing_and_every_repeat_says_so(tmp_path: Path) -> None:
    rounds = []
    for seed in range(size(2, 40)):
        luck = random.Random(seed)
        (tmp_path / str(seed)).mkdir()
        count = size(150, 400)
        journal = faulty(tmp_path / str(seed), count, partial(_fate, luck))
        rounds.append((missing(journal, to_webhook(count)), *repeats(journal), len(journal)))
        assert all(len(ids) == 1 for ids in ids_of_singles(journal).values())
        assert [wrong_with(each) for each in journal[-1]["findings"]] == [
            [] for _ in journal[-1]["findings"]
        ]
    lost, repeated, unmarked, requests = (sum(each) for each in zip(*rounds, strict=True))
    figure(
        "a webhook's faults at random",
        rounds=len(rounds),
        alerts=size(150, 400),
        kinds=len(FAULTS),
        requests=requests,
        lost=lost,
        repeats=repeated,
        unmarked=unmarked,
    )
    assert (lost, unmarked) == (0, 0)
    assert repeated  # else it would prove nothing


def faulty(folder: Path, count: int, fate: Callable[[], str]) -> list[Entry]:
    """So many alerts, a few at a time, through faults; what the receiver was sent."""
    receiver = Receiver(choose=lambda _: fate())
    with receiving(receiver) as url:
        told = Told(folder, url)
        alerts = to_webhook(count)
        for start in range(0, count, 25):
            told.world.add(*alerts[start : start + 25])
            told.sweep()
        for _ in range(60):
            if told.sweep().next_at is None:
                break
        assert told.states(alerts) == {DeliveryState.SENT}
    return receiver.journal


def _fate(luck: random.Random) -> str:
    return luck.choice(FAULTS) if luck.random() < 0.25 else "ok"


def test_webhook_survives_faults_and_kills(tmp_path: Path) -> None:
    count, most = size(200, 10_000), size(6, 120)
    (tmp_path / "acks").mkdir()
    luck, epoch = random.Random(20260102), time.time()
    receiver = Receiver(choose=lambda _: _fate(luck), slow_seconds=0.2)
    with receiving(receiver) as url:
        job: dict[str, object] = {
            "store": f"sqlite:///{tmp_path}/alerts.db",
            "slack": "http://127.0.0.1:9/",
            "webhook": url,
            "acks": str(tmp_path / "acks"),
            "alerts": count,
            "batch": 20,
            "speed": SPEED,
            "epoch": epoch,
            "call_seconds": 0.15,
        }
        began = time.monotonic()
        kills = run_killed(job, receiver.journal, random.Random(42), most)
        receiver.choose = None  # it is well again: what is left must arrive
        subprocess.run(command(job), check=True, timeout=size(120, 600))
        seconds = time.monotonic() - began
    repeated, unmarked = repeats(receiver.journal)
    lost = missing(receiver.journal, mixed(count))
    figure(
        "a webhook's faults and SIGKILL",
        store="SQLite",
        alerts=count,
        kills=kills,
        requests=len(receiver.journal),
        lost=lost,
        repeats=repeated,
        unmarked=unmarked,
        seconds=round(seconds, 1),
    )
    assert (lost, unmarked) == (0, 0)
    assert kills
