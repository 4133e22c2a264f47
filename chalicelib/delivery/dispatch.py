"""Dispatch: tells every channel what is due, one request at a time and one sender a channel.

The only clock, sleep and deadline are those passed in, so that a day can be played in a second.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import AlertStore, StoreError
from chalicelib.delivery.planner import ready_at
from chalicelib.delivery.ports import Tally, Work
from chalicelib.delivery.sender import LEASE, Lane
from chalicelib.delivery.transitions import healed

LONGEST_SLEEP_SECONDS = 2.0
PASSES = 2
MOVED_AT_ONCE = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchReport:
    """What one dispatch did. `delays` are seconds from eventTime to the post of alerts told.

    `next_at` is when something that is due may go, at the latest: None where nothing is left.
    """

    requests: int = 0
    delivered: int = 0
    ambiguous: int = 0
    refused: int = 0
    parked: int = 0
    delays: tuple[float, ...] = ()
    next_at: datetime | None = None


def dispatch(
    work: Work,
    *,
    channels: Collection[str],
    default_channel: str,
    patience: float = LONGEST_SLEEP_SECONDS,
) -> DispatchReport:
    """Send what is due until nothing is, or it must wait for more than `patience` seconds, or
    less than 8 s remain. What waits for a channel that is not among `channels` any more moves to
    `default_channel`. Raises StoreError; what was sent until then is settled.
    """
    tally = Tally()
    for channel in work.store.channels():
        if channel.name not in channels and channel.name != default_channel:
            _forward(work, channel, default_channel, tally)
    # Who stored an alert while we held its channel left it to us: look once more.
    for _ in range(PASSES):
        lanes = _claim_all(work, tally, patience)
        if not lanes:
            break
        _run(work, lanes, patience)
    return _report(tally, work)


def _claim_all(work: Work, tally: Tally, patience: float) -> list[Lane]:
    """The channels that have something to send soon and that nobody else holds."""
    if not work.has_time():
        return []
    now = work.now()
    soon = [
        channel.name
        for channel in work.store.channels()
        if (ready_at(channel, now) - now).total_seconds() <= patience
        and _has_work(work.store, channel.name, now)
    ]
    claimed = [work.store.claim(name, work.owner, now, now + LEASE) for name in soon]
    return [Lane(work, channel, tally) for channel in claimed if channel]


def _has_work(store: AlertStore, name: str, now: datetime) -> bool:
    return bool(store.due(name, now, 1) or store.unsettled(name))


def _run(work: Work, lanes: list[Lane], patience: float) -> None:
    """Serve the lanes in turn, always the one that is ready first."""
    open_lanes = list(lanes)
    try:
        while open_lanes and work.has_time():
            lane = min(open_lanes, key=Lane.ready_at)
            wait = (lane.ready_at() - work.now()).total_seconds()
            if wait > patience:
                break
            if wait > 0:
                work.sleep(min(wait, LONGEST_SLEEP_SECONDS))
                lane.wake()
                continue
            # To the back of the row, so that no channel waits for another's backlog.
            open_lanes.remove(lane)
            if lane.step():
                open_lanes.append(lane)
            else:
                lane.close()
    finally:
        for lane in open_lanes:
            with contextlib.suppress(StoreError):  # the lease ends by itself
                lane.close()


def _forward(work: Work, channel: Channel, default_channel: str, tally: Tally) -> None:
    """Move what waits for a channel that nothing names any more, so that nothing waits for ever."""
    now = work.now()
    idle = not channel.trouble and not _has_work(work.store, channel.name, now)
    if idle or not work.has_time():
        return
    held = work.store.claim(channel.name, work.owner, now, now + LEASE)
    if held is None:
        return
    lane = Lane(work, held, tally)
    lane.settle_cut_off()
    for delivery in work.store.due(channel.name, now, MOVED_AT_ONCE):
        told = replace(delivery, state=DeliveryState.SENT, amended=False)
        moved = replace(delivery, channel=default_channel, post_id=None, form=0)
        work.store.replace(delivery, told if delivery.amended else moved)
    lane.channel = healed(lane.channel)
    lane.close()


def _report(tally: Tally, work: Work) -> DispatchReport:
    now = work.now()
    waiting = [
        max(
            ready_at(channel, now),
            tally.waiting.get(channel.name, now),
            channel.leased_until or now,  # another's: ours are let go
        )
        for channel in work.store.channels()
        if _has_work(work.store, channel.name, now)
    ]
    return DispatchReport(
        requests=tally.requests,
        delivered=tally.delivered,
        ambiguous=tally.ambiguous,
        refused=tally.refused,
        parked=tally.parked,
        delays=tuple(tally.delays),
        next_at=min(waiting, default=None),
    )
