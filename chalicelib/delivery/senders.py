"""Senders: the channels that one run holds: who is asked next, how many at once, how long waited.

Only the requests themselves run beside each other. What to send next is decided, written and
settled one after another, so that a channel that drags holds up none of the others.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.alerts.channel import Waiting
from chalicelib.alerts.outbox import StoreError
from chalicelib.delivery.calls import Call
from chalicelib.delivery.pace import is_stopped, ready_at
from chalicelib.delivery.run import Patience, Run
from chalicelib.delivery.sender import Request, Sender
from chalicelib.rules.rule import URGENT

LONGEST_SLEEP_SECONDS = 2.0
# So many requests are under way at once, at most half of them to channels that drag.
PLACES = 32
DRAGS_SECONDS = 2.0
# Who waits renews its lease when it is so old: see run.LEASE.
RENEW_SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A request that is, since when by the run's watch, and whose it is."""

    sender: Sender
    request: Request
    call: Call
    since: float


class Senders:
    """The senders of one run; `all` also those that are done."""

    def __init__(self, run: Run, patience: Patience) -> None:
        self._run = run
        self._patience = patience
        self._idle: list[Sender] = []
        self._under_way: list[UnderWay] = []
        self._waited = 0.0
        self._others_wait = False
        self.all: list[Sender] = []

    def __bool__(self) -> bool:
        return bool(self._idle or self._under_way)

    @property
    def requests(self) -> int:
        """How many were made so far."""
        return sum(sender.turns for sender in self.all)

    def claim(self, waiting: Sequence[Waiting]) -> None:
        """Hold what is due soon and nobody else holds, and begin with the most severe."""
        held = {sender.channel.name for sender in self._senders()}
        self._see(waiting)
        soon = [each for each in waiting if each.channel.name not in held and self._is_soon(each)]
        alone = len(soon) + len(held) == 1
        for each in soon if alone else sorted(soon, key=_turn_of):
            claim = self._run.claim(each.channel)
            if claim is not None:
                self._idle.append(Sender(self._run, claim, each))
                self.all.append(self._idle[-1])
            if not alone and (ready := self._ready()):
                self._start(ready, beside=True)

    def serve(self, seconds: float) -> None:
        """Let them send until none is left, or for about so long."""
        until = self._run.watch.monotonic() + seconds
        while self and self._run.watch.monotonic() < until:
            self._settle_what_is_answered()
            self._let_go()
            if ready := self._ready():
                self._start(ready, beside=len(self._senders()) > 1)
            elif self._under_way:
                calls = [each.call for each in self._under_way]
                self._run.calls.wait(calls, self._until_next(LONGEST_SLEEP_SECONDS))
            elif self._idle:
                self._sleep()

    def end(self) -> None:
        """Settle what is under way, and let all channels go."""
        while self._under_way:
            self._run.calls.wait([each.call for each in self._under_way], LONGEST_SLEEP_SECONDS)
            with contextlib.suppress(StoreError):  # the post is found unsettled
                self._settle_what_is_answered()
        while self._idle:
            with contextlib.suppress(StoreError):  # the lease ends by itself
                self._idle.pop().close()

    def _senders(self) -> list[Sender]:
        return [*self._idle, *(each.sender for each in self._under_way)]

    def _ready(self) -> Sender | None:
        """Who is asked next: the most severe of those that may be, then in turns."""
        if not self._idle or not self._run.has_time() or len(self._under_way) >= PLACES:
            return None
        ready = [sender for sender in self._idle if sender.wait() <= 0]
        dragging = sum(each.sender.took >= DRAGS_SECONDS for each in self._under_way)
        if dragging >= PLACES // 2:
            ready = [sender for sender in ready if sender.took < DRAGS_SECONDS]
        if len(ready) > 1:
            return min(ready, key=_turn)
        return ready[0] if ready else None

    def _start(self, sender: Sender, *, beside: bool) -> None:
        """It stays among the idle while it works with the store, so that whatever goes wrong there
        it is let go at the end.
        """
        request = sender.begin()
        since = self._run.watch.monotonic()
        if request is None:
            if sender.is_over:
                self._close(sender)
        elif beside:
            self._idle.remove(sender)
            call = self._run.calls.start(request.make)
            self._under_way.append(UnderWay(sender, request, call, since))
        else:
            self._settle(sender, request, request.make(), since)

    def _close(self, sender: Sender) -> None:
        self._idle.remove(sender)
        sender.close()

    def _settle_what_is_answered(self) -> None:
        for each in [each for each in self._under_way if each.call.is_done]:
            self._under_way.remove(each)
            self._idle.append(each.sender)
            self._settle(each.sender, each.request, each.call.result(), each.since)

    def _settle(self, sender: Sender, request: Request, answer: Any, since: float) -> None:
        sender.took = self._run.watch.monotonic() - since
        held = request.settle(answer)
        if is_stopped(sender.channel):
            self._waited += sender.took
        if not held:
            self._idle.remove(sender)

    def _let_go(self) -> None:
        """Of those that would have to be waited for too long; renew the lease of the others."""
        for sender in list(self._idle):
            sender.keep(RENEW_SECONDS)
            if sender.is_over or not self._is_waited_for(sender, sender.wait()):
                self._close(sender)

    def _is_waited_for(self, sender: Sender, wait: float) -> bool:
        if wait > self._run.seconds_left() or not self._run.has_time():
            return False
        stopped = is_stopped(sender.channel)
        return wait <= 0 or sender.is_paced or wait <= self._left(sender.is_urgent, stopped)

    def _left(self, urgent: bool, stopped: bool) -> float:
        """For how long a channel may be waited for: where another already waits for a channel that
        is stopped not at all, so that an outage does not fill the concurrency with waiting.
        """
        if stopped and self._others_wait:
            return 0.0
        return (self._patience.urgent if urgent else self._patience.lower) - self._waited

    def _is_soon(self, waiting: Waiting) -> bool:
        if not waiting.due:
            return False
        now = self._run.now()
        wait = (ready_at(waiting.channel, now) - now).total_seconds()
        urgent, stopped = waiting.severity in URGENT, is_stopped(waiting.channel)
        return self._run.seconds_left() >= wait and (wait <= max(self._left(urgent, stopped), 0.0))

    def _see(self, waiting: Sequence[Waiting]) -> None:
        """Whether another waits for a channel that is stopped; of two that do so one goes on."""
        self._others_wait = not self._patience.watches and any(
            each.channel.leased_until is not None
            and (each.channel.owner or "") < self._run.owner
            and is_stopped(each.channel)
            for each in waiting
        )

    def _sleep(self) -> None:
        """Until the first may be asked, at most two seconds: then it is looked at anew."""
        first = min(self._idle, key=Sender.wait)
        seconds = self._until_next(LONGEST_SLEEP_SECONDS)
        if not first.is_paced and not self._patience.watches:
            self._see(self._run.queue.waiting(self._run.now()))
            if not self._is_waited_for(first, seconds):
                return
            self._waited += seconds
        self._run.sleep(seconds)
        for sender in self._idle:
            sender.wake()

    def _until_next(self, longest: float) -> float:
        waits = [sender.wait() for sender in self._idle]
        return min([longest, *(wait for wait in waits if wait > 0)])


def _turn(sender: Sender) -> tuple[int, int, float, str]:
    rank = sender.severity.rank if sender.severity else -1
    since = sender.since.timestamp() if sender.since else float("inf")
    return -rank, sender.turns, since, sender.channel.name


def _turn_of(waiting: Waiting) -> tuple[int, float, str]:
    rank = waiting.severity.rank if waiting.severity else -1
    since = waiting.since.timestamp() if waiting.since else float("inf")
    return -rank, since, waiting.channel.name
