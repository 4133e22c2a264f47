"""Alerts about Trailbell itself: one where a reason began, one where it ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.notes import Notes
from chalicelib.monitoring.lateness import CLOCK, LATE, SWEEP
from chalicelib.monitoring.notes import Reason, Reasons, read, write
from chalicelib.monitoring.own_alerts import Outbox, about_itself, keep_own
from chalicelib.rules.rule import Severity

FAILING, RECOVERED = "Trailbell may be missing events", "Trailbell hears again"
LATE_FAILING, LATE_RECOVERED = "Trailbell's alerts are late", "Trailbell's alerts are on time again"
UNTOLD_FAILING, UNTOLD_RECOVERED = (
    "Trailbell's alerts may not arrive",
    "Trailbell's alerts arrive again",
)
WRONG_CLOCK, RIGHT_CLOCK = "Trailbell's clock is wrong", "Trailbell's clock is right again"
LACKING, COMPLETE = "Trailbell: something to know", "Trailbell: what was to know has ended"
# The titles of a check's reason and of its end, where they are not those of missing events.
TITLES = {
    **dict.fromkeys((LATE, SWEEP), (LATE_FAILING, LATE_RECOVERED)),
    CLOCK: (WRONG_CLOCK, RIGHT_CLOCK),
    **dict.fromkeys(("channel", "schedule", "token"), (UNTOLD_FAILING, UNTOLD_RECOVERED)),
}


def alert_of_changes(
    outbox: Outbox,
    notes: Notes,
    found: Sequence[Reason],
    channel: str,
    now: datetime,
    *,
    well: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Keep one alert per reason that began or ended since the last check. `well` is what each check
    says that found nothing wrong.

    What is noted comes first and the alerts' ids derive from it, so a check that was cut off
    is made up for by the next one and alerts of nothing twice.
    """
    before = read(notes, Reasons) or Reasons()
    began = {reason.check: reason.since for reason in before.standing}
    standing = tuple(
        replace(reason, since=began.get(reason.check, reason.since)) for reason in found
    )
    ended = _ended(before, standing)
    write(notes, Reasons(standing=standing, ended=ended))
    alerts = [_alert(reason, channel, now, ended=None) for reason in standing]
    alerts += [_alert(reason, channel, now, ended=well.get(reason.check, "")) for reason in ended]
    keep_own(outbox, alerts, now)
    write(notes, Reasons(standing=standing))


def _ended(before: Reasons, standing: Sequence[Reason]) -> tuple[Reason, ...]:
    """What ended by now, with what an earlier check found ended and was cut off."""
    stands = {reason.check for reason in standing}
    over = [reason for reason in before.standing if reason.check not in stands]
    return tuple({reason.check: reason for reason in (*before.ended, *over)}.values())


def _alert(reason: Reason, channel: str, now: datetime, *, ended: str | None) -> Alert:
    """The alert of a reason or of its end: `ended` says what is so now then, "" if nobody knows."""
    over = ended is not None
    return about_itself(
        reason.check,
        reason.since.isoformat(),
        over,
        rule_id=f"trailbell-{reason.check}",
        severity=_severity(reason, over),
        title=_title(reason, over),
        text=reason.said if ended is None else _over(reason, ended),
        event_name="Recovered" if over else "Failing",
        channel=channel,
        now=now,
    )


def _over(reason: Reason, now_so: str) -> str:
    over = f"It has ended: {reason.text}"
    return f"{over} Now: {now_so}" if now_so else over


def _severity(reason: Reason, ended: bool) -> Severity:
    if reason.lesser:
        return Severity.INFO if ended else Severity.LOW
    return Severity.MEDIUM if ended else Severity.HIGH


def _title(reason: Reason, ended: bool) -> str:
    titles = LACKING, COMPLETE
    if not reason.lesser:
        titles = TITLES.get(reason.check, (FAILING, RECOVERED))
    return titles[ended]
