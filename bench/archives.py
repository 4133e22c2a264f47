"""Archives: what a replay of a long trail costs beside orjson alone, by one process and by two.

Eight files, of whose records one in two hundred matches a rule; `--records 2000000` is the full
size. Every ratio is of one run, its sides in turn: seconds are the processor's for one process,
and those of the clock where two are compared with one.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench import events
from bench.figure import ROOT, Figure, bounded, compared, print_all
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.ruleset import Ruleset

FILES, ONE_IN, MEMORY_LIMIT_MIB = 8, 200, 150.0
POOL = 4_000  # different records; in the files they stand again and again, the matching ones anew
ROUNDS = 3
# What each measured process says at its end, in a file: seconds and peaks, its children's too.
SAY = """
import json, resource, sys, time
from pathlib import Path
def say(path, began):
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Not getrusage's own, which counts what started this process as well.
    peak = int(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
    said = {"clock": time.perf_counter() - began[0], "cpu": time.process_time() - began[1],
            "peak": peak / 1024, "peak of others": others.ru_maxrss / 1024}
    Path(path).write_text(json.dumps(said))
def begin():
    return time.perf_counter(), time.process_time()
"""
OURS = f"""{SAY}
import cli.replay
from cli.main import main
path, began = sys.argv[1], begin()
sys.argv = ["trailbell.py", "replay", "--format", "json", *sys.argv[2:]]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
say(path, began)
"""
BARE = f"""{SAY}
import gzip, multiprocessing, orjson
def parse(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rb") as lines:
        for line in lines:
            orjson.loads(line)
path, jobs, *files = sys.argv[1:]
began = begin()
if jobs == "1":
    for each in files: parse(each)
else:
    with multiprocessing.get_context("fork").Pool(int(jobs)) as pool:
        pool.map(parse, files, 1)
say(path, began)
"""


def figures(quick: bool, records: int = 100_000) -> Iterator[Figure]:
    """Cost of a record, what two processes gain, and the peak of each."""
    records = 20_000 if quick else records
    with tempfile.TemporaryDirectory() as folder:
        for packed in (False, True):
            files = _written(Path(folder), records, packed)
            yield from _measured(f"replay of {records:,} records in {FILES} files", files, packed)
            for file in files:
                file.unlink()


def _measured(name: str, files: list[Path], packed: bool) -> Iterator[Figure]:
    name += " by gzip" if packed else ""
    runs = [partial(run, jobs, files) for run in (_ours, _bare) for jobs in (1, 2)]
    said = [[run() for run in runs] for _ in range(ROUNDS)]
    ours, ours_of_two, bare, bare_of_two = (list(each) for each in zip(*said, strict=True))
    yield compared(f"{name}, against orjson alone", "s", _of(ours, "cpu"), _of(bare, "cpu"))
    yield compared(
        f"{name}: what two processes gain, against orjson alone in two",
        "",
        _gains(ours, ours_of_two),
        _gains(bare, bare_of_two),
    )
    for what, peaks in (
        ("one process", _of(ours, "peak")),
        ("the first of two", _of(ours_of_two, "peak")),
        ("the others", _of(ours_of_two, "peak of others")),
    ):
        yield bounded(f"{name}: peak of {what}", max(peaks), "MiB", MEMORY_LIMIT_MIB)


def _of(said: list[dict[str, float]], what: str) -> list[float]:
    return [each[what] for each in said]


def _gains(one: list[dict[str, float]], two: list[dict[str, float]]) -> list[float]:
    return [a["clock"] / b["clock"] for a, b in zip(one, two, strict=True)]


def _ours(jobs: int, files: list[Path]) -> dict[str, float]:
    return _said(OURS, "--jobs", str(jobs), *files)


def _bare(jobs: int, files: list[Path]) -> dict[str, float]:
    return _said(BARE, str(jobs), *files)


def _said(program: str, *arguments: str | Path) -> dict[str, float]:
    with tempfile.NamedTemporaryFile() as file:
        done = subprocess.run(
            [sys.executable, "-c", program, file.name, *map(str, arguments)],
            cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        said: dict[str, float] = json.loads(Path(file.name).read_text())
        return said


def _written(folder: Path, records: int, packed: bool) -> list[Path]:
    """The files, of JSON lines; every matching record is an event of its own."""
    hits, misses = _pool()
    chance = random.Random(events.SEED)
    files = []
    for number in range(FILES):
        path = folder / f"{number}.jsonl{'.gz' if packed else ''}"
        with gzip.open(path, "wb", 1) if packed else path.open("wb") as file:
            for at in range(records // FILES):
                if at % ONE_IN:
                    file.write(chance.choice(misses))
                else:
                    own = f'"eventID":"{number}-{at}",'.encode()
                    file.write(b"{" + own + chance.choice(hits))
        files.append(path)
    return files


def _pool() -> tuple[list[bytes], list[bytes]]:
    """Lines of records that rules match, less their ids and opening brace; and of others."""
    ruleset = Ruleset.load()
    hits, misses = [], []
    for record in events.records(POOL):
        found = Record(record)
        if ruleset.match(found):
            bare = {key: value for key, value in record.items() if key != "eventID"}
            hits.append(json.dumps(bare, separators=(",", ":")).encode()[1:] + b"\n")
        elif not ruleset.with_members(found):
            misses.append(json.dumps(record, separators=(",", ":")).encode() + b"\n")
    return hits, misses


def _records_asked() -> int:
    arguments = sys.argv[1:]
    if "--records" in arguments:
        return int(arguments[arguments.index("--records") + 1])
    return 100_000


if __name__ == "__main__":
    print_all(partial(figures, records=_records_asked()))
