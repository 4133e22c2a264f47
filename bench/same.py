"""The same output with the sieve and without it: of both the sha256, and how many were told.

    python -m bench.same [--records N] [PATH...]

Over records that are made (1,000,000 unless told), and over every line of the files and folders
that are named. What is hashed is all that a batch comes to: its counts, its alerts as they are
shown, what rules over time count, and what cannot be read. Exits 1 where the two differ.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from bench import events
from chalicelib.alerts.alert import to_dict
from chalicelib.alerts.judging import judge
from chalicelib.rules.matching import match_all
from chalicelib.rules.ruleset import Ruleset

NOW = datetime(2026, 11, 24, 12, 0, 0, tzinfo=UTC)
BATCH = 1_000


class Side:
    """One of the two ways, and what it came to so far."""

    def __init__(self, *, sieved: bool) -> None:
        self.ruleset = Ruleset.load()
        self.ruleset.sieve._to_try = 0  # so that it is never built, unless now
        if sieved:
            self.ruleset.sieve.build()
        self.sha256 = hashlib.sha256()
        self.records = self.alerts = self.sightings = self.unreadable = 0

    def take(self, bodies: list[str]) -> None:
        """Judge a batch."""
        matched = match_all(bodies, self.ruleset)
        judged = judge(matched, accounts={}, default_channel="#trailbell", now=NOW)
        for alert in (*judged.alerts, *judged.addenda):
            self._hash(json.dumps([to_dict(alert), alert.record], default=str))
        for each in (*judged.sightings, *judged.unreadable, judged.records, judged.untimed):
            self._hash(repr(each))
        self.records += judged.records
        self.alerts += len(judged.alerts) + len(judged.addenda)
        self.sightings += len(judged.sightings)
        self.unreadable += len(judged.unreadable)

    def line(self, name: str) -> str:
        """What it came to, as one JSON object."""
        counts = {key: vars(self)[key] for key in ("records", "alerts", "sightings", "unreadable")}
        return json.dumps({"name": name, **counts, "sha256": self.sha256.hexdigest()})

    def _hash(self, text: str) -> None:
        self.sha256.update(text.encode("utf-8", "surrogatepass"))


def made(count: int) -> Iterator[str]:
    """Records of the made trail, ten thousand of a seed."""
    for seed in range(-(-count // 10_000)):
        yield from events.texts(min(10_000, count - seed * 10_000), seed)


def lines(paths: Iterable[str]) -> Iterator[str]:
    """Every line of the files."""
    for path in map(Path, paths):
        found = sorted(path.rglob("*.jsonl")) if path.is_dir() else [path]
        for file in found:
            yield from file.read_text("utf-8", "surrogateescape").splitlines()


def compare(what: str, bodies: Iterable[str]) -> bool:
    """Print what both ways come to; whether it is the same."""
    sides = {"with the sieve": Side(sieved=True), "without": Side(sieved=False)}
    bodies = iter(bodies)
    while batch := list(islice(bodies, BATCH)):
        for side in sides.values():
            side.take(batch)
    for name, side in sides.items():
        print(side.line(f"{what}, {name}"), flush=True)
    return len({side.sha256.digest() for side in sides.values()}) == 1


def main() -> None:
    """Compare over both."""
    parser = argparse.ArgumentParser(prog="python -m bench.same", description=__doc__)
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--records", type=int, default=1_000_000, help="how many to make")
    chosen = parser.parse_args()
    same = [compare(f"{chosen.records:,} made records", made(chosen.records))]
    if chosen.paths:
        same.append(compare(", ".join(chosen.paths), lines(chosen.paths)))
    sys.exit(0 if all(same) else 1)


if __name__ == "__main__":
    main()
