"""Sweep, every minute: send what is due, for as long as there is. Each five minutes CloudTrail gets
something to record; every quarter hour we check whether records reach us, and remove the old.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from chalicelib.delivery.dispatch import dispatch
from chalicelib.delivery.run import SWEEP, DispatchReport, Run
from chalicelib.monitoring.clock import is_trusted, note_gap, note_skew
from chalicelib.monitoring.ended_allows import alert_of_ended
from chalicelib.monitoring.metrics import dispatch_metrics, due_metrics
from chalicelib.monitoring.notes import Swept, read, write
from chalicelib.monitoring.own_read import is_read_due, leave_a_record
from chalicelib.parameters import SecretError
from chalicelib.rules.place import RulesError
from chalicelib.stores.store import Store
from chalicelib.usecases.account_names import read_account_names
from chalicelib.usecases.alerting import channels_of, prepared, say_pulled, serve_others, webhook_of
from chalicelib.usecases.at_once import whisper, whispered_by
from chalicelib.usecases.dead_letters import bring_home
from chalicelib.usecases.due_later import due_later
from chalicelib.usecases.parts import Parts
from chalicelib.usecases.rights import read_who_may
from chalicelib.usecases.self_watch import is_check_due, self_watch, sparing
from chalicelib.usecases.watched import Watched, watched

EXPIRED_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepReport:
    """What one sweep did. `failing` names the checks that found a reason, where they were made."""

    dispatched: DispatchReport
    expired: int = 0
    failing: tuple[str, ...] = ()


def sweep(
    parts: Parts, millis_left: Callable[[], float], function_arn: str = "", detail: Any = None
) -> dict[str, int]:
    """One sweep of the program; in Lambda `function_arn` is its own, and `detail` says what the
    click that asked for it is answered. Raises RulesError once all is done, where no rules load;
    where what Slack is told by cannot be read SecretError, once the webhook was told.
    """
    if said := whispered_by(detail):
        whisper(parts, said)
    try:
        run, default_channel = prepared(parts, millis_left), parts.default_channel()
    except SecretError:
        serve_others(parts, millis_left, SWEEP)
        raise
    due_later(parts, run, default_channel)  # first, so that what it says is sent at once
    report = sweep_store(
        run,
        parts.store,
        channels=_standing_channels(parts, default_channel),
        default_channel=default_channel,
        retention=parts.settings.retention,
        watched=watched(parts, run),
    )
    sent = report.dispatched
    parts.log.measure((*dispatch_metrics(sent), *due_metrics(sent.oldest_due, parts.now())))
    say_pulled(sent, parts)
    parts.log.say("swept", delivered=sent.delivered, expired=report.expired, deaf=report.failing)
    letters = bring_home(parts, function_arn, millis_left)
    outbox, notes = parts.store.outbox, parts.store.notes
    read_who_may(parts, millis_left)
    read_account_names(parts, millis_left)
    alert_of_ended(outbox, notes, parts.ruleset.allows, default_channel, parts.now())
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
    watched: Watched,
) -> SweepReport:
    """One sweep. Raises StoreError."""
    now = run.now()
    checks = is_check_due(store, now)
    report = dispatch(
        sparing(run),
        channels=channels,
        default_channel=default_channel,
        patience=SWEEP,
    )
    before = _note(store, report, now)
    # A clock that is ahead would remove what is young.
    trusted = checks and is_trusted(store.notes, now)
    expired = store.outbox.expire(now - retention, EXPIRED_AT_ONCE) if trusted else 0
    # Last, since AWS may hang: what it finds is sent by the next sweep.
    failing = self_watch(run, store, watched, channels, default_channel, now) if checks else ()
    if watched.upstream and is_read_due(before, now):
        leave_a_record(watched.upstream)
    return SweepReport(dispatched=report, expired=expired, failing=failing)


def _standing_channels(parts: Parts, default_channel: str) -> set[str] | None:
    """Every channel that some alert may go to; while no rules load, nobody knows them."""
    try:
        return channels_of(parts.ruleset, default_channel) | webhook_of(parts)
    except RulesError:
        return None


def _note(store: Store, report: DispatchReport, now: datetime) -> datetime | None:
    """Note this sweep; when the last one was."""
    before = read(store.notes, Swept)
    known = before.delay if before else None
    note_gap(store.notes, before.at if before else None, now)
    note_skew(store.notes, report.skew, now)
    delay = round(median(report.delays), 1) if report.delays else known
    write(store.notes, Swept(at=now, delay=delay))
    return before.at if before else None
