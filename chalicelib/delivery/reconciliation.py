"""Posts that were cut off or ended in doubt: found in the channel's history, or sent again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.post import SENT_OUTCOME, Post, PostKind
from chalicelib.delivery.outcome import Search, Sought, ambiguous
from chalicelib.delivery.pace import paced
from chalicelib.delivery.run import LEASE, Run, Tally
from chalicelib.delivery.transitions import (
    NOT_KNOWN,
    NOT_POSTED,
    channel_after,
    delivery_after,
    delivery_resettled,
    healed,
    is_open,
    may_arrive_yet,
    post_after,
)

# Until then a request that was given up may still arrive, so its absence proves nothing.
SURE_AFTER = timedelta(seconds=15)
# A history that cannot be read for so long is not waited for.
SEARCH_FOR = timedelta(minutes=10)


class Reconciliation:
    """A channel's posts that are not settled, the oldest first."""

    def __init__(self, run: Run, posts: Iterable[Post], tally: Tally) -> None:
        self._run = run
        self._posts = list(posts)
        self._tally = tally

    def __bool__(self) -> bool:
        return bool(self._posts)

    def may_be_asked(self, now: datetime) -> bool:
        """Whether the oldest is old enough for its absence to prove something."""
        return bool(self._posts) and now - self._posts[0].attempted_at >= SURE_AFTER

    def settle_first(self, channel: Channel) -> tuple[Channel, bool]:
        """Settle the oldest, with one request at most; the channel after it, and whether it is
        still held.
        """
        post = self._posts.pop(0)
        if not is_open(post):
            self._resettle(post, post.outcome or "", channel)
            return channel, True
        if post.kind is PostKind.UPDATE:  # made twice, an update is what it was
            self._settle_update(post)
            return channel, True
        channel_id = channel.channel_id or self._run.transport.address(channel.name)
        now = self._run.now()
        if not channel_id:
            return self._found(post, channel, Search(sought=Sought.UNSUPPORTED), now)
        channel = replace(paced(channel, now), leased_until=now + LEASE, channel_id=channel_id)
        if not self._run.queue.save(channel):
            return channel, False
        self._tally.requests += 1
        search = self._run.transport.find(channel_id, post.post_id, post.attempted_at)
        return self._found(post, channel, search, now)

    def _found(
        self, post: Post, channel: Channel, search: Search, now: datetime
    ) -> tuple[Channel, bool]:
        if search.sought is Sought.FAILED and search.outcome:
            channel = channel_after(channel, search.outcome, now, self._run.now())
            if now - post.attempted_at < SEARCH_FOR:
                self._posts.insert(0, post)
                return channel, self._run.queue.save(channel)
        if search.sought is Sought.FOUND:
            self._resettle(replace(post, ts=search.ts), SENT_OUTCOME, channel)
        else:
            unsure = search.sought is not Sought.NOT_FOUND or may_arrive_yet(post)
            self._resettle(post, NOT_KNOWN if unsure else NOT_POSTED, channel)
        if search.sought in (Sought.FOUND, Sought.NOT_FOUND):
            channel = healed(channel)
        return channel, self._run.queue.save(channel)

    def _resettle(self, post: Post, outcome: str, channel: Channel) -> None:
        after = [delivery_resettled(each, post, outcome) for each in self._carried(post)]
        channel_id = post.channel_id or channel.channel_id
        done = replace(post, outcome=outcome, settled=True, channel_id=channel_id)
        self._run.queue.settle(done, after)
        self._tally.delivered += len(after) if outcome == SENT_OUTCOME else 0

    def _settle_update(self, post: Post) -> None:
        cut_off = ambiguous("cut off")
        after = [delivery_after(delivery, post, cut_off) for delivery in self._carried(post)]
        self._run.queue.settle(post_after(post, cut_off), after)

    def _carried(self, post: Post) -> list[Delivery]:
        """The post's deliveries. What was corrected meanwhile is sent as it is now."""
        found = self._run.queue.deliveries(post.alert_ids, post.channel)
        return [replace(each, amended=each.amended and post.corrects) for each in found]
