"""One channel, held by one sender: settles what was cut off, then sends what is due."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.post import SENT_OUTCOME, Post, PostKind
from chalicelib.delivery.outcome import (
    Outcome,
    OutcomeKind,
    Search,
    Sought,
    ambiguous,
    payload_refused,
)
from chalicelib.delivery.planner import (
    LOOK_AHEAD,
    UPDATE_EVERY,
    Outlook,
    Plan,
    next_plan,
    paced,
    ready_at,
)
from chalicelib.delivery.ports import Tally, Work
from chalicelib.delivery.repeats import Told
from chalicelib.delivery.transitions import (
    NOT_KNOWN,
    NOT_POSTED,
    as_sent,
    channel_after,
    delivery_after,
    healed,
    is_open,
    may_arrive_yet,
    post_after,
    post_for,
)

# Who is cut off holds its channel no longer than this.
LEASE = timedelta(seconds=30)
# Until then a request that was given up may still arrive, so its absence proves nothing.
SURE_AFTER = timedelta(seconds=15)
# A history that cannot be read for so long is not waited for.
SEARCH_FOR = timedelta(minutes=10)
# More corrections than this are shown in the list only.
AMENDED_AT_ONCE = 20
CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{8,20}")


class Lane:
    """The way to one channel while this sender holds it."""

    def __init__(self, work: Work, channel: Channel, tally: Tally) -> None:
        self._work = work
        self._tally = tally
        self._told = Told(work.store, channel.name, work.now)
        self._cut_off = work.store.unsettled(channel.name)
        self.channel = channel
        self.waits_until: datetime | None = None

    def ready_at(self) -> datetime:
        """When the next step may be made."""
        at = ready_at(self.channel, self._work.now())
        return max(at, self.waits_until) if self.waits_until else at

    def step(self) -> bool:
        """Make the next request; False where nothing is left to do or the channel was lost."""
        self.waits_until = None
        now = self._work.now()
        if self._cut_off and now - self._cut_off[0].attempted_at >= SURE_AFTER:
            return self._reconcile(self._cut_off.pop(0))
        due = self._due(now)
        if not due:
            self.channel = replace(self.channel, alone=())
            return False
        plan = next_plan(due, Outlook(channel=self.channel, now=now, told=self._told.by))
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
        while self._cut_off and self.ready_at() <= self._work.now() and self._work.has_time():
            if not self._reconcile(self._cut_off.pop(0)):
                return

    def close(self) -> None:
        """Let the channel go."""
        self._work.store.save(replace(self.channel, leased_until=None))

    def _due(self, now: datetime) -> list[Delivery]:
        due = self._work.store.due(self.channel.name, now, LOOK_AHEAD)
        amended = [delivery for delivery in due if delivery.amended]
        settled = {
            delivery.alert_id
            for number, delivery in enumerate(amended)
            if number >= AMENDED_AT_ONCE or self._told.by(delivery) is None
        }
        for delivery in amended:
            if delivery.alert_id in settled:
                self._work.store.replace(delivery, as_sent(delivery))
        return [delivery for delivery in due if delivery.alert_id not in settled]

    def _send(self, plan: Plan) -> bool:
        now = self._work.now()
        post = post_for(plan, self.channel.name, now)
        self.channel = replace(paced(self.channel, now), leased_until=now + LEASE)
        if plan.kind is PostKind.UPDATE:
            self.channel = replace(self.channel, next_update_at=now + UPDATE_EVERY)
        if not self._work.store.begin(post, self.channel):
            return False
        alerts = self._alerts(plan)  # only now: the store notes what is corrected from here on
        outcome = self._request(plan, post, alerts)
        self.channel = channel_after(self.channel, outcome, now, self._work.now())
        if outcome.kind is OutcomeKind.SENT:
            self.channel = replace(self.channel, alone=plan.alone)
        # The channel first: cut off in between, nobody sends during a Retry-After.
        held = self._work.store.save(self.channel)
        self._settle(plan, post, outcome, alerts)
        return held

    def _alerts(self, plan: Plan) -> list[Alert]:
        """The alerts that the message shows: an update shows the one that was told."""
        shown = plan.told.alert_ids[:1] if plan.told else ()
        ids = (delivery.alert_id for delivery in plan.deliveries)
        return self._work.store.alerts(dict.fromkeys((*shown, *ids)))

    def _request(self, plan: Plan, post: Post, alerts: list[Alert]) -> Outcome:
        first = plan.deliveries[0]
        try:
            payload = self._work.compose(
                post, alerts, form=first.form, possible_repeat=plan.possible_repeat
            )
        except Exception as error:  # one alert that cannot be written must not stop the others
            return payload_refused(f"not written: {type(error).__name__}")
        self._tally.requests += 1
        if plan.told and post.ts and post.channel_id:
            return self._work.transport.update(post.channel_id, post.ts, payload)
        return self._work.transport.post(payload)

    def _settle(self, plan: Plan, post: Post, outcome: Outcome, alerts: list[Alert]) -> None:
        done = post_after(post, outcome)
        after = [delivery_after(delivery, post, outcome) for delivery in plan.deliveries]
        self._work.store.settle(done, after)
        self._tally.parked += sum(each.state is DeliveryState.PARKED for each in after)
        self._count(plan, outcome, alerts)
        if outcome.kind is OutcomeKind.SENT:
            self._told.remember(plan, done)

    def _count(self, plan: Plan, outcome: Outcome, alerts: list[Alert]) -> None:
        """A correction is not told again, so it counts as a request only."""
        self._tally.ambiguous += outcome.kind is OutcomeKind.AMBIGUOUS
        self._tally.refused += outcome.kind is OutcomeKind.PAYLOAD_REFUSED
        if outcome.kind is not OutcomeKind.SENT:
            return
        told = {each.alert_id for each in plan.deliveries if not each.amended}
        self._tally.delivered += len(told)
        now = self._work.now()
        self._tally.delays += [
            (now - alert.event_time).total_seconds() for alert in alerts if alert.alert_id in told
        ]

    def _reconcile(self, post: Post) -> bool:
        """Settle a post of which nobody knows whether it was made. One request at most."""
        if not is_open(post):
            self._resettle(post, post.outcome or "")
            return True
        if post.kind is PostKind.UPDATE:  # made twice, an update is what it was
            self._settle_update(post)
            return True
        now = self._work.now()
        channel_id = self.channel.channel_id or self._id_as_name()
        if not channel_id:
            return self._found(post, Search(sought=Sought.UNSUPPORTED), now)
        self.channel = replace(
            paced(self.channel, now), leased_until=now + LEASE, channel_id=channel_id
        )
        if not self._work.store.save(self.channel):
            return False
        self._tally.requests += 1
        search = self._work.transport.find(channel_id, post.post_id, post.attempted_at)
        return self._found(post, search, now)

    def _id_as_name(self) -> str:
        """Slack's id, where the channel is named by it: known before the first reply."""
        return self.channel.name if CHANNEL_ID.fullmatch(self.channel.name) else ""

    def _settle_update(self, post: Post) -> None:
        cut_off = ambiguous("cut off")
        after = [delivery_after(delivery, post, cut_off) for delivery in self._carried(post)]
        self._work.store.settle(post_after(post, cut_off), after)

    def _found(self, post: Post, search: Search, now: datetime) -> bool:
        if search.sought is Sought.FAILED and search.outcome:
            self.channel = channel_after(self.channel, search.outcome, now, self._work.now())
            if now - post.attempted_at < SEARCH_FOR:
                self._cut_off.insert(0, post)
                return self._work.store.save(self.channel)
        if search.sought is Sought.FOUND:
            self._resettle(replace(post, ts=search.ts), SENT_OUTCOME)
        else:
            unsure = search.sought is not Sought.NOT_FOUND or may_arrive_yet(post)
            self._resettle(post, NOT_KNOWN if unsure else NOT_POSTED)
        if search.sought in (Sought.FOUND, Sought.NOT_FOUND):
            self.channel = healed(self.channel)
        return self._work.store.save(self.channel)

    def _carried(self, post: Post) -> list[Delivery]:
        """The post's deliveries. What was corrected meanwhile is told as it is now."""
        found = self._work.store.deliveries(post.alert_ids, self.channel.name)
        return [replace(each, amended=each.amended and post.corrects) for each in found]

    def _resettle(self, post: Post, outcome: str) -> None:
        sent, unsure = outcome == SENT_OUTCOME, outcome == NOT_KNOWN
        state = DeliveryState.SENT if sent else DeliveryState.PENDING
        after = [
            replace(
                delivery,
                state=state,
                post_id=post.post_id,
                attempts=delivery.attempts + 1,
                possible_repeat=delivery.possible_repeat or unsure,
            )
            for delivery in self._carried(post)
        ]
        channel_id = post.channel_id or self.channel.channel_id
        done = replace(post, outcome=outcome, settled=True, channel_id=channel_id)
        self._work.store.settle(done, after)
        self._tally.delivered += len(after) if sent else 0
