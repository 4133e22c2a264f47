"""Dispatch: sends every channel what is due, one sender a channel.

The only clock, sleep and deadline are those passed in, so that a day can be played in a second.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from math import inf

from chalicelib.alerts.channel import Channel, Waiting
from chalicelib.alerts.delivery import DeliveryState, is_person
from chalicelib.delivery.pace import ready_at
from chalicelib.delivery.run import HANDLER, LEASE, DispatchReport, Patience, Run
from chalicelib.delivery.sender import Sender
from chalicelib.delivery.senders import LONGEST_SLEEP_SECONDS, Senders
from chalicelib.delivery.transitions import healed

PASSES = 2
MOVED_AT_ONCE = 250


def dispatch(
    run: Run,
    *,
    channels: Collection[str] | None,
    default_channel: str,
    patience: Patience = HANDLER,
) -> DispatchReport:
    """Send what is due until nothing is, or it must wait for longer than `patience` allows, or
    less than 8 s remain. What waits for a channel that is not among `channels` any more moves to
    `default_channel`; None where nobody knows them. Raises StoreError; what was sent until then is
    settled.
    """
    senders, pulled = Senders(run, patience), set[str]()
    waiting = _look(run, pulled)
    named = None if channels is None else {*channels, default_channel}
    left = [each for each in waiting if named and not _is_named(each.channel.name, named)]
    forwarded = [_forward(run, each, default_channel, senders) for each in left]
    if any(forwarded):
        waiting = _look(run, pulled)
    try:
        waiting = _serve(run, senders, patience, waiting, pulled)
    finally:
        senders.end()
    return _report(run, senders, waiting, pulled)


def _is_named(channel: str, named: Collection[str]) -> bool:
    """Whether something may go there; nobody names the people whom notices go to."""
    return channel in named or is_person(channel)


def _serve(
    run: Run, senders: Senders, patience: Patience, waiting: list[Waiting], pulled: set[str]
) -> list[Waiting]:
    """Send what is due; what waits then."""
    for number in count(1):
        requests = senders.requests
        senders.claim(waiting)
        if not senders and not (patience.watches and _is_expected(run, waiting)):
            return waiting
        senders.serve(LONGEST_SLEEP_SECONDS if patience.watches else inf)
        if not senders and senders.requests == requests and patience.watches:
            run.sleep(LONGEST_SLEEP_SECONDS)  # what is due is another's
        # Who stored an alert while we held its channel left it to us: look once more.
        waiting = _look(run, pulled)
        if number == PASSES and not patience.watches:
            break
    return waiting


def _look(run: Run, pulled: set[str]) -> list[Waiting]:
    """What waits, as it stands now; the channels with a time that cannot be join `pulled`."""
    waiting = run.queue.waiting(run.now())
    if run.only is not None:
        waiting = [each for each in waiting if each.channel.name in run.only]
    return [_as_it_stands(run, each, pulled) for each in waiting]


def _as_it_stands(run: Run, waiting: Waiting, pulled: set[str]) -> Waiting:
    channel = run.as_it_stands(waiting.channel)
    if channel is waiting.channel:
        return waiting
    if waiting.due and run.pulled(waiting.channel) is not waiting.channel:
        # Kept at once, else it would be pulled anew each time.
        if claim := run.claim(waiting.channel):
            channel = replace(run.as_it_stands(claim.channel), leased_until=None)
            run.queue.save(channel)
        pulled.add(channel.name)
    return replace(waiting, channel=channel)


def _is_expected(run: Run, waiting: Sequence[Waiting]) -> bool:
    """Whether something that is due may go within the time left, whoever holds its channel."""
    now, left = run.now(), run.seconds_left()
    waits = [(ready_at(each.channel, now) - now).total_seconds() for each in waiting if each.due]
    return any(wait <= left for wait in waits)


def _forward(run: Run, waiting: Waiting, default_channel: str, senders: Senders) -> bool:
    """Move what waits for a channel that nothing names any more, so that nothing waits for ever;
    whether it was held for that.
    """
    name, now = waiting.channel.name, run.now()
    if not (waiting.channel.trouble or waiting.due) or not run.has_time():
        return False
    claim = run.claim(waiting.channel)
    if claim is None:
        return False
    sender = Sender(run, claim)
    senders.all.append(sender)
    sender.settle_cut_off()
    for delivery in run.queue.due(name, now, MOVED_AT_ONCE):
        kept = replace(delivery, state=DeliveryState.SENT, amended=False)
        moved = replace(delivery, channel=default_channel, post_id=None, form=0)
        run.queue.replace(delivery, kept if delivery.amended else moved)
    sender.channel = healed(sender.channel)
    sender.close()
    return True


def _report(
    run: Run, senders: Senders, waiting: Sequence[Waiting], pulled: Collection[str]
) -> DispatchReport:
    now = run.now()
    waits = {sender.channel.name: sender.waits_until for sender in senders.all}
    due = [each for each in waiting if each.due]
    ready = [_next_at(run, each.channel, waits.get(each.channel.name), now) for each in due]
    return replace(
        DispatchReport.of(sender.tally for sender in senders.all),
        next_at=min(ready, default=None),
        oldest_due=min((each.since for each in due if each.since), default=None),
        pulled=tuple(sorted(pulled)),
    )


def _next_at(run: Run, channel: Channel, waits_until: datetime | None, now: datetime) -> datetime:
    """When something that is due there may go, at the latest."""
    leased = timedelta(seconds=run.watch.left(channel, LEASE.total_seconds()))  # to another
    return max(ready_at(channel, now), waits_until or now, now + leased)
