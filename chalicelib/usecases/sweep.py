"""Sweep, every minute: tell what is due, check whether we still hear, remove what is old."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from chalicelib.alerts.outbox import AlertStore
from chalicelib.delivery.dispatch import DispatchReport, dispatch
from chalicelib.delivery.ports import Work
from chalicelib.monitoring.coverage import SOURCE, Ears, EarsError, late, listen, standing, tell
from chalicelib.monitoring.health import CHECKED, SWEPT

CHECK_EVERY = timedelta(minutes=15)
# It has the minute to itself: it may wait for a Retry-After or for the next update.
PATIENCE_SECONDS = 20.0
EXPIRED_AT_ONCE = 500
# A check asks AWS half a dozen things.
CHECK_NEEDS_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """What one sweep did. `deaf` names what keeps us from hearing, where that was asked."""

    dispatched: DispatchReport
    expired: int = 0
    deaf: tuple[str, ...] = ()
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
    asks = _is_check_due(work.store, now)
    report = dispatch(
        _sparing(work, CHECK_NEEDS_SECONDS) if asks else work,
        channels=channels,
        default_channel=default_channel,
        patience=PATIENCE_SECONDS,
    )
    expired = work.store.expire(now - retention, EXPIRED_AT_ONCE)
    _note(work.store, report, now)
    # Last, since AWS may hang: what it finds is told by the next sweep.
    deaf = _check(work, ears, default_channel, now) if asks else ()
    return SweepReport(
        dispatched=report,
        expired=expired,
        deaf=deaf,
        oldest_due=work.store.backlog(work.now()).oldest_due,
    )


def _is_check_due(store: AlertStore, now: datetime) -> bool:
    last = (store.noted(CHECKED) or {}).get("at")
    return not isinstance(last, str) or now - datetime.fromisoformat(last) >= CHECK_EVERY


def _sparing(work: Work, seconds: float) -> Work:
    """Work that leaves so many seconds: a channel that is never idle takes all there are."""
    return replace(work, remaining=lambda: work.remaining() - seconds)


def _check(work: Work, ears: Ears | None, channel: str, began: datetime) -> tuple[str, ...]:
    """Every quarter of an hour: why we may be missing something, in a word each."""
    store, now = work.store, work.now()
    if work.remaining() < CHECK_NEEDS_SECONDS:
        return ()
    store.note(CHECKED, {"at": began.isoformat()})  # first, so that what hangs is not asked at once
    try:
        reasons = _hear(store, ears, now) if ears else {}
    except EarsError as error:
        store.note(CHECKED, {"at": began.isoformat(), "error": str(error)})
        reasons = standing(store)
    reasons |= late(store.backlog(now).oldest_due, now)
    tell(store, reasons, channel, now)
    return tuple(reasons)


def _hear(store: AlertStore, ears: Ears, now: datetime) -> dict[str, str]:
    heard = listen(ears, store.noted(SOURCE), now)
    if heard.source:
        store.note(SOURCE, dict(heard.source))
    return dict(heard.reasons)


def _note(store: AlertStore, report: DispatchReport, now: datetime) -> None:
    before = store.noted(SWEPT) or {}
    delay = round(median(report.delays), 1) if report.delays else before.get("delay")
    store.note(SWEPT, {"at": now.isoformat(), "delay": delay})
