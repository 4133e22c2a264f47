"""Health: how Trailbell itself is doing, in a colour and in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from chalicelib.alerts.archive import Backlog
from chalicelib.alerts.channel import DESTINATION, Channel
from chalicelib.alerts.outbox import StoreError
from chalicelib.monitoring.answers import Answered, Coverage, shown
from chalicelib.monitoring.clock import Clock, trouble
from chalicelib.monitoring.dead_letters import DeadLetters
from chalicelib.monitoring.lateness import LATE_AFTER, SWEEP_MISSING_AFTER, of_checks, takers
from chalicelib.monitoring.notes import (
    Reasons,
    Seen,
    Swept,
    Unread,
    by_check,
    read,
)
from chalicelib.monitoring.times import in_words, passed
from chalicelib.monitoring.troubles import NextStep, trouble_with

if TYPE_CHECKING:
    from chalicelib.alerts.notes import Notes

# An outage that lasts.
LASTING = timedelta(minutes=15)
# Checks are made every quarter of an hour; one that is cut off is made up for by the next.
UNCHECKED_AFTER = timedelta(minutes=40)
# How long it is shown that records could not be read.
UNREADABLE_SHOWN_FOR = timedelta(hours=24)

_PAYLOADS = (
    "{} that Lambda gave up on failed here as well and wait at the failure destination: the log's"
    ' lines "dead letter failed" say why, and `trailbell.py redrive` takes them in by hand.'
)
_NO_SWEEP = "It comes every minute, by EventBridge's schedule or `make run`; its log says why."


class Backlogs(Protocol):
    """What knows what waits. Raises StoreError."""

    def backlog(self, now: datetime) -> Backlog:
        """What is still to be sent."""


class Status(Enum):
    """All is well; something to know; something to do."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class State(NamedTuple):
    """What the store says of how it goes at a moment."""

    now: datetime
    backlog: Backlog
    reasons: Reasons
    seen: Seen | None
    swept: Swept | None
    coverage: Coverage | None
    unread: Unread | None
    parked_payloads: int
    clock: Clock | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The status, why in words (empty when green), and what it comes from: None where the store
    does not answer.
    """

    status: Status
    words: tuple[str, ...] = ()
    state: State | None = None


def health(
    backlogs: Backlogs,
    notes: Notes,
    now: datetime,
    *,
    next_step: NextStep,
    rules_error: str | None = None,
) -> Health:
    """How it goes, from what the store keeps. Never raises: a store that fails is red."""
    red = [f"The rules cannot be loaded: {rules_error}"] if rules_error else []
    try:
        state = _state(backlogs, notes, now)
    except StoreError as error:
        return Health(status=Status.RED, words=(*red, f"The store does not answer: {error}"))
    red += _red(state, next_step)
    amber = list(_amber(state, next_step))
    status = Status.RED if red else Status.AMBER if amber else Status.GREEN
    return Health(status=status, words=(*red, *amber), state=state)


def as_json(health: Health) -> dict[str, Any]:
    """Health as the API shows it to who has the token."""
    shown = {"status": health.status.value, "words": health.words}
    return shown | (_details(health.state) if health.state else {})


def _state(backlogs: Backlogs, notes: Notes, now: datetime) -> State:
    return State(
        now=now,
        backlog=backlogs.backlog(now),
        reasons=read(notes, Reasons) or Reasons(),
        seen=read(notes, Seen),
        swept=read(notes, Swept),
        coverage=read(notes, Coverage),
        unread=read(notes, Unread),
        parked_payloads=(read(notes, DeadLetters) or DeadLetters()).parked_still(now),
        clock=read(notes, Clock),
    )


def _red(state: State, next_step: NextStep) -> Iterator[str]:
    graver = [channel for channel in state.backlog.troubled if _is_red(channel, state.now)]
    yield from (trouble_with(channel, next_step) for channel in graver)
    yield from (reason.said for reason in of_checks(state.reasons) if not reason.lesser)
    if wrong := trouble(state.clock):
        yield wrong
    oldest, swept = state.backlog.oldest_due, state.swept
    if oldest and passed(oldest, state.now, LATE_AFTER):
        unswept = "" if swept else f" No sweep has run yet. {_NO_SWEEP}"
        yield f"An alert has been waiting since {in_words(oldest)}.{unswept}"
    if swept and passed(swept.at, state.now, SWEEP_MISSING_AFTER):
        yield f"The sweep has not run since {in_words(swept.at)}. {_NO_SWEEP}"


def _amber(state: State, next_step: NextStep) -> Iterator[str]:
    backlog, unread = state.backlog, state.unread
    lesser = [each for each in backlog.troubled if not _is_red(each, state.now)]
    yield from (trouble_with(channel, next_step) for channel in lesser)
    of = takers(backlog.channels)
    if backlog.uncertain:
        yield f"Of {_alerts(backlog.uncertain)} nobody knows yet whether {of} took it."
    if backlog.parked:
        yield (
            f"{_alerts(backlog.parked)} parked, refused by {of} in every form:"
            " `trailbell.py parked` lists them and sends them again."
        )
    if unread and not passed(unread.at, state.now, UNREADABLE_SHOWN_FOR):
        yield _unread(unread)
    if state.parked_payloads:
        yield _PAYLOADS.format(_counted(state.parked_payloads, "payload"))
    yield from (reason.said for reason in of_checks(state.reasons) if reason.lesser)
    yield from _unchecked(state)


def _unchecked(state: State) -> Iterator[str]:
    """What nobody knows: green is what was checked lately."""
    if state.coverage is None:
        return
    answers = state.coverage.answers
    refused = [each for each in answers if each.answered is Answered.UNKNOWN]
    if refused:
        said = ", ".join(f"{answer.check} ({answer.text})" for answer in refused)
        yield f"What cannot be checked: {said}. What was found last stands."
    last = state.coverage.at
    well = [each for each in answers if each.answered is Answered.OK]
    stale = [each.check for each in well if passed(each.at, last, UNCHECKED_AFTER)]
    if stale:
        yield f"What was not come to for long: {', '.join(stale)}. It was well then."
    if passed(last, state.now, UNCHECKED_AFTER):
        yield f"Nothing was checked since {in_words(last)}."


def _unread(unread: Unread) -> str:
    return (
        f"Of the records that came at {in_words(unread.at)}, {unread.records} could not be read:"
        ' the log\'s lines "unreadable record" say why. The others were told.'
    )


def _is_red(channel: Channel, now: datetime) -> bool:
    lasting = channel.since is not None and passed(channel.since, now, LASTING)
    return channel.trouble == DESTINATION or (channel.trouble is not None and lasting)


def _alerts(count: int) -> str:
    return _counted(count, "alert")


def _counted(count: int, what: str) -> str:
    return f"1 {what}" if count == 1 else f"{count} {what}s"


def _details(state: State) -> dict[str, Any]:
    backlog, swept = state.backlog, state.swept
    waited = state.now - backlog.oldest_due if backlog.oldest_due else None
    return {
        "pending": backlog.pending,
        "uncertain": backlog.uncertain,
        "parked": backlog.parked,
        "oldest_due": _iso(backlog.oldest_due),
        "oldest_due_seconds": round(waited.total_seconds()) if waited is not None else None,
        "channels": [_channel(channel) for channel in backlog.channels],
        "deaf": by_check(state.reasons.standing),
        "coverage": shown(state.coverage),
        "last_records_at": _at(state.seen),
        "last_unreadable_at": _at(state.unread),
        "last_sweep_at": _at(swept),
        "delay_seconds": swept.delay if swept else None,
    }


def _channel(channel: Channel) -> dict[str, Any]:
    return {
        "name": channel.name,
        "trouble": channel.trouble,
        "reason": channel.reason,
        "since": _iso(channel.since),
        "next_send_at": _iso(channel.next_send_at),
    }


def _at(note: Seen | Unread | Swept | None) -> str | None:
    return note.at.isoformat() if note else None


def _iso(time: datetime | None) -> str | None:
    return time.isoformat() if time else None
