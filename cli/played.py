"""Plays a channel: what it would have got, on the records' own clock, by the real delivery.

Judged alerts are kept, and dispatched, at the time of their event: by a handler at once and, while
something waits, by a sweep each minute, as in Lambda. The channel takes everything, in no time. The
clock is virtual, so that a month is played in seconds.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.clicks import Handled, Reply
from chalicelib.alerts.judging import keep
from chalicelib.alerts.mutes import Mute
from chalicelib.alerts.post import Post
from chalicelib.delivery.dispatch import dispatch
from chalicelib.delivery.outcome import Outcome, sent
from chalicelib.delivery.ports import Compose
from chalicelib.delivery.run import HANDLER, SWEEP, Patience, Run
from chalicelib.delivery.watch import Watch
from chalicelib.settings import DEFAULT_RETENTION
from chalicelib.slack.arguments import POST, UPDATE, of_post, of_update
from chalicelib.slack.stand_in import StandIn
from chalicelib.stores.plain import micros
from chalicelib.stores.sqlite.store import sqlite_store
from cli.spool import Arrival, Spool

# What ingest_logs and the sweep have: lambda_timeout in .chalice/config.json.
LAMBDA_SECONDS = 120.0
MINUTE = timedelta(minutes=1)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One call to the channel, as it was made; `alerts` are those that it newly tells."""

    at: datetime
    method: str
    channel: str
    payload: dict[str, Any]
    alerts: tuple[Alert, ...]

    @property
    def is_new(self) -> bool:
        """Whether it stands in the channel by itself; else it changes one that does."""
        return self.method == POST


def play(
    spool: Spool, compose: Compose, folder: Path, mutes: Sequence[Mute] = ()
) -> Iterator[Message]:
    """What all channels would have got, in the order of its time. The stores lie in the folder. A
    mute hides what happened while it was in force.

    Each channel is played by itself: nothing that delivery knows of one changes what another gets.
    """
    plays = [
        _Play(channel, spool.arrivals(channel), compose, folder / f"{number}.db", mutes).messages()
        for number, channel in enumerate(spool.channels())
    ]
    return heapq.merge(*plays, key=lambda message: message.at)


class _Play:
    """One channel, its store and its clock."""

    def __init__(
        self,
        channel: str,
        arrivals: Iterator[Arrival],
        compose: Compose,
        path: Path,
        mutes: Sequence[Mute],
    ) -> None:
        self._mutes = mutes
        self._channel = channel
        self._arrivals = arrivals
        self._next = next(arrivals, None)
        self._store = sqlite_store(path, durable=False)
        for mute in mutes:  # what is kept asks its own store whether one is still in force
            begun = Handled(reply=Reply.MUTED, mute=mute, begins=True)
            self._store.handlings.handle(mute.of_alert, partial(_always, begun), mute.since)
        self._began = self._now = self._next.at if self._next else datetime.now(UTC)
        self._taker = _Taker(channel, compose, self.now)
        self._watch = Watch(lambda: (self._now - self._began).total_seconds())
        self._runs = 0

    def messages(self) -> Iterator[Message]:
        """Play it to its end."""
        sweep_at: datetime | None = None  # while something waits
        while self._next or sweep_at:
            if self._next and not (sweep_at and sweep_at <= self._next.at):
                self._pass(self._next.at)
                began, patience = self._now, HANDLER
            else:
                self._pass(sweep_at or self._now)
                began, patience, sweep_at = self._now, SWEEP, None
            is_due = self._dispatch(patience)
            sweep_at = (sweep_at or _minute_after(began)) if is_due else None
            yield from self._taker.taken()

    def now(self) -> datetime:
        """The time that it is in the channel."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self._pass(self._now + timedelta(seconds=seconds))

    def _pass(self, until: datetime) -> None:
        """Until then, and what happens meanwhile is kept when it does."""
        while self._next and self._next.at <= until:
            self._keep(self._of_a_second(self._next))
        self._now = max(self._now, until)

    def _of_a_second(self, first: Arrival) -> list[Arrival]:
        """What happens within a second is one batch: CloudTrail tells no finer time."""
        batch = [first]
        while (following := next(self._arrivals, None)) and _second(following) == _second(first):
            batch.append(following)
        self._next = following
        return batch

    def _keep(self, batch: Sequence[Arrival]) -> None:
        self._now = max(self._now, batch[-1].at)
        seen = [(each, replace(each.alert, seen_at=self._now)) for each in batch]
        judged = Judged(
            records=len(batch),
            alerts=tuple(alert for each, alert in seen if not each.is_addendum),
            addenda=tuple(alert for each, alert in seen if each.is_addendum),
        )
        # By a clock that is the records' own nothing is too old to be told.
        outbox, now = self._store.outbox, self._now
        keep(judged, outbox, now, DEFAULT_RETENTION, lambda: False, self._mutes)

    def _dispatch(self, patience: Patience) -> bool:
        """Send what is due; whether something is left."""
        self._runs += 1
        end = self._now + timedelta(seconds=LAMBDA_SECONDS)
        run = Run(
            queue=self._store.queue,
            transport=self._taker,
            compose=self._taker.compose,
            owner=str(self._runs),
            now=self.now,
            sleep=self.sleep,
            millis_left=lambda: (end - self._now).total_seconds() * 1000,
            watch=self._watch,
        )
        report = dispatch(
            run, channels={self._channel}, default_channel=self._channel, patience=patience
        )
        return report.next_at is not None


class _Taker(StandIn):
    """A Transport that takes everything at once, and keeps it until it is asked for."""

    def __init__(self, channel: str, compose: Compose, now: Callable[[], datetime]) -> None:
        self._channel = channel
        self._compose = compose
        self._now = now
        self._ts = datetime(1970, 1, 1, tzinfo=UTC)
        self._telling: tuple[Alert, ...] = ()
        self._taken: list[Message] = []

    def taken(self) -> list[Message]:
        """What came since it was last asked for."""
        taken, self._taken = self._taken, []
        return taken

    def compose(
        self, post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool
    ) -> dict[str, Any]:
        """Write a message, and note what it newly tells: a correction tells nothing."""
        new = () if post.corrects else post.alert_ids
        self._telling = tuple(alert for alert in alerts if alert.alert_id in new)
        return self._compose(post, alerts, form=form, possible_repeat=possible_repeat)

    def post(self, payload: dict[str, Any], channel_id: str | None = None) -> Outcome:
        """See Transport. The channel's id is not known: it goes by its name."""
        self._take(POST, of_post(payload, channel_id))
        # Slack tells messages of one moment apart by their ts.
        self._ts = max(self._now(), self._ts + _MICROSECOND)
        seconds, rest = divmod(micros(self._ts), 1_000_000)
        return sent(f"{seconds}.{rest:06d}", self._channel)

    def update(self, channel_id: str, ts: str, payload: dict[str, Any]) -> Outcome:
        """See Transport."""
        self._take(UPDATE, of_update(payload, channel_id, ts))
        return sent(ts, channel_id)

    def _take(self, method: str, payload: dict[str, Any]) -> None:
        told = Message(
            at=self._now(),
            method=method,
            channel=self._channel,
            payload=payload,
            alerts=self._telling,
        )
        self._taken.append(told)


def _always(handled: Handled, *_: object) -> Handled:
    return handled


def _second(arrival: Arrival) -> datetime:
    return arrival.at.replace(microsecond=0)


def _minute_after(time: datetime) -> datetime:
    return time.replace(second=0, microsecond=0) + MINUTE
