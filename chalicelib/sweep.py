"""Sweep, every minute: tell what is due, check whether we still hear, remove what is old."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from chalicelib.alerts.outbox import AlertStore
from chalicelib.deafness import SOURCE, Ears, EarsError, late, listen, tell
from chalicelib.health import SWEPT
from chalicelib.slack.dispatch import DispatchReport, dispatch
from chalicelib.slack.lane import Work

CHECK_EVERY = timedelta(minutes=15)
CHECKED = "checked"
# It has the minute to itself: it may wait for a Retry-After or for the next update.
PATIENCE_SECONDS = 20.0
EXPIRED_AT_ONCE = 500
# A check asks AWS up to five things, each with a timeout.
CHECK_NEEDS_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """What one sweep did. `deaf` are the words of what keeps us from hearing; `check_error` says
    why that could not be found out.
    """

    dispatched: DispatchReport
    expired: int = 0
    deaf: tuple[str, ...] = ()
    check_error: str | None = None
    oldest_due: datetime | None = None


def sweep(
    work: Work,
    *,
    channels: Collection[str],
    default_channel: str,
    retention: timedelta,
    ears: Ears | None,
) -> SweepReport:
    """One sweep. `ears` is None where there is no AWS to ask. Raises StoreError."""
    now = work.now()
    reasons, check_error = _check(work, ears, default_channel, now)
    report = dispatch(
        work, channels=channels, default_channel=default_channel, patience=PATIENCE_SECONDS
    )
    expired = work.store.expire(now - retention, EXPIRED_AT_ONCE)
    _note(work.store, report, check_error, now)
    return SweepReport(
        dispatched=report,
        expired=expired,
        deaf=reasons,
        check_error=check_error,
        oldest_due=work.store.backlog(work.now()).oldest_due,
    )


def _check(
    work: Work, ears: Ears | None, channel: str, now: datetime
) -> tuple[tuple[str, ...], str | None]:
    """Every quarter of an hour; what could not be asked is asked again by the next sweep."""
    last = (work.store.noted(CHECKED) or {}).get("at")
    fresh = isinstance(last, str) and now - datetime.fromisoformat(last) < CHECK_EVERY
    if fresh or work.remaining() < CHECK_NEEDS_SECONDS:
        return (), None
    try:
        reasons = _hear(work.store, ears, now) if ears else {}
    except EarsError as error:
        return (), str(error)
    reasons |= late(work.store.backlog(now).oldest_due, now)
    tell(work.store, reasons, channel, now)
    work.store.note(CHECKED, {"at": now.isoformat()})
    return tuple(reasons), None


def _hear(store: AlertStore, ears: Ears, now: datetime) -> dict[str, str]:
    heard = listen(ears, store.noted(SOURCE), now)
    if heard.source:
        store.note(SOURCE, dict(heard.source))
    return dict(heard.reasons)


def _note(
    store: AlertStore, report: DispatchReport, check_error: str | None, now: datetime
) -> None:
    before = store.noted(SWEPT) or {}
    delay = round(median(report.delays), 1) if report.delays else before.get("delay")
    store.note(SWEPT, {"at": now.isoformat(), "delay": delay, "check_error": check_error})
