"""Ingest: records in, alerts kept, and what is due tried.

Of the two places where imports are lazy this is one (bootstrap.py is the other): most batches
alert nobody, and a cold start must not pay for alerts, stores and Slack then.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING

from chalicelib.alerts.batch import Judged, Kept
from chalicelib.monitoring.metrics import batch_metrics
from chalicelib.rules.matching import Body, match_all

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Judging, Parts

# A batch may hold thousands; a line of the log stays readable.
LOGGED_EVENT_IDS = 100
# When this process took its first batch.
STARTED = time.monotonic()


def ingest(
    bodies: Iterable[Body], parts: Parts, millis_left: Callable[[], float]
) -> dict[str, int]:
    """Judge, store, try to send; the counts. Raises what a retry of the batch can mend."""
    judged = judge(bodies, parts)
    if judged.unreadable:
        parts.log.unreadable(judged.unreadable)
    told = Kept()  # before the batch is kept to its end

    def tell(kept: Kept) -> None:
        nonlocal told
        told = kept
        _alerting().deliver(parts, millis_left, judged.default_channel)

    kept = keep(judged, parts, tell if judged.sightings else None)
    counts = judged.counts
    counts["alerts"] += kept.of_several  # what has come together is no record's
    parts.log.measure(batch_metrics(**counts))
    if judged.untimed:
        reason = "rules over time count no record whose time is unreadable or over a day ahead"
        parts.log.say("not counted", records=judged.untimed, reason=reason)
    new = [alert.event_id for alert in kept.alerts if alert.event_id]
    parts.log.say("ingested", **counts, new=len(kept.new), event_ids=new[:LOGGED_EVENT_IDS])
    # Not opened to note that all is well: that would cost a cold start.
    absent = False
    if judged.unreadable or parts.has_store:
        _alerting().note_seen(judged, parts)
        absent = _alerting().notice_an_absent_sweep(parts, STARTED)
    if (kept.new, kept.amended) != (told.new, told.amended) or absent:
        _alerting().deliver(parts, millis_left, judged.default_channel)
    return {**counts, "new": len(kept.new)}


def judge(bodies: Iterable[Body], parts: Parts) -> Judged:
    """Try every record against the rules; the alerts of those that match."""
    return judged_by(bodies, parts, lambda: _alerting().accounts_of(parts))


def judged_by(
    bodies: Iterable[Body], judging: Judging, accounts: Callable[[], Mapping[str, str]]
) -> Judged:
    """The same without a store; `accounts` are names by account number."""
    matched = match_all(bodies, judging.ruleset)
    if not matched.matches:
        return Judged(records=matched.records, unreadable=tuple(matched.unreadable))
    judged: Judged = _alerting().judge(matched, judging, accounts())
    return judged


def keep(judged: Judged, parts: Parts, tell: Callable[[Kept], None] | None = None) -> Kept:
    """Store what a batch came to; see alerting.keep. Raises StoreError."""
    if not (judged.alerts or judged.addenda or judged.sightings):
        return Kept()
    kept: Kept = _alerting().keep(judged, parts, tell)
    return kept


def _alerting() -> ModuleType:
    from chalicelib.usecases import alerting

    return alerting
