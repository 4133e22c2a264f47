"""What should be, where no code says so: what the first check after a deployment saw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from chalicelib.monitoring.stored import typed
from chalicelib.monitoring.times import from_iso, passed

# A deployment changes one thing after the other; EventBridge's rules come after the functions.
DEPLOYED_WITHIN = timedelta(minutes=10)
LAST = "rule "
# What a person may take away between two deployments: it is missing no longer after the next.
OPTIONAL = ("alarm ", "function ", "parameter ", "rule ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What was seen, by a name of ours; `deployed` is when Lambda says that we were deployed."""

    KEY: ClassVar[str] = "expected"

    deployed: str = ""
    seen: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {"deployed": self.deployed, "seen": dict(self.seen)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        seen = typed(stored["seen"], dict)
        return cls(
            deployed=typed(stored["deployed"], str),
            seen={name: typed(value, str) for name, value in seen.items()},
        )


class Expectations:
    """What one round of checks compares with, and what it saw.

    `deployed` is "" where that is not known. Where it is another than at the last round, what is
    seen now is what should be, so that what a deployment changed is no fault. What it changes last
    is taken anew while it may still be going on.
    """

    def __init__(self, before: Expected, deployed: str, now: datetime | None = None) -> None:
        self._before = before
        self._is_new = bool(deployed) and deployed != before.deployed
        began = from_iso(deployed)
        self._is_going_on = bool(now and began and not passed(began, now, DEPLOYED_WITHIN))
        self._deployed = deployed or before.deployed
        kept = before.seen.items()
        self._known = {
            name: value for name, value in kept if not (self._is_new and name.startswith(OPTIONAL))
        }

    def of(self, name: str, value: str) -> str:
        """What should be in the place of the value: itself, where none was seen before."""
        if self._is_new or (self._is_going_on and name.startswith(LAST)):
            self._known[name] = value
        return self._known.setdefault(name, value)

    def has(self, name: str) -> bool:
        """Whether there should be something of the name."""
        return name in self._known

    def last(self, name: str) -> str | None:
        """What should be there, without a look at what is; None where nothing was ever seen."""
        return self._known.get(name)

    def within(self, prefix: str) -> list[str]:
        """The names that begin so, without the prefix."""
        return sorted(name[len(prefix) :] for name in self._known if name.startswith(prefix))

    @property
    def changed(self) -> Expected | None:
        """What to remember; None where that is what is remembered already."""
        now = Expected(deployed=self._deployed, seen=self._known)
        return None if now == self._before else now
