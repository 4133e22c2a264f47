"""A digest of all that comes of the records in files and of made ones, to compare two versions.

    python -m bench.digest [--made N] [FILE.jsonl...]

prints one JSON object. For another checkout: PYTHONPATH=THERE python bench/digest.py (the same
arguments) reads that one's code.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from bench import events
from chalicelib.alerts.alert import Alert, to_dict
from chalicelib.alerts.judging import judge
from chalicelib.rules.matching import match_all
from chalicelib.rules.ruleset import Ruleset
from chalicelib.slack.message import Look, single

NOW = datetime(2027, 1, 1, tzinfo=UTC)
CHANNEL = "#trailbell"
BATCH = 10_000
LOOKS = (Look(), Look(username="Trailbell", public_url="https://example.com", buttons=True))


def digest(texts: Iterable[str], ruleset: Ruleset) -> dict[str, Any]:
    """The sha256 of each kind of output, in the records' order, and how many of each there were."""
    hashes = {kind: hashlib.sha256() for kind in ("alerts", "messages", "members")}
    counts: Counter[str] = Counter()
    for kind, value in _output(texts, ruleset):
        if kind in hashes:
            hashes[kind].update(orjson.dumps(value) + b"\n")
        counts[kind] += 1
    return {**counts, **{f"sha256 of {kind}": each.hexdigest() for kind, each in hashes.items()}}


def _output(texts: Iterable[str], ruleset: Ruleset) -> Iterator[tuple[str, Any]]:
    each = iter(texts)
    while batch := list(islice(each, BATCH)):
        matched = match_all(batch, ruleset)
        judged = judge(matched, accounts=ruleset.accounts, default_channel=CHANNEL, now=NOW)
        yield from (("records", None) for _ in batch)
        yield from (("unreadable", None) for _ in judged.unreadable)
        for seen in judged.sightings:
            yield "members", [seen.group.name, repr(seen.members), seen.record]
        for alert in (*judged.alerts, *judged.addenda):
            yield "alerts", [to_dict(alert), _kept(alert)]
            yield from (("messages", message) for message in _messages(alert))


def _kept(alert: Alert) -> list[Any]:
    """What else the stores keep of an alert."""
    words = (alert.own_id, alert.actor_id, alert.actor_detail, alert.principal, alert.user_agent)
    return [*words, alert.error_message, alert.mfa, alert.runbook, alert.mention, alert.record]


def _messages(alert: Alert) -> Iterator[dict[str, Any]]:
    """The message in every form, plain and with what an operator may choose."""
    for look in LOOKS:
        for form in range(3):
            yield single(alert, channel=CHANNEL, post_id=alert.alert_id, look=look, form=form)


def _made(count: int) -> Iterator[str]:
    """So many records, each batch by a seed of its own."""
    for number, at in enumerate(range(0, count, BATCH)):
        yield from events.texts(min(BATCH, count - at), events.SEED + number)


def _read(files: Iterable[Path]) -> Iterator[str]:
    for file in files:
        with file.open(encoding="utf-8") as lines:
            yield from (line.rstrip("\n") for line in lines)


def main() -> None:
    """Print the digests of the files' records and of the made ones."""
    whole = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("python -m bench.digest", description=__doc__,
                                     formatter_class=whole)  # fmt: skip
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.jsonl")
    parser.add_argument("--made", type=int, default=0, metavar="N", help="how many made records")
    chosen = parser.parse_args()
    ruleset = Ruleset.load()
    found = {
        "files": digest(_read(chosen.files), ruleset),
        "made": digest(_made(chosen.made), ruleset),
    }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
