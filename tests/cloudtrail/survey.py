"""`python -m tests.cloudtrail.survey [--list | --sample N]`: sentences of all operations there are.

Each operation of botocore's service models is told three times: with what it requires, without
anything, and as left out for its size. One JSON object says how many have a phrase of their own,
how many are told from their names, how many are "called …", and what breaks a rule of grammar.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.naming import name_of
from chalicelib.cloudtrail.operations import operation
from chalicelib.cloudtrail.particulars import PARTICULARS
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.sentence import sentence
from tests.cloudtrail.botocore_records import records
from tests.cloudtrail.grammar import faults

Json = dict[str, Any]
OMITTED = {"omitted": True, "originalSize": 103140, "reason": "requestParameters too large"}


def variants(record: Json) -> Iterator[Json]:
    """The record as it is, of nothing, and with its request left out."""
    yield record
    yield {**record, "requestParameters": None}
    yield {**record, "requestParameters": OMITTED}


def told(record: Json) -> str:
    """The sentence of one record."""
    return sentence(Facts.of(Record(record)))


def survey(found: Iterable[Json]) -> tuple[Counter[str], list[str]]:
    """(counts, violations as "operation: fault: sentence") over records."""
    counts, violations = Counter[str](), list[str]()
    for record in found:
        text, name = told(record), name_of(Record(record))
        known = operation(name) or name in PARTICULARS
        called = text.startswith("alice called ")
        counts["called" if called else "own phrase" if known else "general"] += 1
        violations += [f"{name}: {fault}: {text}" for fault in faults(text, record)]
    return counts, violations


def main(arguments: list[str]) -> None:
    """Print the figures; with --list each sentence, with --sample N so many at random."""
    all_records = list(records())
    counts, violations = survey(all_records)
    more = [other for record in all_records for other in list(variants(record))[1:]]
    violations += survey(more)[1]
    figures = {"operations": len(all_records), **counts, "violations": len(violations)}
    sys.stdout.write(f"{json.dumps(figures)}\n")
    sys.stderr.write("".join(f"{violation}\n" for violation in violations[:50]))
    if "--sample" in arguments:
        all_records = random.sample(all_records, int(arguments[-1]))
    if arguments:
        lines = (f"{name_of(Record(record))}\t{told(record)}\n" for record in all_records)
        sys.stdout.writelines(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
