"""Memory: the peak of replaying a long trail, and of a warm function that ingests batches."""

from __future__ import annotations

import gzip
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import events
from bench.figure import ROOT, Figure, bounded, print_all

REPLAY_LIMIT_MIB, WARM_LIMIT_MB = 150.0, 100.0
# What the measured process prints last: its peak, in KiB on Linux.
PEAK = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
REPLAY = f"""
import sys
from cli.main import main
sys.argv = ["trailbell.py", "replay", "--format", *sys.argv[1:]]
try:
    main()
except SystemExit as ended:
    assert not ended.code, ended.code
{PEAK}
"""
WARM = f"""
import sys
sys.path.insert(0, ".")
import app
from bench import events
class Context:
    def get_remaining_time_in_millis(self): return 60_000
    function_name = ""
for seed in range(int(sys.argv[1])):
    app.ingest_logs(events.batch(events.texts(500, seed)), Context())
{PEAK}
"""


def figures(quick: bool) -> Iterator[Figure]:
    """Peaks of fresh processes, each beside what it must stay under."""
    count = 20_000 if quick else 200_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "trail.jsonl.gz"
        _write(path, count)
        peak = _peak(REPLAY, "text", str(path), folder=folder) / 1024
        name = f"peak of replaying {count:,} records, against its limit"
        yield bounded(name, peak, "MiB", REPLAY_LIMIT_MIB)
        peak = _peak(REPLAY, "messages", str(path), folder=folder) / 1024
        name = f"peak of playing {count:,} records to their channel, against its limit"
        yield bounded(name, peak, "MiB", REPLAY_LIMIT_MIB)
        warm = _peak(WARM, "2" if quick else "10", folder=folder) * 1024 / 1e6
        name = "memory of a warm ingest_logs, SQLite, against its limit"
        yield bounded(name, warm, "MB", WARM_LIMIT_MB)


def _write(path: Path, count: int) -> None:
    with gzip.open(path, "wt", compresslevel=1) as file:
        for at in range(0, count, 10_000):
            file.writelines(f"{text}\n" for text in events.texts(min(10_000, count - at), at))


def _peak(program: str, *arguments: str, folder: str) -> float:
    environment = {"PATH": "/usr/bin:/bin", "ALERT_STORE": f"sqlite:///{folder}/alerts.db"}
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return float(done.stdout.split()[-1])


if __name__ == "__main__":
    print_all(figures)
