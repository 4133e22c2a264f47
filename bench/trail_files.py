"""The way in by S3: files of a trail from a folder in S3's place, into SQLite.

A hundred files of a thousand records, three of them twice, one broken, one huge, one a digest; and
one of as many records as a file may hold. Beside each stands what is bare: the same files unpacked
and parsed whole by orjson. Slack and S3's own time are not in it.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import events
from bench.figure import ROOT, Figure, bounded, print_all
from chalicelib.ingest.trail_files import MOST_BYTES

FOLDER = "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/01/02/"
DIGESTS = FOLDER.replace("CloudTrail/", "CloudTrail-Digest/")
RECORDS, MEMORY_LIMIT_MIB = 1_000, 150.0
PROGRAM = """
import gzip, io, json, os, sys, time
from datetime import UTC, datetime
from pathlib import Path
import orjson
from chalicelib.bootstrap import Program
from chalicelib.settings import Settings
from chalicelib.stores.trail_bucket import TrailBucket
from chalicelib.usecases.files import ingest_files

class Body(io.FileIO):
    def iter_chunks(self, size):
        return iter(lambda: self.read(size), b"")

class S3:
    def get_object(self, Bucket, Key, ExpectedBucketOwner):
        return {"Body": Body(f"{Bucket}/{Key}")}

folder, keys = sys.argv[1], json.loads(Path(sys.argv[2]).read_text())
program = Program(Settings.from_env({"ALERT_STORE": f"sqlite:///{folder}/{os.getpid()}.db"}))
bucket, counts = TrailBucket(S3(), folder, "111122223333"), {}
began = time.perf_counter()
for key in keys:
    body = json.dumps({"s3Bucket": folder, "s3ObjectKey": [key]})
    for name, count in ingest_files([body], program, lambda: 0.0, bucket).items():
        counts[name] = counts.get(name, 0) + count
counts["seconds"] = time.perf_counter() - began
# Not getrusage's, which counts what started this process as well.
peak = Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0]
counts["peak"] = int(peak) / 1024
began = time.perf_counter()
for key in keys:
    try:
        orjson.loads(gzip.decompress(Path(folder, key).read_bytes()))
    except (EOFError, orjson.JSONDecodeError):
        pass
counts["bare"] = time.perf_counter() - began
print(json.dumps(counts))
"""


def figures(quick: bool) -> Iterator[Figure]:
    """Counts, the ratio to what is bare, and the peak of each process."""
    with tempfile.TemporaryDirectory() as folder:
        count = 10 if quick else 100
        yield from _measured(f"{count} files and their like", Path(folder), _many(folder, count))
        large = 20_000 if quick else 100_000
        yield from _measured(f"a file of {large:,} records", Path(folder), _large(folder, large))


def _many(folder: str, count: int) -> list[str]:
    keys = [_put(folder, f"{number}", _file(RECORDS, number)) for number in range(count)]
    broken = _put(folder, "broken", _file(RECORDS, 900)[:-200])
    huge = _put(folder, "huge", gzip.compress(b" " * (MOST_BYTES + 1), 1))
    return [*keys, *keys[:3], broken, huge, _put(folder, "digest", _file(1, 901), DIGESTS)]


def _large(folder: str, count: int) -> list[str]:
    parts = [", ".join(events.texts(10_000, seed)) for seed in range(count // 10_000)]
    return [_put(folder, "large", gzip.compress(_document(", ".join(parts)), 1))]


def _file(records: int, seed: int) -> bytes:
    return gzip.compress(_document(", ".join(events.texts(records, seed))), 1)


def _document(records: str) -> bytes:
    return f'{{"Records": [{records}]}}'.encode()


def _put(folder: str, name: str, data: bytes, where: str = FOLDER) -> str:
    path = Path(folder, where, f"{name}.json.gz")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return f"{where}{name}.json.gz"


def _measured(name: str, folder: Path, keys: list[str]) -> Iterator[Figure]:
    asked = folder / "keys.json"
    asked.write_text(json.dumps(keys))
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder), str(asked)],
        cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout.splitlines()[-1])
    for what in ("files", "left_out", "broken", "records", "new"):
        yield Figure(name=f"{name} by S3: {what}", value=found[what], unit="")
    seconds, bare = found["seconds"], found["bare"]
    yield Figure(
        name=f"{name} by S3, to unpacking and parsing alone",
        value=seconds, unit="s", reference=bare, ratio=seconds / bare,
    )  # fmt: skip
    yield bounded(f"{name} by S3: peak", found["peak"], "MiB", MEMORY_LIMIT_MIB)


if __name__ == "__main__":
    print_all(figures)
