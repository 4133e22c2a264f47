"""Posts that were cut off or ended in doubt: found in the channel's history, or sent again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import NamedTuple

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.post import SENT_OUTCOME, Post, PostKind
from chalicelib.delivery.outcome import Search, Sought, ambiguous
from chalicelib.delivery.pace import answered_well, paced
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
from chalicelib.delivery.watch import MOST_SKEW_SECONDS
from chalicelib.rules.rule import URGENT

# Until then a request that was given up may still arrive, so its absence proves nothing.
SURE_AFTER = 15.0
# For how long a history that cannot be read is waited for: who is urgent is told again before.
SEARCH_FOR, SEARCH_FOR_URGENT = 600.0, 60.0
# After so many failures in a row a post rests between two searches, so that others are sent.
SEARCHES_IN_A_ROW, REST = 4, 60.0
# How far back a post is looked for whose time cannot be.
LONGEST_SEARCH = timedelta(hours=24)
# Where a clock differs by more it is wrong.
MOST_SKEW = timedelta(seconds=MOST_SKEW_SECONDS)
# From when it began until it was watched a request has taken no longer.
REQUEST_TAKES = timedelta(minutes=1)

# A channel's history has no answers in threads, and that of a person is not ours to read.
_UNSEARCHED = (PostKind.THREAD, PostKind.DIRECT)


@dataclass(slots=True)
class _Open:
    """A post whose outcome is open, and how many searches for it failed in a row."""

    post: Post
    failures: int = 0


class Look(NamedTuple):
    """One look into the channel's history: `find` asks, and `settle` is then told what it found:
    the channel after it, and whether it is still held.
    """

    find: Callable[[], Search]
    settle: Callable[[Search], tuple[Channel, bool]]


class Reconciliation:
    """A channel's posts that are not settled. How old they are the run's watch knows: no wall
    clock says that.
    """

    def __init__(self, run: Run, posts: Iterable[Post], tally: Tally) -> None:
        self._run = run
        self._tally = tally
        self._open = [_Open(post) for post in posts]

    def __bool__(self) -> bool:
        return bool(self._open)

    def add(self, post: Post) -> None:
        """A post of this run whose outcome is in doubt."""
        self._run.watch.meet((post,))
        self._open.append(_Open(post))

    def may_be_asked(self) -> bool:
        """Whether one of them may be settled now, or looked for at least."""
        return any(not self._rests(each) for each in self._open)

    def ready_at(self) -> datetime | None:
        """When the first of them may be asked for; None where there is none."""
        if not self._open:
            return None
        return self._run.now() + timedelta(seconds=min(map(self._rests, self._open)))

    def begin(self, channel: Channel) -> tuple[Channel, bool, Look | None]:
        """Settle the oldest that does not rest, as far as that may be now; the channel after it,
        whether it is still held, and how to look for the post where that is needed first.
        """
        first = min(self._open, key=self._rests)
        post = first.post
        if not is_open(post):
            self._resettle(first, post.outcome or "", channel)
            return channel, True, None
        if post.kind is PostKind.UPDATE:  # made twice, an update is what it was
            self._settle_update(first)
            return channel, True, None
        if post.kind in _UNSEARCHED:
            return self._again(first, channel, unsure=True), True, None
        transport = self._run.way(channel.name).transport
        channel_id = channel.channel_id or transport.address(channel.name)
        now = self._run.now()
        if not channel_id:
            return *self._kept(self._again(first, channel, unsure=True)), None
        channel = replace(paced(channel, now), leased_until=now + LEASE, channel_id=channel_id)
        if not self._run.queue.save(channel):
            return channel, False, None
        since, _ = self._searched_from(post)
        self._tally.requests += 1
        find = partial(transport.find, channel_id, post.post_id, since)
        return channel, True, Look(find, partial(self._looked, first, channel, since))

    def _looked(
        self, one: _Open, channel: Channel, since: datetime, search: Search
    ) -> tuple[Channel, bool]:
        self._run.watch.hear(search.at)
        self._tally.hear(search.at, self._run.now())
        return self._kept(self._found(one, channel, search, since))

    def _rests(self, one: _Open) -> float:
        return self._run.watch.rests(one.post)

    def _found(self, one: _Open, channel: Channel, search: Search, since: datetime) -> Channel:
        """The channel after a search that was made from `since`, by the channel's time."""
        if search.sought is Sought.FAILED and search.outcome:
            now = self._run.now()
            return self._failed(one, channel_after(channel, search.outcome, now, now))
        if search.sought is Sought.FOUND:
            one.post = replace(one.post, ts=search.ts)
            self._resettle(one, SENT_OUTCOME, channel)
            return answered_well(healed(channel))
        if search.sought is Sought.NOT_FOUND:
            # The history is there again. Whether messages are taken the next one shows.
            channel = replace(channel, failures=max(channel.failures - one.failures, 0))
            one.failures = 0
            return self._absent(one, channel, since)
        return self._again(one, channel, unsure=True)

    def _failed(self, one: _Open, channel: Channel) -> Channel:
        """Wait for the history, not for ever."""
        longest = SEARCH_FOR_URGENT if self._is_urgent(one.post) else SEARCH_FOR
        if self._run.watch.age(one.post) >= longest:
            return self._again(one, channel, unsure=True)
        one.failures += 1
        if one.failures >= SEARCHES_IN_A_ROW:
            self._run.watch.rest(one.post, REST)
        return channel

    def _absent(self, one: _Open, channel: Channel, since: datetime) -> Channel:
        """Who is urgent goes again at once, with a mark while its absence proves nothing."""
        earlier, bounded = self._searched_from(one.post)
        if since - earlier > REQUEST_TAKES:  # the answer told that our clock is off: ask anew
            return channel
        early = SURE_AFTER - self._run.watch.age(one.post)
        if early > 0 and not self._is_urgent(one.post):
            self._run.watch.rest(one.post, early)
            return channel
        unsure = early > 0 or bounded or may_arrive_yet(one.post)
        return self._again(one, channel, unsure=unsure)

    def _again(self, one: _Open, channel: Channel, *, unsure: bool) -> Channel:
        self._resettle(one, NOT_KNOWN if unsure else NOT_POSTED, channel)
        return channel

    def _kept(self, channel: Channel) -> tuple[Channel, bool]:
        return channel, self._run.queue.save(channel)

    def _searched_from(self, post: Post) -> tuple[datetime, bool]:
        """When the post was made, or earlier, by the channel's clock; and whether that is not
        known but a bound. Ours may have jumped before it was made, or since.
        """
        now = self._run.now()
        channels = self._run.watch.channels_time() or now
        watched = channels - timedelta(seconds=self._run.watch.age(post)) - REQUEST_TAKES
        earliest = min(post.attempted_at, watched)
        bound = channels - LONGEST_SEARCH
        if post.attempted_at - now > MOST_SKEW:  # put back since: it says nothing
            return min(watched, bound), True
        if abs(channels - now) <= MOST_SKEW:
            return earliest, False
        corrected = min(earliest, post.attempted_at + (channels - now))
        return max(corrected, bound), corrected < bound

    def _is_urgent(self, post: Post) -> bool:
        return any(each.severity in URGENT for each in self._carried(post))

    def _resettle(self, one: _Open, outcome: str, channel: Channel) -> None:
        post = one.post
        after = [delivery_resettled(each, post, outcome) for each in self._carried(post)]
        channel_id = post.channel_id or channel.channel_id
        done = replace(post, outcome=outcome, settled=True, channel_id=channel_id)
        self._run.queue.settle(done, after)
        self._tally.delivered += len(after) if outcome == SENT_OUTCOME else 0
        self._close(one)

    def _close(self, one: _Open) -> None:
        self._open.remove(one)
        self._run.watch.forget(one.post)

    def _settle_update(self, one: _Open) -> None:
        post, cut_off = one.post, ambiguous("cut off")
        after = [delivery_after(delivery, post, cut_off) for delivery in self._carried(post)]
        self._run.queue.settle(post_after(post, cut_off), after)
        self._close(one)

    def _carried(self, post: Post) -> list[Delivery]:
        """The post's deliveries. What was corrected meanwhile is sent as it is now."""
        found = self._run.queue.deliveries(post.alert_ids, post.channel)
        return [replace(each, amended=each.amended and post.corrects) for each in found]
