"""Ten thousand alerts through random faults, the process killed at random steps."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.reliability.proof import Entry, figure, missing, mixed, posts, repeats, size
from tests.slack.stub import BEHAVIOURS, Slack, serving

SPEED = 200.0
# What Slack and the network do in one of four requests, the rarer the longer it stops a channel.
FAULTS = [
    *[behaviour for behaviour in BEHAVIOURS if behaviour not in ("ok", "limit")] * 3,
    *["429", "429_date", "ratelimited_200", "invalid_blocks", "drop_after", "503"] * 5,
]


def test_alerts_survive_faults_and_kills_and_repeat_only_with_a_mark(tmp_path: Path) -> None:
    count, batch = size(400, 10_000), size(8, 20)
    (tmp_path / "acks").mkdir()
    luck = random.Random(20260102)
    epoch = time.time()
    slack = Slack(
        slow_seconds=0.2,
        latency_seconds=0.02,
        seed=7,
        choose=lambda *_: _fate(luck),
        clock=lambda: epoch + (time.time() - epoch) * SPEED,
    )
    with serving(slack) as url:
        job = {
            "store": f"sqlite:///{tmp_path}/alerts.db",
            "slack": url,
            "acks": str(tmp_path / "acks"),
            "alerts": count,
            "batch": batch,
            "speed": SPEED,
            "epoch": epoch,
            "call_seconds": 0.15,
        }
        began = time.monotonic()
        kills = _run_killed(job, random.Random(42), size(12, 400))
        slack.choose = None  # Slack is well again: what is left must arrive
        subprocess.run(_command(job), check=True, timeout=size(60, 600))
        seconds = time.monotonic() - began
    repeated, unmarked = repeats(slack.journal)
    open_ends = sum(_left_open(entry) for entry in slack.journal)
    figure(
        "random faults and SIGKILL",
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
    assert repeated <= open_ends + kills


def _fate(luck: random.Random) -> str:
    return luck.choice(FAULTS) if luck.random() < 0.25 else "ok"


def _left_open(entry: Entry) -> bool:
    return bool(entry["taken"]) and entry["behaviour"] != "ok"


def _command(job: dict[str, object]) -> list[str]:
    return [sys.executable, "-m", "tests.reliability.worker", json.dumps(job)]


def _run_killed(job: dict[str, object], luck: random.Random, kills: int) -> int:
    """Run workers, two at a time, each killed at a random moment; how many were."""
    killed = 0
    while killed < kills:
        workers = [subprocess.Popen(_command(job)) for _ in range(2)]
        time.sleep(0.35 + luck.random() * 0.8)  # some time of it is Python starting
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
