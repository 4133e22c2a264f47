"""Alerts about what is allowed no more: one for each `[[allow]]` that has ended."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.notes import Notes
from chalicelib.monitoring.notes import read, write
from chalicelib.monitoring.own_alerts import Outbox, about_itself, keep_own
from chalicelib.monitoring.stored import typed
from chalicelib.rules.rule import Severity

if TYPE_CHECKING:
    from chalicelib.rules.allow import Allow

TITLE = "What was allowed is allowed no more"
RULE_ID = "trailbell-allow-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedAllows:
    """The alerts' ids of those that have ended and were told."""

    KEY: ClassVar[str] = "ended_allows"

    alert_ids: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        return {"alert_ids": sorted(self.alert_ids)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        alert_ids = typed(stored["alert_ids"], list)
        return cls(alert_ids=frozenset(typed(one, str) for one in alert_ids))


def alert_of_ended(
    outbox: Outbox, notes: Notes, allows: Iterable[Allow], channel: str, now: datetime
) -> None:
    """Keep one alert for each that has ended and was not told yet. Raises StoreError.

    The alerts' ids derive from what is allowed and until when, so one that is cut off before it is
    noted tells nothing twice, and another end is told anew.
    """
    alerts = [_alert(allow, channel, now) for allow in allows if allow.has_ended(now)]
    if not alerts:
        return  # as nearly always: the store is not asked
    told = read(notes, EndedAllows) or EndedAllows()
    new = [alert for alert in alerts if alert.alert_id not in told.alert_ids]
    keep_own(outbox, new, now)
    ended = frozenset(alert.alert_id for alert in alerts)
    if ended != told.alert_ids:
        write(notes, EndedAllows(alert_ids=ended))


def _alert(allow: Allow, channel: str, now: datetime) -> Alert:
    until = allow.until.isoformat() if allow.until else None
    return about_itself(
        RULE_ID,
        *(allow.rules, allow.actors, allow.networks, allow.accounts, until),
        rule_id=RULE_ID,
        severity=Severity.LOW,
        title=TITLE,
        text=_text(allow),
        event_name="Ended",
        channel=channel,
        now=now,
    )


def _text(allow: Allow) -> str:
    who = _some(allow.actors) if allow.actors else "anybody"
    where = f" from {_some(allow.networks)}" if allow.networks else ""
    reason = f" ({allow.reason})" if allow.reason else ""
    return (
        f"The [[allow]] at {allow.where} has ended{reason}: what {who} does{where} is told again "
        "as severe as its rules are. Give it another end, or take it out."
    )


def _some(names: tuple[str, ...]) -> str:
    """The first few of many names."""
    return ", ".join(names[:3]) + (" …" if len(names) > 3 else "")
