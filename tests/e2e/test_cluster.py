"""`replay --scheduler` on a cluster of two workers of this machine, one of which is killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import pytest

from bench import events

ROOT = Path(__file__).parent.parent.parent
SECONDS = 60


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_" + command[0], *command[1:]],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    for number in range(24):
        text = "\n".join([*events.texts(500, number), events.stop_logging(number)])
        (folder / f"{number:02}.jsonl").write_text(text)
    return folder


@contextmanager
def replaying(
    archive: Path, said: Path, *options: str
) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """The process, and what it prints; what it says besides goes to a file."""
    command = [sys.executable, "trailbell.py", "replay", "--format", "json", *options, str(archive)]
    with (
        said.open("w") as file,
        subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=file, text=True
        ) as process,
    ):
        assert process.stdout is not None
        yield process, process.stdout


def test_it_comes_to_what_jobs_come_to_though_a_worker_is_killed(
    archive: Path, tmp_path: Path
) -> None:
    said = tmp_path / "said"
    with replaying(archive, said, "--jobs", "2") as (_, lines):
        expected = list(lines)
    summary = said.read_text().splitlines()[-5:]
    where = tmp_path / "scheduler.json"
    with ExitStack() as stack:
        start = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
        stack.enter_context(running("scheduler", *start, "--scheduler-file", str(where)))
        end = time.monotonic() + SECONDS
        while not where.exists():
            assert time.monotonic() < end
            time.sleep(0.1)
        address = json.loads(where.read_text())["address"]
        work = ("worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard")
        one, _ = (stack.enter_context(running(*work)) for _ in range(2))
        process, lines = stack.enter_context(replaying(archive, said, "--scheduler", address))
        found = [next(lines)]  # of the first of 24 files
        one.kill()
        found += lines
        assert process.wait(SECONDS) == 0, said.read_text()
    assert len(found) == len(expected)
    assert [
        at for at, pair in enumerate(zip(found, expected, strict=True)) if len(set(pair)) > 1
    ] == []
    assert said.read_text().splitlines()[-5:] == summary
