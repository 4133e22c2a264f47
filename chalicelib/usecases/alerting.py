"""What an invocation does once there is something to alert of, and not before."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from chalicelib.alerts import judging
from chalicelib.alerts.batch import Judged, Kept
from chalicelib.delivery.dispatch import dispatch
from chalicelib.delivery.run import DispatchReport, Run
from chalicelib.delivery.watch import WATCH
from chalicelib.monitoring.clock import NOTED_HERE, is_off, is_trusted, note_skew
from chalicelib.monitoring.metrics import dispatch_metrics
from chalicelib.monitoring.notes import note_seen as _note_seen
from chalicelib.rules.matching import Matched
from chalicelib.rules.ruleset import Ruleset
from chalicelib.usecases.absent_sweep import ABSENT_SWEEP

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Parts


def judge(matched: Matched, parts: Parts) -> Judged:
    """The alerts of what the rules matched."""
    return judging.judge(
        matched,
        accounts=parts.ruleset.accounts,
        default_channel=parts.default_channel(),
        now=parts.now(),
        routes=parts.ruleset.routes,
    )


def keep(judged: Judged, parts: Parts) -> Kept:
    """Store them. Raises StoreError."""
    now, notes = parts.now(), parts.store.notes
    return judging.keep(
        judged, parts.store.outbox, now, parts.settings.retention, lambda: is_trusted(notes, now)
    )


def deliver(parts: Parts, millis_left: Callable[[], float]) -> DispatchReport:
    """Send what is due by now, as far as pace and the time left allow."""
    default_channel = parts.default_channel()
    report = dispatch(
        prepared(parts, millis_left),
        channels=channels_of(parts.ruleset, default_channel),
        default_channel=default_channel,
    )
    parts.log.measure(dispatch_metrics(report))
    say_pulled(report, parts)
    if report.skew is not None and (NOTED_HERE.is_off or is_off(report.skew)):
        note_skew(parts.store.notes, report.skew, parts.now())
    return report


def say_pulled(report: DispatchReport, parts: Parts) -> None:
    """Say which channels had a time in the store that lay further ahead than it can."""
    if report.pulled:
        parts.log.say("pulled back", channels=report.pulled)


def prepared(parts: Parts, millis_left: Callable[[], float]) -> Run:
    """What one dispatch works with, for so many milliseconds."""
    return Run(
        queue=parts.store.queue,
        transport=parts.transport(),
        compose=parts.compose(),
        owner=os.urandom(16).hex(),
        now=parts.now,
        sleep=time.sleep,
        millis_left=millis_left,
        watch=WATCH,
    )


def note_seen(judged: Judged, parts: Parts) -> None:
    """Note that records came in, and how many of them could not be read."""
    _note_seen(parts.store.notes, parts.now(), judged.records, len(judged.unreadable))


def notice_an_absent_sweep(parts: Parts, started: float) -> bool:
    """Whether an alert was kept that the sweep does not come; `started` is when the process did,
    by time.monotonic(). Raises StoreError.
    """
    return ABSENT_SWEEP.noticed(parts, started)


def channels_of(ruleset: Ruleset, default_channel: str) -> set[str]:
    """Every channel that some alert may go to."""
    named = {rule.channel for rule in ruleset.rules} | {route.channel for route in ruleset.routes}
    return {channel for channel in named if channel} | {default_channel}
