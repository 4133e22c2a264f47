"""Alerts about Trailbell itself: one where a reason began, one where it ended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import deliveries_of
from chalicelib.alerts.notes import Notes
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.monitoring.lateness import LATE
from chalicelib.monitoring.notes import Reason, Reasons, read, write
from chalicelib.rules.rule import Severity

FAILING, RECOVERED = "Trailbell may be missing events", "Trailbell hears again"
LATE_FAILING, LATE_RECOVERED = "Trailbell's alerts are late", "Trailbell's alerts are on time again"


class Outbox(Protocol):
    """What of the outbox is needed here. Raises StoreError."""

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        """Keep each alert with its deliveries; one that is kept already stays as it is."""


def alert_of_changes(
    outbox: Outbox, notes: Notes, found: Sequence[Reason], channel: str, now: datetime
) -> None:
    """Keep one alert per reason that began or ended since the last check.

    What is noted comes first and the alerts' ids derive from it, so a check that was cut off
    is made up for by the next one and alerts of nothing twice.
    """
    before = read(notes, Reasons) or Reasons()
    began = {reason.check: reason.since for reason in before.standing}
    standing = tuple(
        Reason(check=reason.check, since=began.get(reason.check, now), text=reason.text)
        for reason in found
    )
    ended = _ended(before, standing)
    write(notes, Reasons(standing=standing, ended=ended))
    alerts = [_alert(reason, channel, now, ended=False) for reason in standing]
    alerts += [_alert(reason, channel, now, ended=True) for reason in ended]
    stored = [StoredAlert(alert=alert, deliveries=deliveries_of(alert, now)) for alert in alerts]
    outbox.add(stored, now)
    write(notes, Reasons(standing=standing))


def _ended(before: Reasons, standing: Sequence[Reason]) -> tuple[Reason, ...]:
    """What ended by now, with what an earlier check found ended and was cut off."""
    stands = {reason.check for reason in standing}
    over = [reason for reason in before.standing if reason.check not in stands]
    return tuple({reason.check: reason for reason in (*before.ended, *over)}.values())


def _alert(reason: Reason, channel: str, now: datetime, *, ended: bool) -> Alert:
    return Alert(
        alert_id=_id(reason, ended),
        rule_id=f"trailbell-{reason.check}",
        rule_ids=(f"trailbell-{reason.check}",),
        severity=Severity.MEDIUM if ended else Severity.HIGH,
        title=_title(reason, ended),
        text=f"It has ended: {reason.text}" if ended else reason.text,
        event_id="",
        event_name="Recovered" if ended else "Failing",
        event_source="trailbell",
        account_id="",
        account_name="",
        aws_region="",
        actor="Trailbell",
        actor_type="Trailbell",
        actor_id="",
        via="",
        source_ip="",
        user_agent="",
        event_time=now,
        seen_at=now,
        error_code="",
        error_message="",
        mfa=None,
        read_only=None,
        resources=(),
        channels=(channel,),
    )


def _title(reason: Reason, ended: bool) -> str:
    if reason.check == LATE:
        return LATE_RECOVERED if ended else LATE_FAILING
    return RECOVERED if ended else FAILING


def _id(reason: Reason, ended: bool) -> str:
    text = json.dumps(["trailbell", reason.check, reason.since.isoformat(), ended])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
