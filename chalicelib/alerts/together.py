"""Together: what a rule over time saw come together, as its alert keeps and shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

MOST_MEMBERS, MOST_VALUES = 50, 10  # that an alert keeps: the first of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Met:
    """One member: `id` is which event it is (`Record.own_id`), `event_id` CloudTrail's own."""

    id: str
    event_id: str
    time: datetime
    operation: str
    target: str = ""
    address: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """What came together: so many events from the `first` to the `last`, in one `group` (a hash).

    `kind` is the correlation's type, or what is said of many: "learning", "digest", "overflow".
    `more` says that there may be more than were counted. `distinct` is how many different values
    there were, `values` the first of them. `members` are the first in the order of their time.
    `belongs_to` is the id of the older alert that tells of the same, "" where this one does.
    """

    kind: str
    group: str
    count: int
    first: datetime
    last: datetime
    more: bool = False
    distinct: int = 0
    values: tuple[str, ...] = ()
    members: tuple[Met, ...] = ()
    belongs_to: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it: times in whole seconds since 1970."""
        return {
            "kind": self.kind,
            "group": self.group,
            "count": self.count,
            "first": _seconds(self.first),
            "last": _seconds(self.last),
            "more": self.more,
            "distinct": self.distinct,
            "values": list(self.values),
            "members": [_met(each) for each in self.members],
            "belongs_to": self.belongs_to,
        }

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Together:
        """What `to_dict` was of."""
        values = dict(found)
        members = (Met(**{**each, "time": _time(each["time"])}) for each in found["members"])
        values |= {"members": tuple(members), "values": tuple(found["values"])}
        values |= {name: _time(found[name]) for name in ("first", "last")}
        return cls(**values)


def outgrows(now: Together, before: Together) -> bool:
    """Whether the one tells what the other does not yet: what came together only ever grows.

    One that begins later is of what could still be read of it.
    """
    if now.belongs_to != before.belongs_to:
        return bool(now.belongs_to) and not before.belongs_to
    if before.belongs_to:
        return False
    if now.kind == "new_terms":
        return now.first < before.first
    return now.count > before.count and now.first <= before.first


def shown(together: Together) -> dict[str, Any]:
    """As commands and the API show it: JSON values, times in ISO 8601 with Z."""
    found = together.to_dict()
    found |= {name: _iso(found[name]) for name in ("first", "last")}
    found["members"] = [{**each, "time": _iso(each["time"])} for each in found["members"]]
    return found


def _iso(seconds: int) -> str:
    return f"{_time(seconds):%Y-%m-%dT%H:%M:%SZ}"


def _met(one: Met) -> dict[str, Any]:
    return {
        "id": one.id,
        "event_id": one.event_id,
        "time": _seconds(one.time),
        "operation": one.operation,
        "target": one.target,
        "address": one.address,
        "value": one.value,
    }


def _seconds(time: datetime) -> int:
    return int(time.timestamp())


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
