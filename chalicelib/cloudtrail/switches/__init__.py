"""Which protections and recordings a call turned off or narrowed: the one judgement of it.

What a call sets to off counts, though it may have been off before: a record does not tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

from chalicelib.cloudtrail.naming import name_of
from chalicelib.cloudtrail.reading import (
    at,
    attributes,
    document,
    each,
    flag,
    get,
    has,
    request_of,
    texts,
    whole,
)
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.switches.selectors import detector_features, lost_events, patched_logs
from chalicelib.cloudtrail.switches.table import SWITCHES

# By operation what a line of the table cannot ask.
PARTICULAR: dict[str, Callable[[dict[str, Any]], Iterator[str]]] = {
    "cloudtrail:PutEventSelectors": lost_events,
    "cloudtrail:UpdateEventDataStore": lost_events,
    "guardduty:UpdateDetector": detector_features,
    "guardduty:UpdateMemberDetectors": detector_features,
    "guardduty:UpdateOrganizationConfiguration": detector_features,
    "apigateway:UpdateStage": patched_logs,
    "guardduty:UpdateMalwareScanSettings": detector_features,
}


class Switch(NamedTuple):
    """A line of the table: what must all hold of the request, and what is off then."""

    conditions: tuple[tuple[str, str], ...]
    word: str


@lru_cache(maxsize=1)  # rules, severity and sentence of a record all ask
def switches_off_of(record: Record) -> tuple[str, ...]:
    """Flat texts from the vocabulary; () of calls that turn nothing off."""
    name = name_of(record)
    lines, particular = switches().get(name, ()), PARTICULAR.get(name)
    if not lines and not particular:
        return ()
    request = request_of(record)
    found = [
        line.word for line in lines if all(_holds(request, *asked) for asked in line.conditions)
    ]
    return tuple(dict.fromkeys([*found, *(particular(request) if particular else ())]))


@cache
def switches() -> dict[str, tuple[Switch, ...]]:
    """The table by `service:Operation`."""
    table: dict[str, tuple[Switch, ...]] = {}
    for line in re.sub(r"\n +(?!\|)", " ", re.sub(r"\n +\|", "|", SWITCHES)).splitlines():
        asked, arrow, word = line.partition(" -> ")
        if not arrow:
            continue
        names, _, conditions = asked.partition(" ? ")
        service, *operations = names.split()
        pairs = [part.partition("=") for part in conditions.split()]
        switch = Switch(tuple((path, wanted) for path, _, wanted in pairs), word.strip())
        for operation in operations:
            name = f"{service}:{operation}"
            table[name] = (*table.get(name, ()), switch)
    return table


def _holds(request: dict[str, Any], path: str, wanted: str) -> bool:
    """Whether what stands at one of the paths is what is wanted."""
    if wanted == "absent":
        return _absent(request, path)
    if path.startswith("@"):
        found = [
            value for name, value in attributes(request).items() if name.lower() == path[1:].lower()
        ]
    else:
        found = at(request, path)
    return any(_is(value, wanted) for value in found)


def _is(value: Any, wanted: str) -> bool:
    if wanted in ("true", "false"):
        return any(flag(item) is (wanted == "true") for item in [value, *each(value)])
    if wanted == "empty":
        return value in ("", [], {})
    if wanted == "any":
        return bool(list(each(value)))
    if wanted.isdecimal():
        return whole(value) == int(wanted)
    said = [one.strip().lower() for one in texts(value)]
    if wanted.startswith("*"):
        return any(one.endswith(wanted[1:].lower()) for one in said)
    return wanted.lower() in said


def _absent(request: dict[str, Any], path: str) -> bool:
    """Whether an object is there that leaves out its last key. XML writes an empty one as ""."""
    outer, _, key = path.rpartition(".")
    parents = at(request, outer)
    whole_ones = [document(parent) or parent for parent in parents]
    return any(
        one == "" or (isinstance(one, dict) and (not has(one, key) or get(one, key) in ("", None)))
        for one in whole_ones
    )
