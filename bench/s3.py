"""Archives in S3: `replay s3://…` on moto's server, beside the same files on disk.

Files of 5,000 records, as a busy region has them, and of 200. Each is measured in processor time
of the command and what it starts, which is without the server's, and by the clock, which says
little where others use the machine.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench import events
from bench.compare import written
from bench.figure import ROOT, Figure, compared, print_all
from tests.moto_server import EMULATOR, client, moto_server

KEYS = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/01/02/"
SIZES = (5_000, 200)


def figures(quick: bool) -> Iterator[Figure]:
    """Records a second from S3 to those from disk, for files of each size."""
    if not EMULATOR.exists():
        print("bench: moto's server is not installed (make emulator): left out", file=sys.stderr)
        return
    records, rounds = (30_000, 1) if quick else (100_000, 3)
    texts = events.texts(records)
    with tempfile.TemporaryDirectory() as name, moto_server(Path(name)) as env:
        for size in SIZES:
            folder = written(Path(name) / f"of-{size}", texts, size)
            _put(folder, folder.name, env)
            yield from _compared(size, records, f"s3://{folder.name}", folder, env, rounds)


def _compared(
    size: int, records: int, address: str, folder: Path, env: dict[str, str], rounds: int
) -> Iterator[Figure]:
    """In turn, so that what else the machine does falls on both."""
    taken = [(_seconds(address, env), _seconds(str(folder), env)) for _ in range(rounds)]
    for clock, name in enumerate(("", ", by the clock")):
        what = f"replay of s3:// on moto, files of {size:,} records{name}, to the same on disk"
        there = [records / s3[clock] for s3, _ in taken]
        here = [records / disk[clock] for _, disk in taken]
        yield compared(what, "records/s", there, here)


def _seconds(address: str, env: dict[str, str]) -> tuple[float, float]:
    """What a replay takes: of the processor, and by the clock. Raises CalledProcessError."""
    command = [sys.executable, "trailbell.py", "replay", "--jobs", "1", "--format", "json", address]
    before, began = _used(), time.perf_counter()
    subprocess.run(command, cwd=ROOT, env=os.environ | env, capture_output=True, check=True)
    return _used() - before, time.perf_counter() - began


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _put(folder: Path, bucket: str, env: dict[str, str]) -> None:
    s3 = client("s3", env)
    s3.create_bucket(Bucket=bucket)
    for path in folder.iterdir():
        s3.put_object(Bucket=bucket, Key=KEYS + path.name, Body=path.read_bytes())


if __name__ == "__main__":
    print_all(figures)
