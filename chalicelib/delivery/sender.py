"""One channel, held by one sender: settles what was cut off, then sends what is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Claim, Waiting
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.post import Post, PostKind
from chalicelib.delivery.destination import is_moved, moved, refused
from chalicelib.delivery.outcome import Outcome, OutcomeKind, Search, payload_refused
from chalicelib.delivery.pace import SECOND, is_stopped, paced, ready_at
from chalicelib.delivery.plan import Plan
from chalicelib.delivery.planner import LOOK_AHEAD, UPDATE_EVERY, Outlook, next_plan
from chalicelib.delivery.reconciliation import Look, Reconciliation
from chalicelib.delivery.repeats import Repeats
from chalicelib.delivery.run import LEASE, Run, Tally
from chalicelib.delivery.transitions import (
    as_sent,
    channel_after,
    delivery_after,
    post_after,
    post_for,
    shown_in,
)
from chalicelib.rules.rule import URGENT, Severity

# More corrections than this are shown in the list only; what people did is always shown.
AMENDED_AT_ONCE = 20


class Request(NamedTuple):
    """One request: `make` asks the channel, beside what other channels are asked, and `settle` is
    then told what came of it; False from it where the channel is not held any more.
    """

    make: Callable[[], Any]
    settle: Callable[[Any], bool]


class Sender:
    """The way to one channel while this run holds it.

    `severity` and `since` are of the most severe that is due, `waits_until` when the channel may
    have its next update where all that is due waits for that. `turns` is how many requests it made,
    `took` for how many seconds it waited for the last answer. `is_over` says that nothing is left
    to do, or that the channel was lost.
    """

    def __init__(self, run: Run, claim: Claim, waiting: Waiting | None = None) -> None:
        self._run = run
        self._way = run.way(claim.channel.name)
        self._repeats = Repeats(run.queue, claim.channel.name, run.now, folds=self._way.folds)
        self.tally = Tally()
        self._cut_off = Reconciliation(run, claim.unsettled, self.tally)
        self.channel = run.as_it_stands(claim.channel)
        self.severity: Severity | None = waiting.severity if waiting else None
        self.since: datetime | None = waiting.since if waiting else None
        self.turns, self.took = 0, 0.0
        self.is_over = False
        self.waits_until: datetime | None = None
        self._is_last = False
        self._renewed = run.watch.monotonic()

    @property
    def is_urgent(self) -> bool:
        """Whether something critical or high is due there."""
        return self.severity in URGENT

    @property
    def is_paced(self) -> bool:
        """Whether it waits for no more than one request a second."""
        return self.waits_until is None and not is_stopped(self.channel)

    def wait(self) -> float:
        """In how many seconds the next request may be made; 0 where it may now."""
        self.channel = self._run.pulled(self.channel)
        now = self._run.now()
        at = ready_at(self.channel, now)
        return (max(at, self.waits_until or at) - now).total_seconds()

    def begin(self) -> Request | None:
        """The next request; None where what is due waits, or nothing is left to do."""
        self.wake()
        if self._cut_off.may_be_asked():
            return self._begin_cut_off()
        now = self._run.now()
        due = self._due(now)
        if not due and not self._cut_off:
            self.channel = replace(self.channel, alone=())
            self.is_over = True
            return None
        if plan := next_plan(due, self._outlook(now)):
            # To look past what an open post carries takes long where that is many.
            self._is_last = len(due) == 1 and not self._cut_off
            return self._send(plan)
        self._wait(now)
        return None

    def wake(self) -> None:
        """Look anew at what is due, even where all of it waited."""
        self.waits_until = None

    def settle_cut_off(self) -> None:
        """Settle the posts that were cut off, as far as they may be asked for now."""
        while self._cut_off.may_be_asked() and self.wait() <= 0:
            if request := self._begin_cut_off():
                self.is_over = not request.settle(request.make())
            if self.is_over or not self._run.has_time():
                return

    def keep(self, seconds: float) -> None:
        """Renew a lease that is older than so many seconds."""
        if self._run.watch.monotonic() - self._renewed <= seconds:
            return
        self._renew()
        self.is_over = not self._run.queue.save(self.channel)

    def close(self) -> None:
        """Let the channel go."""
        self._run.queue.save(replace(self.channel, leased_until=None))

    def _renew(self) -> None:
        self._renewed = self._run.watch.monotonic()
        self.channel = replace(self.channel, leased_until=self._run.now() + LEASE)

    def _request(self, make: Callable[[], Any], settle: Callable[[Any], bool]) -> Request:
        self._renewed = self._run.watch.monotonic()
        self.turns += 1
        return Request(make, settle)

    def _begin_cut_off(self) -> Request | None:
        self.channel, held, look = self._cut_off.begin(self.channel)
        self.is_over = not held
        return self._request(look.find, partial(self._looked, look)) if look else None

    def _looked(self, look: Look, search: Search) -> bool:
        self.channel, held = look.settle(search)
        return held

    def _outlook(self, now: datetime) -> Outlook:
        return Outlook(channel=self.channel, now=now, post_of=self._repeats.post_of)

    def _wait(self, now: datetime) -> None:
        """Until the next update is free, or a post in doubt may be asked for."""
        times = (self.channel.next_update_at, self._cut_off.ready_at())
        self.waits_until = min(
            (time for time in times if time and time > now), default=now + SECOND
        )

    def _due(self, now: datetime) -> list[Delivery]:
        due = self._run.queue.due(self.channel.name, now, LOOK_AHEAD)
        if due:
            self.severity, self.since = due[0].severity, due[0].due_at
        amended = [delivery for delivery in due if delivery.amended]
        settled = {
            delivery.alert_id
            for number, delivery in enumerate(amended)
            if (number >= AMENDED_AT_ONCE and not delivery.handled)
            or self._repeats.post_of(delivery) is None
        }
        for delivery in amended:
            if delivery.alert_id in settled:
                self._run.queue.replace(delivery, as_sent(delivery))
        return [delivery for delivery in due if delivery.alert_id not in settled]

    def _send(self, plan: Plan) -> Request | None:
        now = self._run.now()
        post = post_for(plan, self.channel.name, now)
        self.channel = paced(self.channel, now)
        self._renew()
        if plan.kind is PostKind.UPDATE:
            self.channel = replace(self.channel, next_update_at=now + UPDATE_EVERY)
        alerts = self._run.queue.begin(post, self.channel, shown_in(plan))
        if alerts is None:
            self.is_over = True
            return None
        settle = partial(self._settle, plan, post, alerts)
        return self._request(self._call(plan, post, alerts), settle)

    def _call(self, plan: Plan, post: Post, alerts: list[Alert]) -> Callable[[], Outcome]:
        first = plan.deliveries[0]
        try:
            payload = self._way.compose(
                post, alerts, form=first.form, possible_repeat=plan.possible_repeat
            )
        except Exception as error:  # one alert that cannot be written must not stop the others
            outcome = payload_refused(f"not written: {type(error).__name__}")
            return lambda: outcome
        self.tally.requests += 1
        if plan.updates and post.ts and post.channel_id:
            return partial(self._way.transport.update, post.channel_id, post.ts, payload)
        return partial(self._way.transport.post, payload, self.channel.channel_id)

    def _settle(self, plan: Plan, post: Post, alerts: list[Alert], outcome: Outcome) -> bool:
        now = self._run.now()
        self._run.watch.hear(outcome.at)
        self.tally.hear(outcome.at, now)
        outcome = self._followed(post, outcome)
        self.channel = channel_after(self.channel, outcome, post.attempted_at, now)
        if outcome.kind is OutcomeKind.DESTINATION_REFUSED:
            credential = self._way.transport.credential
            self.channel = refused(self.channel, self._run.owner, credential)
        if outcome.kind is OutcomeKind.SENT:
            self.channel = replace(self.channel, alone=plan.alone)
            if self._is_last and not self._run.queue.due(self.channel.name, now, 1):
                # Settling the post lets the channel go.
                self.channel = replace(self.channel, alone=(), leased_until=None)
        done = post_after(post, outcome)
        after = [delivery_after(delivery, post, outcome) for delivery in plan.deliveries]
        held = self._run.queue.settle(done, after, self.channel)
        if not done.settled:
            self._cut_off.add(done)
        if outcome.kind is OutcomeKind.SENT:
            self._repeats.remember(plan, done)
        self._count(plan, outcome, alerts, after)
        return held and self.channel.leased_until is not None

    def _followed(self, post: Post, outcome: Outcome) -> Outcome:
        """Where the channel is not there under its id any more, it is asked for by its name."""
        address = self._way.transport.address
        if outcome.kind is not OutcomeKind.DESTINATION_REFUSED or not is_moved(
            self.channel, outcome, address(self.channel.name)
        ):
            return outcome
        self.channel = replace(self.channel, channel_id=None)
        return moved(updates=post.kind is PostKind.UPDATE)

    def _count(
        self, plan: Plan, outcome: Outcome, alerts: list[Alert], after: list[Delivery]
    ) -> None:
        """A correction is not sent again, so it counts as a request only."""
        self.tally.parked += sum(each.state is DeliveryState.PARKED for each in after)
        self.tally.ambiguous += outcome.kind is OutcomeKind.AMBIGUOUS
        self.tally.refused += outcome.kind is OutcomeKind.PAYLOAD_REFUSED
        if outcome.kind is not OutcomeKind.SENT:
            return
        sent = {each.alert_id for each in plan.deliveries if not each.amended}
        self.tally.delivered += len(sent)
        now = self._run.now()
        self.tally.delays += [
            max((now - alert.event_time).total_seconds(), 0.0)
            for alert in alerts
            if alert.alert_id in sent
        ]
