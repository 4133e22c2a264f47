"""Dispatch: sends every channel what is due, one request at a time and one sender a channel.

The only clock, sleep and deadline are those passed in, so that a day can be played in a second.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.alerts.channel import Channel, Waiting
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import StoreError
from chalicelib.delivery.pace import ready_at
from chalicelib.delivery.run import LEASE, DispatchReport, Run, Tally
from chalicelib.delivery.sender import Sender
from chalicelib.delivery.transitions import healed

LONGEST_SLEEP_SECONDS = 2.0
PASSES = 2
MOVED_AT_ONCE = 250


def dispatch(
    run: Run,
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
    waiting = run.queue.waiting(run.now())
    left = [each for each in waiting if each.channel.name not in {*channels, default_channel}]
    forwarded = [_forward(run, each, default_channel, tally) for each in left]
    if any(forwarded):
        waiting = run.queue.waiting(run.now())
    for _ in range(PASSES):
        senders = _claim_all(run, waiting, tally, patience)
        if not senders:
            break
        _serve(run, senders, patience)
        # Who stored an alert while we held its channel left it to us: look once more.
        waiting = run.queue.waiting(run.now())
    return _report(tally, waiting, run.now())


def _claim_all(run: Run, waiting: Sequence[Waiting], tally: Tally, patience: float) -> list[Sender]:
    """The channels that have something to send soon and that nobody else holds."""
    if not run.has_time():
        return []
    now = run.now()
    soon = [
        each.channel.name
        for each in waiting
        if each.due and (ready_at(each.channel, now) - now).total_seconds() <= patience
    ]
    claimed = [run.queue.claim(name, run.owner, now, now + LEASE) for name in soon]
    return [Sender(run, claim, tally) for claim in claimed if claim]


def _serve(run: Run, senders: list[Sender], patience: float) -> None:
    """Let the senders make their steps in turn, always the one that is ready first."""
    senders = list(senders)
    try:
        while senders and run.has_time():
            sender = min(senders, key=Sender.ready_at)
            wait = (sender.ready_at() - run.now()).total_seconds()
            if wait > patience:
                break
            if wait > 0:
                run.sleep(min(wait, LONGEST_SLEEP_SECONDS))
                sender.wake()
                continue
            # To the back of the row, so that no channel waits for another's backlog.
            senders.remove(sender)
            if sender.step():
                senders.append(sender)
            else:
                sender.close()
    finally:
        for sender in senders:
            with contextlib.suppress(StoreError):  # the lease ends by itself
                sender.close()


def _forward(run: Run, waiting: Waiting, default_channel: str, tally: Tally) -> bool:
    """Move what waits for a channel that nothing names any more, so that nothing waits for ever;
    whether it was held for that.
    """
    name, now = waiting.channel.name, run.now()
    if not (waiting.channel.trouble or waiting.due) or not run.has_time():
        return False
    claim = run.queue.claim(name, run.owner, now, now + LEASE)
    if claim is None:
        return False
    sender = Sender(run, claim, tally)
    sender.settle_cut_off()
    for delivery in run.queue.due(name, now, MOVED_AT_ONCE):
        kept = replace(delivery, state=DeliveryState.SENT, amended=False)
        moved = replace(delivery, channel=default_channel, post_id=None, form=0)
        run.queue.replace(delivery, kept if delivery.amended else moved)
    sender.channel = healed(sender.channel)
    sender.close()
    return True


def _report(tally: Tally, waiting: Sequence[Waiting], now: datetime) -> DispatchReport:
    ready = [_next_at(each.channel, tally, now) for each in waiting if each.due]
    return DispatchReport(
        requests=tally.requests,
        delivered=tally.delivered,
        ambiguous=tally.ambiguous,
        refused=tally.refused,
        parked=tally.parked,
        delays=tuple(tally.delays),
        next_at=min(ready, default=None),
    )


def _next_at(channel: Channel, tally: Tally, now: datetime) -> datetime:
    """When something that is due there may go, at the latest."""
    return max(
        ready_at(channel, now),
        tally.waiting.get(channel.name, now),
        channel.leased_until or now,  # another's: ours are let go
    )
