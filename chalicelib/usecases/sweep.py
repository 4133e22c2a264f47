"""Sweep, every minute: send what is due, for as long as there is. Every quarter of an hour check
whether records still reach us, and remove the old.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from chalicelib.delivery.dispatch import dispatch
from chalicelib.delivery.run import SWEEP, DispatchReport, Run
from chalicelib.monitoring import reason_alerts
from chalicelib.monitoring.aws_coverage import aws_upstream
from chalicelib.monitoring.clock import is_trusted, note_gap, note_skew
from chalicelib.monitoring.coverage import Upstream, UpstreamError, ask
from chalicelib.monitoring.lateness import late, of_upstream
from chalicelib.monitoring.metrics import dispatch_metrics, due_metrics
from chalicelib.monitoring.notes import Checked, Reason, Reasons, Source, Swept, read, write
from chalicelib.rules.place import RulesError
from chalicelib.stores.store import Store
from chalicelib.usecases.alerting import channels_of, prepared, say_pulled
from chalicelib.usecases.dead_letters import bring_home
from chalicelib.usecases.parts import Parts

CHECK_EVERY = timedelta(minutes=15)
EXPIRED_AT_ONCE = 500
# A check asks AWS half a dozen things.
CHECK_NEEDS_MILLIS = 30_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """What one sweep did. `failing` names the checks that found a reason, where they were made."""

    dispatched: DispatchReport
    expired: int = 0
    failing: tuple[str, ...] = ()


def sweep(parts: Parts, millis_left: Callable[[], float], function_arn: str = "") -> dict[str, int]:
    """One sweep of the program; in Lambda `function_arn` is its own. Raises RulesError once all
    is done, where no rules load.
    """
    deployment = parts.settings.deployment
    run = prepared(parts, millis_left)
    default_channel = parts.default_channel()
    report = sweep_store(
        run,
        parts.store,
        channels=_standing_channels(parts, default_channel),
        default_channel=default_channel,
        retention=parts.settings.retention,
        upstream=aws_upstream(deployment) if deployment else None,
    )
    sent = report.dispatched
    parts.log.measure((*dispatch_metrics(sent), *due_metrics(sent.oldest_due, parts.now())))
    say_pulled(sent, parts)
    parts.log.say("swept", delivered=sent.delivered, expired=report.expired, deaf=report.failing)
    letters = bring_home(parts, function_arn, millis_left)
    _ = parts.ruleset
    return {
        "delivered": sent.delivered,
        "expired": report.expired,
        "due": sent.next_at is not None,
        "home": letters.home,
    }


def sweep_store(
    run: Run,
    store: Store,
    *,
    channels: Collection[str] | None,
    default_channel: str,
    retention: timedelta,
    upstream: Upstream | None,
) -> SweepReport:
    """One sweep. `upstream` is None where there is no AWS to ask. Raises StoreError."""
    now = run.now()
    checks = _is_check_due(store, now)
    report = dispatch(
        _sparing(run, CHECK_NEEDS_MILLIS) if checks else run,
        channels=channels,
        default_channel=default_channel,
        patience=SWEEP,
    )
    _note(store, report, now)
    # A clock that is ahead would remove what is young.
    trusted = checks and is_trusted(store.notes, now)
    expired = store.outbox.expire(now - retention, EXPIRED_AT_ONCE) if trusted else 0
    # Last, since AWS may hang: what it finds is sent by the next sweep.
    failing = _check(run, store, upstream, default_channel, now) if checks else ()
    return SweepReport(dispatched=report, expired=expired, failing=failing)


def _standing_channels(parts: Parts, default_channel: str) -> set[str] | None:
    """Every channel that some alert may go to; while no rules load, nobody knows them."""
    try:
        return channels_of(parts.ruleset, default_channel)
    except RulesError:
        return None


def _is_check_due(store: Store, now: datetime) -> bool:
    """Whether a quarter of an hour has passed since the last check, or the clock was put back."""
    last = read(store.notes, Checked)
    return last is None or not timedelta() <= now - last.at < CHECK_EVERY


def _sparing(run: Run, millis: float) -> Run:
    """A run that leaves so much: a channel that is never idle takes all there is."""
    return replace(run, millis_left=lambda: run.millis_left() - millis)


def _check(
    run: Run, store: Store, upstream: Upstream | None, channel: str, began: datetime
) -> tuple[str, ...]:
    """Every quarter of an hour: which checks found that we may be missing something."""
    now = run.now()
    if run.millis_left() < CHECK_NEEDS_MILLIS:
        return ()
    write(store.notes, Checked(at=began))  # first, so that what hangs is not asked at once
    found = _asked(upstream, store, began, now) if upstream else ()
    waiting = late(store.archive.backlog(now).oldest_due, now)
    reasons = (*found, waiting) if waiting else found
    reason_alerts.alert_of_changes(store.outbox, store.notes, reasons, channel, now)
    return tuple(reason.check for reason in reasons)


def _asked(upstream: Upstream, store: Store, began: datetime, now: datetime) -> tuple[Reason, ...]:
    """The reasons that AWS gives now, or gave last where it cannot be asked."""
    try:
        coverage = ask(upstream, read(store.notes, Source), now)
    except UpstreamError as error:
        write(store.notes, Checked(at=began, error=str(error)))
        return of_upstream(read(store.notes, Reasons))
    if coverage.source:
        write(store.notes, coverage.source)
    return coverage.reasons


def _note(store: Store, report: DispatchReport, now: datetime) -> None:
    before = read(store.notes, Swept)
    known = before.delay if before else None
    note_gap(store.notes, before.at if before else None, now)
    note_skew(store.notes, report.skew, now)
    delay = round(median(report.delays), 1) if report.delays else known
    write(store.notes, Swept(at=now, delay=delay))
