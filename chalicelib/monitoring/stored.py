"""What a note's JSON holds, read as what it should be. Each raises ValueError for anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from chalicelib.monitoring.times import from_iso

T = TypeVar("T")


def typed(stored: Any, kind: type[T]) -> T:
    """What is stored, if it is of the kind: true and false are no numbers."""
    if type(stored) is not kind:
        raise ValueError(f"no {kind.__name__}")
    return stored


def number(stored: Any) -> float:
    """A whole number or one with a fraction."""
    if type(stored) not in (int, float):
        raise ValueError("no number")
    value: float = stored
    return value


def moment(stored: Any) -> datetime:
    """The moment that `isoformat` wrote."""
    time = from_iso(stored)
    if time is None:
        raise ValueError("no time")
    return time
