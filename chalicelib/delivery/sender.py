"""One channel, held by one sender: settles what was cut off, then sends what is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Claim
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.post import Post, PostKind
from chalicelib.delivery.outcome import Outcome, OutcomeKind, payload_refused
from chalicelib.delivery.pace import paced, ready_at
from chalicelib.delivery.planner import LOOK_AHEAD, UPDATE_EVERY, Outlook, Plan, next_plan
from chalicelib.delivery.reconciliation import Reconciliation
from chalicelib.delivery.repeats import Repeats
from chalicelib.delivery.run import LEASE, Run, Tally
from chalicelib.delivery.transitions import (
    as_sent,
    channel_after,
    delivery_after,
    post_after,
    post_for,
)

# More corrections than this are shown in the list only.
AMENDED_AT_ONCE = 20


class Sender:
    """The way to one channel while this run holds it."""

    def __init__(self, run: Run, claim: Claim, tally: Tally) -> None:
        self._run = run
        self._tally = tally
        self._repeats = Repeats(run.queue, claim.channel.name, run.now)
        self._cut_off = Reconciliation(run, claim.unsettled, tally)
        self.channel = claim.channel
        self.waits_until: datetime | None = None

    def ready_at(self) -> datetime:
        """When the next step may be made."""
        at = ready_at(self.channel, self._run.now())
        return max(at, self.waits_until) if self.waits_until else at

    def step(self) -> bool:
        """Make the next request; False where nothing is left to do or the channel was lost."""
        self.waits_until = None
        now = self._run.now()
        if self._cut_off.may_be_asked(now):
            return self._settle_one_cut_off()
        due = self._due(now)
        if not due:
            self.channel = replace(self.channel, alone=())
            return False
        plan = next_plan(due, Outlook(channel=self.channel, now=now, post_of=self._repeats.post_of))
        if plan is None:
            self.waits_until = self.channel.next_update_at or now
            self._tally.waiting[self.channel.name] = self.waits_until
            return True
        return self._send(plan)

    def wake(self) -> None:
        """Look anew at what is due, even where all of it waited."""
        self.waits_until = None

    def settle_cut_off(self) -> None:
        """Settle the posts that were cut off, as far as they may be asked for now."""
        while self._cut_off and self.ready_at() <= self._run.now() and self._run.has_time():
            if not self._settle_one_cut_off():
                return

    def close(self) -> None:
        """Let the channel go."""
        self._run.queue.save(replace(self.channel, leased_until=None))

    def _settle_one_cut_off(self) -> bool:
        self.channel, held = self._cut_off.settle_first(self.channel)
        return held

    def _due(self, now: datetime) -> list[Delivery]:
        due = self._run.queue.due(self.channel.name, now, LOOK_AHEAD)
        amended = [delivery for delivery in due if delivery.amended]
        settled = {
            delivery.alert_id
            for number, delivery in enumerate(amended)
            if number >= AMENDED_AT_ONCE or self._repeats.post_of(delivery) is None
        }
        for delivery in amended:
            if delivery.alert_id in settled:
                self._run.queue.replace(delivery, as_sent(delivery))
        return [delivery for delivery in due if delivery.alert_id not in settled]

    def _send(self, plan: Plan) -> bool:
        now = self._run.now()
        post = post_for(plan, self.channel.name, now)
        self.channel = replace(paced(self.channel, now), leased_until=now + LEASE)
        if plan.kind is PostKind.UPDATE:
            self.channel = replace(self.channel, next_update_at=now + UPDATE_EVERY)
        alerts = self._run.queue.begin(post, self.channel, _shown(plan))
        if alerts is None:
            return False
        outcome = self._request(plan, post, alerts)
        self.channel = channel_after(self.channel, outcome, now, self._run.now())
        if outcome.kind is OutcomeKind.SENT:
            self.channel = replace(self.channel, alone=plan.alone)
        return self._settle(plan, post, outcome, alerts)

    def _request(self, plan: Plan, post: Post, alerts: list[Alert]) -> Outcome:
        first = plan.deliveries[0]
        try:
            payload = self._run.compose(
                post, alerts, form=first.form, possible_repeat=plan.possible_repeat
            )
        except Exception as error:  # one alert that cannot be written must not stop the others
            return payload_refused(f"not written: {type(error).__name__}")
        self._tally.requests += 1
        if plan.updates and post.ts and post.channel_id:
            return self._run.transport.update(post.channel_id, post.ts, payload)
        return self._run.transport.post(payload)

    def _settle(self, plan: Plan, post: Post, outcome: Outcome, alerts: list[Alert]) -> bool:
        done = post_after(post, outcome)
        after = [delivery_after(delivery, post, outcome) for delivery in plan.deliveries]
        held = self._run.queue.settle(done, after, self.channel)
        self._tally.parked += sum(each.state is DeliveryState.PARKED for each in after)
        self._count(plan, outcome, alerts)
        if outcome.kind is OutcomeKind.SENT:
            self._repeats.remember(plan, done)
        return held

    def _count(self, plan: Plan, outcome: Outcome, alerts: list[Alert]) -> None:
        """A correction is not sent again, so it counts as a request only."""
        self._tally.ambiguous += outcome.kind is OutcomeKind.AMBIGUOUS
        self._tally.refused += outcome.kind is OutcomeKind.PAYLOAD_REFUSED
        if outcome.kind is not OutcomeKind.SENT:
            return
        sent = {each.alert_id for each in plan.deliveries if not each.amended}
        self._tally.delivered += len(sent)
        now = self._run.now()
        self._tally.delays += [
            (now - alert.event_time).total_seconds() for alert in alerts if alert.alert_id in sent
        ]


def _shown(plan: Plan) -> list[str]:
    """The alerts that the message shows: an update shows the one that was sent, before its own."""
    first = plan.updates.alert_ids[:1] if plan.updates else ()
    ids = (delivery.alert_id for delivery in plan.deliveries)
    return list(dict.fromkeys((*first, *ids)))
