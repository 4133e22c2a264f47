"""Ten thousand alerts through random faults, the process killed at random steps."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import boto3
import pytest

from tests.reliability.proof import Entry, figure, missing, mixed, posts, repeats, size
from tests.slack.stub import BEHAVIOURS, Slack, serving
from tests.stores.tables import table

SPEED = 200.0
REQUESTS_BETWEEN_KILLS = size(20, 60)
LONGEST_RUN_SECONDS = 4.0
# What Slack and the network do in one of four requests, the rarer the longer it stops a channel.
FAULTS = [
    *[behaviour for behaviour in BEHAVIOURS if behaviour not in ("ok", "limit")] * 3,
    *["429", "429_date", "ratelimited_200", "invalid_blocks", "drop_after", "503"] * 5,
]


def test_alerts_survive_faults_and_kills_and_repeat_only_with_a_mark(tmp_path: Path) -> None:
    store = f"sqlite:///{tmp_path}/alerts.db"
    _survive("SQLite", store, tmp_path, count=size(400, 10_000), channels=8, most=size(6, 120))


@pytest.mark.usefixtures("emulated")
def test_they_survive_in_dynamodb_too(tmp_path: Path) -> None:
    with table(boto3.client("dynamodb")) as name:
        _survive(
            "DynamoDB",
            f"dynamodb:///{name}",
            tmp_path,
            count=size(60, 1000),
            channels=2,
            most=size(2, 40),
            speed=SPEED / 4,  # the emulator's calls must fit into a lease many times over
        )


def _survive(
    name: str,
    store: str,
    tmp_path: Path,
    *,
    count: int,
    channels: int,
    most: int,
    speed: float = SPEED,
) -> None:
    (tmp_path / "acks").mkdir()
    luck = random.Random(20260102)
    epoch = time.time()
    slack = Slack(
        slow_seconds=0.2,
        latency_seconds=0.02,
        seed=7,
        choose=lambda *_: _fate(luck),
        clock=lambda: epoch + (time.time() - epoch) * speed,
    )
    with serving(slack) as url:
        job = {
            "store": store,
            "slack": url,
            "acks": str(tmp_path / "acks"),
            "alerts": count,
            "batch": 20,
            "channels": channels,
            "speed": speed,
            "epoch": epoch,
            "call_seconds": 0.15,
        }
        began = time.monotonic()
        kills = run_killed(job, slack.journal, random.Random(42), most)
        slack.choose = None  # Slack is well again: what is left must arrive
        subprocess.run(command(job), check=True, timeout=size(180, 600))
        seconds = time.monotonic() - began
    repeated, unmarked = repeats(slack.journal)
    open_ends = sum(_left_open(entry) for entry in slack.journal)
    figure(
        "random faults and SIGKILL",
        store=name,
        alerts=count,
        kills=kills,
        requests=len(slack.journal),
        messages=len(posts(slack.journal)),
        missing=missing(slack.journal, mixed(count)),
        repeats=repeated,
        unmarked=unmarked,
        ambiguous=open_ends,
        seconds=round(seconds, 1),
    )
    assert missing(slack.journal, mixed(count)) == 0
    assert unmarked == 0
    assert repeated <= open_ends + kills * channels  # each may have been under way to all of them


def _fate(luck: random.Random) -> str:
    return luck.choice(FAULTS) if luck.random() < 0.25 else "ok"


def _left_open(entry: Entry) -> bool:
    return bool(entry["taken"]) and entry["behaviour"] != "ok"


def command(job: dict[str, object]) -> list[str]:
    return [sys.executable, "-m", "tests.reliability.worker", json.dumps(job)]


def run_killed(
    job: dict[str, object], journal: list[Entry], luck: random.Random, kills: int
) -> int:
    """Run workers, two at a time, killed some requests later; how many were."""
    killed = 0
    while killed < kills:
        workers = [subprocess.Popen(command(job)) for _ in range(2)]
        _await_requests(journal, luck.randint(1, REQUESTS_BETWEEN_KILLS), workers)
        time.sleep(luck.random() * 0.05)  # in the midst of a request, or between two
        for worker in workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGKILL)
                killed += 1
            elif worker.returncode != 0:
                pytest.fail(f"a worker ended with {worker.returncode}")
            worker.wait()
        if all(worker.returncode == 0 for worker in workers):
            break
    return killed


def _await_requests(
    journal: list[Entry], requests: int, workers: list[subprocess.Popen[bytes]]
) -> None:
    """So many more requests; not for ever, since Slack may have stopped the channel."""
    wanted, ends = len(journal) + requests, time.monotonic() + LONGEST_RUN_SECONDS
    while len(journal) < wanted and time.monotonic() < ends:
        if all(worker.poll() is not None for worker in workers):
            return
        time.sleep(0.002)
