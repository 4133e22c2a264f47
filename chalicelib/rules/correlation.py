"""Correlation: what a rule over time counts, in Sigma's terms, as a value.

Source of the words: Sigma correlation rules specification 2.1; `new_terms` is Elastic's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import Enum
from typing import Any

MOST_SECONDS = 24 * 60 * 60  # of a timespan
MOST_COUNTED = 1000  # members in one slot of memory, and the highest gte
MOST_DAYS = 90  # of a history


class CorrelationType(Enum):
    """What has to come together."""

    EVENT_COUNT = "event_count"  # so many records
    VALUE_COUNT = "value_count"  # so many different values of a field
    NEW_TERMS = "new_terms"  # values that were not seen before
    TEMPORAL_ORDERED = "temporal_ordered"  # one record of each rule, in the rules' order


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """The `[rule.correlation]` of a rule; what its type does not take is empty.

    `group_by`, `field` and `fields` are paths as patterns write them ("$.userIdentity.arn").
    `timespan` is in seconds, `history` in days. `rules` are ids, in the order that they are to
    match in. Of new_terms what must be new is `terms`: the group's values and those of the fields.
    """

    type: CorrelationType
    group_by: tuple[str, ...] = ()
    timespan: int = 0
    gte: int = 0
    field: str = ""
    fields: tuple[str, ...] = ()
    history: int = 0
    rules: tuple[str, ...] = ()

    @property
    def terms(self) -> tuple[str, ...]:
        """The paths whose values are looked up together; for other types those of the group."""
        return (*self.group_by, *self.fields)

    @property
    def key(self) -> str:
        """16 hex digits of all that it says: under another correlation nothing is remembered."""
        import hashlib  # OpenSSL costs a cold start; only a member needs it

        said = repr(sorted(self.to_dict().items()))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def to_dict(self) -> dict[str, Any]:
        """What differs from the defaults, as JSON has it."""
        found = {}
        for each in fields(self):
            value = getattr(self, each.name)
            if value != each.default:
                found[each.name] = _plain(value)
        return found

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Correlation:
        """The correlation of `to_dict`."""
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value
            for name, value in found.items()
        }
        return cls(**{**values, "type": CorrelationType(found["type"])})


def _plain(value: Any) -> Any:
    if isinstance(value, CorrelationType):
        return value.value
    return list(value) if isinstance(value, tuple) else value
