"""The same thing a hundred times over is told once."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

from chalicelib.alerts.delivery import deliveries_of
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.delivery.dispatch import dispatch
from chalicelib.slack.client import SlackTransport
from chalicelib.stores.sqlite.store import sqlite_store
from tests.delivery.world import CHANNEL, World, alert
from tests.reliability.proof import annotated, figure, missing, mixed, posts, repeats, size
from tests.reliability.worker import Job
from tests.slack.stub import Slack, serving

# Slow enough that a lease outlasts a busy machine's pauses.
SPEED = 10.0


def test_one_batch_a_hundred_times_on_sixteen_threads_is_told_once(tmp_path: Path) -> None:
    alerts = [alert(number) for number in range(50)]  # critical: thirty go alone
    slack, store = Slack(), sqlite_store(tmp_path / "alerts.db")
    times, new = size(32, 100), []
    with serving(slack) as url:
        job = _job(tmp_path, url, len(alerts), time.time())
        turns = iter(range(times))
        lock = threading.Lock()

        def deliver() -> None:
            while True:
                with lock:
                    turn = next(turns, None)
                if turn is None:
                    return
                now = job.now()
                stored = [
                    StoredAlert(alert=each, deliveries=deliveries_of(each, now)) for each in alerts
                ]
                new.append(len(store.outbox.add(stored, now)))
                run = replace(
                    World(store, compose=annotated).prepared(
                        60.0, SlackTransport("xoxb-test", api_url=url)
                    ),
                    owner=f"turn-{turn}",
                    now=job.now,
                    sleep=job.sleep,
                    millis_left=lambda: 60_000.0,
                )
                dispatch(run, channels=(CHANNEL,), default_channel=CHANNEL)

        threads = [threading.Thread(target=deliver) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    figure("a batch over and over on 16 threads", times=times, messages=len(posts(slack.journal)))
    assert sum(new) == len(alerts)
    assert missing(slack.journal, alerts) == 0
    assert repeats(slack.journal) == (0, 0)


def test_one_batch_over_and_over_in_four_processes_is_told_once(tmp_path: Path) -> None:
    count = size(50, 500)
    slack = Slack()
    (tmp_path / "acks").mkdir()
    with serving(slack) as url:
        job = _job(tmp_path, url, count, time.time())
        arguments = {name: getattr(job, name) for name in Job.__slots__}
        # None acknowledges, so each of them stores and tells every batch.
        command = [sys.executable, "-m", "tests.reliability.worker"]
        for _ in range(size(1, 25)):
            workers = [
                subprocess.Popen([*command, json.dumps(arguments | {"acks": str(own)})])
                for own in _own_acks(tmp_path)
            ]
            assert [worker.wait(timeout=60) for worker in workers] == [0] * 4
    figure(
        "a batch over and over in 4 processes",
        times=4 * size(1, 25),
        alerts=count,
        messages=len(posts(slack.journal)),
    )
    assert missing(slack.journal, mixed(count)) == 0
    assert repeats(slack.journal) == (0, 0)


def _own_acks(tmp_path: Path) -> list[Path]:
    own = [tmp_path / f"acks-{time.monotonic_ns()}-{number}" for number in range(4)]
    for folder in own:
        folder.mkdir()
    return own


def _job(tmp_path: Path, url: str, alerts: int, epoch: float) -> Job:
    return Job(
        store=f"sqlite:///{tmp_path}/alerts.db",
        slack=url,
        acks=str(tmp_path / "acks"),
        alerts=alerts,
        batch=25,
        speed=SPEED,
        epoch=epoch,
        call_seconds=5.0,
    )
