"""Self-watch, every quarter of an hour: compare what is with what should be, and tell it once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.alerts.archive import Backlog
from chalicelib.alerts.channel import Channel
from chalicelib.delivery.run import Run
from chalicelib.monitoring.answers import WRONG, Answered, Coverage, Finding, failing, ok
from chalicelib.monitoring.channels import check_slack, without_slack
from chalicelib.monitoring.clock import Clock, note_skew, trouble
from chalicelib.monitoring.coverage import Way, check_way
from chalicelib.monitoring.dead_letters import DeadLetters
from chalicelib.monitoring.expected import Expectations, Expected
from chalicelib.monitoring.functions import Around, check_functions
from chalicelib.monitoring.lateness import CLOCK, LATE, SWEEP, late, takers
from chalicelib.monitoring.metrics import watch_metrics
from chalicelib.monitoring.notes import Checked, Note, Reason, Reasons, Source, read, write
from chalicelib.monitoring.reason_alerts import alert_of_changes
from chalicelib.monitoring.steadiness import Ends, steadied
from chalicelib.monitoring.steps import STEPS
from chalicelib.monitoring.upstream import UpstreamError
from chalicelib.rules.destinations import CHANNEL_ID
from chalicelib.settings import WEBHOOK
from chalicelib.stores.store import Store
from chalicelib.usecases.alerting import channels_of, prepared, webhook_of
from chalicelib.usecases.parts import Parts
from chalicelib.usecases.watched import Watched, watched

CHECK_EVERY = timedelta(minutes=15)
# A check asks AWS two dozen things, one after the other.
CHECK_NEEDS_MILLIS = 30_000.0


def watch_at_start(parts: Parts, millis_left: Callable[[], float]) -> tuple[str, ...]:
    """One self-watch now, whenever the last was; the checks that fail. Raises StoreError and
    RulesError.
    """
    run = prepared(parts, millis_left)
    channel = parts.default_channel()
    channels = channels_of(parts.ruleset, channel) | webhook_of(parts)
    return self_watch(run, parts.store, watched(parts, run), channels, channel, parts.now())


def is_check_due(store: Store, now: datetime) -> bool:
    """Whether a quarter of an hour has passed since the last check, or the clock was put back."""
    last = read(store.notes, Checked)
    return last is None or not timedelta() <= now - last.at < CHECK_EVERY


def sparing(run: Run) -> Run:
    """A run that leaves time for what a sweep does besides, a check or dead letters: a channel that
    is never idle takes all there is.
    """
    return replace(run, millis_left=lambda: run.millis_left() - CHECK_NEEDS_MILLIS)


def self_watch(
    run: Run,
    store: Store,
    watched: Watched,
    channels: Collection[str] | None,
    default_channel: str,
    began: datetime,
) -> tuple[str, ...]:
    """Every check that can be made; those that fail. `channels` are those in use, None where
    nobody knows. Raises StoreError.
    """
    now = run.now()
    if run.millis_left() < CHECK_NEEDS_MILLIS:
        return ()
    write(store.notes, Checked(at=began))  # first, so that what hangs is not asked at once
    backlog = store.archive.backlog(now)
    findings = [*_of_aws(watched, store, now)]
    if watched.slack:
        used = in_use(backlog.channels, channels)
        findings += check_slack(watched.slack, used, named=watched.named)
        note_skew(store.notes, watched.slack.skew, now)
    else:
        findings += without_slack()
    findings += _of_us(backlog, read(store.notes, Clock), now)
    coverage = read(store.notes, Coverage) or Coverage(at=now)
    write(store.notes, coverage.with_findings(findings, now))
    before = (read(store.notes, Reasons) or Reasons()).standing
    ends = read(store.notes, Ends) or Ends()
    reasons, later = steadied(_standing(findings, before, now), before, ends, now)
    _write_changed(store, later if later != ends else None)
    well = {check: text for check, answered, text in findings if answered is Answered.OK}
    alert_of_changes(store.outbox, store.notes, reasons, default_channel, now, well=well)
    grave = tuple(reason.check for reason in reasons if not reason.lesser)
    watched.measure(watch_metrics(len(grave)))
    return grave


def in_use(known: Sequence[Channel], names: Collection[str] | None) -> list[Channel]:
    """Those of Slack that had a message, and those that had none yet and are named by their id."""
    known = [each for each in known if each.name != WEBHOOK]
    if names is None:
        return known
    used = [each for each in known if each.name in names]
    with_id = {each.name for each in used if each.channel_id}
    ids = (name for name in sorted(names) if CHANNEL_ID.fullmatch(name) and name not in with_id)
    return [*used, *(Channel(name=name, channel_id=name) for name in ids)]


def _of_us(backlog: Backlog, clock: Clock | None, now: datetime) -> Iterator[Finding]:
    waiting = late(backlog.oldest_due, now, takers(backlog.channels))
    yield failing(LATE, waiting.text) if waiting else ok(LATE, "No alert has been waiting long.")
    yield ok(SWEEP, "The sweep comes.")
    wrong, right = trouble(clock), "No answer of Slack says that our clock is wrong."
    yield failing(CLOCK, wrong) if wrong else ok(CLOCK, right)


def _of_aws(watched: Watched, store: Store, now: datetime) -> Iterator[Finding]:
    expected = read(store.notes, Expected) or Expected()
    expectations = Expectations(expected, _deployed(watched), now)
    if watched.upstream and not watched.by_files():
        source = read(store.notes, Source)
        way = Way(
            upstream=watched.upstream,
            deployment=watched.deployment,
            source=source,
            expectations=expectations,
            wanted=watched.wanted,
            now=now,
        )
        findings, found = check_way(way)
        yield from findings
        _write_changed(store, found if found != source else None)
    if watched.functions:
        yield from check_functions(
            Around(
                functions=watched.functions,
                deployment=watched.deployment,
                expectations=expectations,
                parameters=watched.parameters,
                token=watched.token,
                parked=(read(store.notes, DeadLetters) or DeadLetters()).parked_still(now),
            )
        )
    _write_changed(store, expectations.changed)


def _write_changed(store: Store, note: Note | None) -> None:
    if note:
        write(store.notes, note)


def _deployed(watched: Watched) -> str:
    """When the sweep was last deployed, as Lambda writes it; "" where it does not say."""
    try:
        function = watched.functions.function("sweep") if watched.functions else None
    except UpstreamError:
        return ""
    return function.deployed if function else ""


def _standing(
    findings: Iterable[Finding], before: Iterable[Reason], now: datetime
) -> tuple[Reason, ...]:
    """What is wrong now, with what was wrong where nobody knows whether it still is."""
    found = {finding.check: finding for finding in findings}
    wrong = {
        finding.check: Reason(
            check=finding.check,
            since=now,
            text=finding.text,
            lesser=finding.answered is Answered.LACKING,
            step=STEPS.get(finding.check, ""),
        )
        for finding in found.values()
        if finding.answered in WRONG
    }
    settled = {check for check, finding in found.items() if finding.answered is Answered.OK}
    for reason in before:
        if reason.check not in settled:
            wrong.setdefault(reason.check, reason)
    return tuple(wrong.values())
