"""What a channel's history says of repeats, remembered while one sender holds it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.post import Post, PostKind
from chalicelib.delivery.plan import Plan
from chalicelib.delivery.planner import REPEAT_WINDOW, folds
from chalicelib.delivery.ports import Queue
from chalicelib.rules.rule import URGENT

ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


class Repeats:
    """The single posts that an update would change. Nobody else posts to the channel meanwhile.

    Where nothing `folds`, an update is of one alert alone, whichever others its post carried.
    """

    def __init__(
        self, queue: Queue, channel: str, now: Callable[[], datetime], *, folds: bool = True
    ) -> None:
        self._queue = queue
        self._channel = channel
        self._now = now
        self._folds = folds
        self._posts: dict[str, Post | None] = {}

    def post_of(self, delivery: Delivery) -> Post | None:
        """The latest post with this delivery's repeat key, or that of an amended delivery; of a
        notice the message that its alert was told by.
        """
        if delivery.notice:
            return self._message_of_its_alert(delivery)
        if not self._folds and not delivery.amended:
            return None
        key = delivery.alert_id if delivery.amended else delivery.repeat_key
        if key not in self._posts:
            look = self._own_post if delivery.amended else self._last_single
            self._posts[key] = look(delivery)
        return self._posts[key]

    def remember(self, plan: Plan, post: Post) -> None:
        """What was sent is what the next repeat raises; an amended one is looked up anew."""
        if post.repeat_key and post.kind is PostKind.SINGLE:
            self._posts[post.repeat_key] = post
        elif post.repeat_key and plan.updates:
            self._posts[post.repeat_key] = _raised(plan.updates, post)
        for delivery in plan.deliveries:
            self._posts.pop(delivery.alert_id, None)

    def _last_single(self, delivery: Delivery) -> Post | None:
        now = self._now()
        post = self._queue.last_single(self._channel, delivery.repeat_key, now - REPEAT_WINDOW)
        if not (post and post.ts and post.channel_id):
            return None
        if post.attempted_at - now > REPEAT_WINDOW:  # nobody knows how long ago that was
            return None
        # What is severe calls anew; of the rest the window lasts as long as it goes on.
        if delivery.severity in URGENT and now - post.attempted_at > REPEAT_WINDOW:
            return None
        # Which may have turned out to be another thing since.
        first = self._queue.deliveries(post.alert_ids[:1], self._channel)
        return post if any(_is_like(each, delivery) for each in first) else None

    def _own_post(self, delivery: Delivery) -> Post | None:
        for post in self._queue.posts(delivery.alert_id):
            shows = _shows(post, delivery) if self._folds else post.channel == delivery.channel
            if shows and post.ts and post.channel_id:
                return self._counted(post, delivery)
        return None

    def _message_of_its_alert(self, notice: Delivery) -> Post | None:
        told = [
            post
            for post in self._queue.posts(notice.about)
            if post.channel == self._channel and post.ts and post.channel_id
        ]
        return told[-1] if told else None

    def _counted(self, post: Post, delivery: Delivery) -> Post:
        """With the repeats counted since: a correction's post does not learn of them."""
        last = self._queue.last_single(self._channel, delivery.repeat_key, ALWAYS)
        return _raised(post, last) if last and last.ts == post.ts else post


def _raised(post: Post, by: Post) -> Post:
    """A post with the repeats that another shows of it."""
    return replace(post, repeats=by.repeats, also=by.also)


def _is_like(first: Delivery, delivery: Delivery) -> bool:
    return first.repeat_key == delivery.repeat_key and folds(first)


def _shows(post: Post, delivery: Delivery) -> bool:
    """Whether the post is the alert's own message, or a correction of it made or tried before; a
    digest's first alert stands for what people did with the digest.
    """
    own = post.kind is PostKind.SINGLE or post.corrects
    own = own or (delivery.handled and post.kind is PostKind.DIGEST)
    return own and post.channel == delivery.channel and post.alert_ids[0] == delivery.alert_id
