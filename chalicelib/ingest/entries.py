"""What is found in a wrapping: records to be, and what is none; and where it stood."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from chalicelib.ingest.packed import Budget

Body = str | dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """What ought to be one record: its JSON text, or the object where no text was kept."""

    body: Body
    where: str


@dataclass(frozen=True, slots=True)
class Broken:
    """What ought to hold records and cannot be read, or is none; `value` is what it is instead.

    It is `vague` where whatever it lies in may know better what that is.
    """

    reason: str
    where: str
    value: Body | None = field(default=None, compare=False, repr=False)
    vague: bool = field(default=False, compare=False)


Read = Entry | Broken


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document something stands, how deep, and what may still be inflated."""

    where: str
    budget: Budget
    depth: int = 0

    def item(self, position: int) -> Place:
        """One item of what stands here."""
        return Place(f"{self.where}[{position}]", self.budget, self.depth + 1)

    def inside(self) -> Place:
        """What is wrapped here."""
        return Place(self.where, self.budget, self.depth + 1)

    def broken(self, reason: str, value: Body | None = None, vague: bool = False) -> Broken:
        """What stands here cannot be read."""
        return Broken(reason, self.where, value, vague)
