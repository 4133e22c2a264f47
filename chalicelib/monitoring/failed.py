"""What is remembered of one payload that could not be taken in, and its encoding in a note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Self

from chalicelib.monitoring.stored import moment, typed

# After the first failure a payload waits a minute, then twice as long each time.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
MOST_DOUBLINGS = 16  # beyond the longest wait by far
# What a note keeps of a reason.
REASON_LENGTH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A payload that failed: when it did so last, and why; how often it was tried, and how many
    of these tries count. `parked` is the deployment that it failed under last, "" while it is
    tried by itself.
    """

    at: datetime
    reason: str
    tries: int = 0
    failures: int = 0
    parked: str = ""
    told: bool = False

    @property
    def due_at(self) -> datetime:
        """When it is tried again, unless it is parked."""
        doublings = min(max(self.tries - 1, 0), MOST_DOUBLINGS)
        return self.at + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)

    def again(self, reason: str, failures: int, now: datetime) -> Self:
        """After another try, which counts as so many failures."""
        return replace(
            self,
            at=now,
            reason=reason[:REASON_LENGTH],
            tries=self.tries + 1,
            failures=self.failures + failures,
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "at": self.at.isoformat(),
            "reason": self.reason,
            "tries": self.tries,
            "failures": self.failures,
            "parked": self.parked,
            "told": self.told,
        }

    @classmethod
    def from_json(cls, stored: Any) -> Self:
        values = typed(stored, dict)
        return cls(
            at=moment(values["at"]),
            reason=typed(values["reason"], str),
            tries=typed(values["tries"], int),
            failures=typed(values["failures"], int),
            parked=typed(values["parked"], str),
            told=typed(values["told"], bool),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying:
    """What a sweep is taking in, and since when: it may not live to say how that went."""

    name: str
    at: datetime

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "at": self.at.isoformat()}

    @classmethod
    def from_json(cls, stored: Any) -> Self:
        values = typed(stored, dict)
        return cls(name=typed(values["name"], str), at=moment(values["at"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What is about to be told: the key of one that is parked, "" where nobody knows it, why it
    failed, and how many are told of with it.
    """

    key: str
    reason: str
    count: int
    at: datetime

    def as_json(self) -> dict[str, Any]:
        shown = {"key": self.key, "reason": self.reason, "count": self.count}
        return {**shown, "at": self.at.isoformat()}

    @classmethod
    def from_json(cls, stored: Any) -> Self:
        values = typed(stored, dict)
        return cls(
            key=typed(values["key"], str),
            reason=typed(values["reason"], str),
            count=typed(values["count"], int),
            at=moment(values["at"]),
        )


def failed_of(stored: Any) -> Mapping[str, Failed]:
    """Those that a note keeps, by name. Raises KeyError and ValueError."""
    return {name: Failed.from_json(each) for name, each in typed(stored, dict).items()}
