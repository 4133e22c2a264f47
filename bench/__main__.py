"""Every figure, one JSON object a line: python -m bench [--quick] [--table] [PART...].

PART is one of way, hot_path, archives, memory, cold_start, click, latency, store, dynamodb, api,
s3, compare; without one, all of them. Each runs in a process of its own. --table also writes
the table of docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from bench import table
from bench.figure import ROOT

PARTS = (
    "way", "hot_path", "archives", "memory", "cold_start",
    "click", "latency", "store", "dynamodb", "api", "s3", "compare",
)  # fmt: skip


def main() -> None:
    """Measure and print; what a part cannot measure ends the run with its error."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="one of " + ", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="fewer records and rounds")
    parser.add_argument("--table", action="store_true", help="write docs/performance.md's table")
    chosen = parser.parse_args()
    wrong = sorted(set(chosen.parts) - set(PARTS))
    if wrong:
        parser.error(f"no such part: {', '.join(wrong)}")
    found = [figure for part in chosen.parts or PARTS for figure in _run(part, chosen.quick)]
    if chosen.table:
        table.write(found)


def _run(part: str, quick: bool) -> Iterator[dict[str, Any]]:
    print(f"bench: {part}", file=sys.stderr, flush=True)
    command = [sys.executable, "-m", f"bench.{part}", *(["--quick"] if quick else [])]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            yield json.loads(line)
    if process.returncode:
        sys.exit(f"bench: {part} failed")


if __name__ == "__main__":
    main()
