"""What a trail's event selectors leave out of the management events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

READS, WRITES = "reads", "writes"
SOME = "some by "  # before the name of a field that narrows what is recorded
# In basic selectors, ReadWriteType. Source: CloudTrail API reference, EventSelector.
SIDES = {"All": (READS, WRITES), "ReadOnly": (READS,), "WriteOnly": (WRITES,)}


class _Taken(NamedTuple):
    """What one selector takes: reads, writes or both, but for the sources (or other) left out."""

    sides: tuple[str, ...]
    but: frozenset[str]


def left_out(response: Mapping[str, Any]) -> tuple[str, ...] | None:
    """What get_event_selectors' answer leaves out: reads, writes, sources such as
    kms.amazonaws.com. Empty where it takes in every management event, None where it takes none.

    Source: CloudTrail API reference, EventSelector and AdvancedFieldSelector.
    """
    basic: Sequence[Mapping[str, Any]] = response.get("EventSelectors") or ()
    advanced: Sequence[Mapping[str, Any]] = response.get("AdvancedEventSelectors") or ()
    if not basic and not advanced:
        return ()
    taken = [*_of_basic(basic), *_of_advanced(advanced)]
    if not taken:
        return None
    missing = set[str]()
    for side in (READS, WRITES):
        found = [one.but for one in taken if side in one.sides]
        missing |= frozenset.intersection(*found) if found else {side}
    return tuple(sorted(missing))


def _of_basic(selectors: Sequence[Mapping[str, Any]]) -> Iterator[_Taken]:
    for selector in selectors:
        if selector.get("IncludeManagementEvents", True):
            sides = SIDES.get(selector.get("ReadWriteType") or "All", ())
            yield _Taken(sides, frozenset(selector.get("ExcludeManagementEventSources") or ()))


def _of_advanced(selectors: Sequence[Mapping[str, Any]]) -> Iterator[_Taken]:
    for selector in selectors:
        fields = {one["Field"]: one for one in selector.get("FieldSelectors", ())}
        if fields.pop("eventCategory", {}).get("Equals") == ["Management"]:
            yield _of_fields(fields)


def _of_fields(fields: dict[str, Mapping[str, Any]]) -> _Taken:
    read_only = fields.pop("readOnly", {}).get("Equals")
    sides = {"true": (READS,), "false": (WRITES,)}.get((read_only or [""])[0], (READS, WRITES))
    but = set[str]()
    for name, conditions in fields.items():
        sources = conditions.get("NotEquals") if name == "eventSource" else None
        but |= set(sources) if sources else {SOME + name}
    return _Taken(sides, frozenset(but))
