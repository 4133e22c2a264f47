"""What the rule files choose of handling: reminders, questions, and the day's summary."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta

from chalicelib.rules.rule import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingChoices:
    """`[handling]`. `remind` says after how long what is so severe, and acknowledged by nobody, is
    said once more; who did it is asked about what is at least as severe as `ask`, and about what
    one of `ask_rules` raises. `may` are the ids of the Slack users and user groups that handle
    alerts; where it is empty, whoever of the workspace is in the channel does.
    """

    remind: Mapping[Severity, timedelta] = field(default_factory=dict)
    ask: Severity | None = None
    ask_rules: tuple[str, ...] = ()
    may: tuple[str, ...] = ()

    def asks(self, severity: Severity, rules: Collection[str]) -> bool:
        """Whether who did it is asked about an alert of that severity, which these rules raise."""
        if not set(self.ask_rules).isdisjoint(rules):
            return True
        return self.ask is not None and severity.rank >= self.ask.rank

    @property
    def is_on(self) -> bool:
        """Whether anything of an alert is to be looked at later."""
        return bool(self.remind or self.ask or self.ask_rules)


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryChoices:
    """`[summary]`: the hour of the day, and the zone whose day that is, by its name in the IANA
    time zone database. `quiet_days` says that a day without alerts gets a line too.
    """

    at: time
    zone: str = "UTC"
    quiet_days: bool = False
