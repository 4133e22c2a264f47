"""Rule and Severity: what a rule says, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """What an alert asks of its reader, from a record of change to a wake-up call."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """0 for info up to 4 for critical."""
        return list(Severity).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule as its TOML says it; `pattern` and `exceptions` are filter patterns."""

    id: str
    title: str
    severity: Severity
    pattern: str
    exceptions: tuple[str, ...] = ()
    channel: str | None = None
    mention: str | None = None
    runbook: str | None = None
    references: tuple[str, ...] = ()
    attack: tuple[str, ...] = ()
    false_positives: tuple[str, ...] = ()
