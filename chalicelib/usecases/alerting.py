"""What an invocation does once there is something to alert of, and not before."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from chalicelib.alerts import judging, over_time
from chalicelib.alerts.batch import Judged, Kept
from chalicelib.alerts.following import followed_up, followups_of
from chalicelib.alerts.outbox import StoreError
from chalicelib.alerts.told import Way
from chalicelib.delivery.dispatch import dispatch
from chalicelib.delivery.ports import Way as CarryingWay
from chalicelib.delivery.run import HANDLER, DispatchReport, Patience, Run
from chalicelib.delivery.watch import WATCH
from chalicelib.monitoring.clock import NOTED_HERE, is_off, is_trusted, note_skew
from chalicelib.monitoring.metrics import dispatch_metrics
from chalicelib.monitoring.notes import note_seen as _note_seen
from chalicelib.parameters import SecretError
from chalicelib.rules.matching import Matched
from chalicelib.rules.ruleset import Ruleset
from chalicelib.settings import WEBHOOK
from chalicelib.usecases.absent_sweep import ABSENT_SWEEP
from chalicelib.usecases.account_names import accounts_of as accounts_of  # for ingest

if TYPE_CHECKING:
    from chalicelib.alerts.mutes import Mute
    from chalicelib.stores.store import Store
    from chalicelib.usecases.parts import Judging, Parts


def judge(matched: Matched, parts: Judging, accounts: Mapping[str, str]) -> Judged:
    """The alerts of what the rules matched; `accounts` are names by account number."""
    default_channel = parts.default_channel()
    judged = judging.judge(
        matched,
        accounts=accounts,
        default_channel=default_channel,
        now=parts.now(),
        routes=parts.ruleset.routes,
    )
    return replace(judged, default_channel=default_channel)


def keep(judged: Judged, parts: Parts, tell: Callable[[Kept], None] | None = None) -> Kept:
    """Store them, hidden where a mute in force says so, and what rules over time make of what they
    count. Raises StoreError.

    Where something urgent is new, `tell` is called between the two: then no alert of a record waits
    for what others add to rules over time. These are kept whatever becomes of it.
    """
    now, store, ruleset = parts.now(), parts.store, parts.ruleset
    mutes = cache(partial(_in_force, store))  # one read a batch
    follow = None
    if ruleset.follows:
        follow = partial(followups_of, ruleset.handling, ruleset.people, now)

    def kept_of(some: Judged) -> Kept:
        trusted = partial(is_trusted, store.notes, now)
        retention = parts.settings.retention
        return judging.keep(some, store.outbox, now, retention, trusted, mutes(), follow)

    kept = kept_of(judged) if judged.alerts or judged.addenda else Kept()
    try:
        if tell and kept.urgent:
            tell(kept)
    finally:
        if judged.sightings:
            channel = judged.default_channel or parts.default_channel()
            way = Way(default_channel=channel, now=now, routes=ruleset.routes)
            kept = kept.joined(over_time.keep(judged.sightings, store, kept_of, way))
    if follow:
        for addendum in kept.amended:  # it may be more severe now
            followed = partial(followed_up, addendum=addendum, follow=follow)
            store.handlings.handle(addendum.alert_id, followed, now)
    return kept


def _in_force(store: Store) -> tuple[Mute, ...]:
    """The mutes, in one read. Where they cannot be read all is told: that loses nothing."""
    try:
        return store.mutes.in_force()
    except StoreError:
        return ()


def deliver(
    parts: Parts, millis_left: Callable[[], float], default_channel: str = ""
) -> DispatchReport:
    """Send what is due by now, as far as pace and the time left allow; the default channel where
    it is known already.
    """
    try:
        default_channel = default_channel or parts.default_channel()
        run = prepared(parts, millis_left)
    except SecretError:
        serve_others(parts, millis_left)
        raise
    channels = channels_of(parts.ruleset, default_channel) | webhook_of(parts)
    report = dispatch(run, channels=channels, default_channel=default_channel)
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
    """What one dispatch works with, for so many milliseconds. Raises SecretError."""
    return _run(parts, millis_left, parts.way())


def serve_others(
    parts: Parts, millis_left: Callable[[], float], patience: Patience = HANDLER
) -> None:
    """Tell the webhook, if there is one, while what Slack is told by cannot be read."""
    if only := webhook_of(parts):
        run = replace(_run(parts, millis_left, parts.webhook()), only=only)
        dispatch(run, channels=None, default_channel="", patience=patience)


def _run(parts: Parts, millis_left: Callable[[], float], way: CarryingWay) -> Run:
    return Run(
        queue=parts.store.queue,
        transport=way.transport,
        compose=way.compose,
        owner=os.urandom(16).hex(),
        now=parts.now,
        sleep=time.sleep,
        millis_left=millis_left,
        watch=WATCH,
        others={WEBHOOK: parts.webhook},
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
    """Every channel of the rules that some alert may go to."""
    return {*ruleset.channels, default_channel}


def webhook_of(parts: Parts) -> frozenset[str]:
    """The webhook's channel where alerts leave by it too, as far as anybody knows."""
    is_on = parts.settings.webhook_url is not None and parts.has_webhook()
    return frozenset({WEBHOOK} if is_on else ())
