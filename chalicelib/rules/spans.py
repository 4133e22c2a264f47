"""Spans of time as rule files write them: 15m, 4h, 7d."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

_SPAN = re.compile(r"([1-9]\d{0,5})([mhd])", re.ASCII)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def span(value: Any) -> timedelta:
    """A whole number of minutes, hours or days. Raises ValueError."""
    found = _SPAN.fullmatch(value) if isinstance(value, str) else None
    if found:
        return timedelta(**{_UNITS[found[2]]: int(found[1])})
    raise ValueError(f"{value!r} is no span of time such as 15m, 4h or 1d")


def written(length: timedelta) -> str:
    """A span as rule files write it, by the largest unit that it is a whole number of."""
    minutes = int(length.total_seconds()) // 60
    if minutes % 1440 == 0:
        return f"{minutes // 1440}d"
    return f"{minutes // 60}h" if minutes % 60 == 0 else f"{minutes}m"


def in_words(length: timedelta) -> str:
    """A span as a sentence names it: 15 minutes."""
    number, unit = int(written(length)[:-1]), written(length)[-1]
    name = _UNITS[unit]
    return f"{number} {name if number > 1 else name.removesuffix('s')}"
