"""Watch: how long things were seen unchanged, by a clock that only goes forward.

Nobody's wall clock says whether a sender lives: one that is six hours off would cut off every
sender there is, or wait for six hours. A sender renews its lease with every step, so a lease that
stood unchanged for its whole length has nobody behind it. Nor does a wall clock say how old a post
is, or how much of a pause is over: both are at least as long as they were watched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.post import Post

# Where our clock and the channel's differ by more, ours is wrong.
MOST_SKEW_SECONDS = 300.0
# More is not remembered: the oldest is forgotten, which only makes it look younger.
_MOST = 10_000


class Watch:
    """What one process has seen of the store: it lives as long as the process does.

    `monotonic` is in seconds from anywhere, as of time.monotonic.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self.monotonic = monotonic
        self._seen: dict[tuple[str, str], tuple[object, float]] = {}
        self._answered: tuple[datetime, float] | None = None

    def left(self, channel: Channel, length: float) -> float:
        """How many seconds a channel's lease must still be seen unchanged until it may be taken
        over, of a lease of so many; 0 where it was let go.
        """
        if channel.leased_until is None:
            self._seen.pop(("lease", channel.name), None)
            return 0.0
        return max(length - self._for(("lease", channel.name), channel.lease), 0.0)

    def waited(self, channel: Channel) -> float:
        """How many seconds the channel's next_send_at was seen as it is."""
        return self._for(("pause", channel.name), channel.next_send_at)

    def meet(self, posts: Iterable[Post], age: float = 0.0) -> None:
        """Begin to watch posts whose outcome is open, which are so many seconds old at least."""
        for post in posts:
            if self.age(post) < age:
                self._keep(("post", post.post_id), post.attempted_at, self.monotonic() - age)

    def age(self, post: Post) -> float:
        """How many seconds ago a post was made, at least."""
        return self._for(("post", post.post_id), post.attempted_at)

    def rest(self, post: Post, seconds: float) -> None:
        """Leave the post alone for so long, whoever of this process holds its channel next."""
        self._keep(("rest", post.post_id), None, self.monotonic() + seconds)

    def rests(self, post: Post) -> float:
        """For how many seconds more the post is left alone."""
        now = self.monotonic()
        _, until = self._seen.get(("rest", post.post_id), (None, now))
        return max(until - now, 0.0)

    def forget(self, post: Post) -> None:
        """The post is settled."""
        for kind in ("post", "rest"):
            self._seen.pop((kind, post.post_id), None)

    def hear(self, at: datetime | None) -> None:
        """The channel answered just now, at so much by its own clock, where it told."""
        if at is not None:
            self._answered = (at, self.monotonic())

    def channels_time(self) -> datetime | None:
        """What the channel's clock shows now, whatever ours does; None where it never told."""
        if self._answered is None:
            return None
        at, then = self._answered
        return at + timedelta(seconds=self.monotonic() - then)

    def _for(self, key: tuple[str, str], value: object) -> float:
        """How many seconds the value under the key was seen unchanged."""
        now = self.monotonic()
        seen, since = self._seen.get(key, (None, now))
        if key not in self._seen or seen != value:
            since = now
            self._keep(key, value, since)
        return now - since

    def _keep(self, key: tuple[str, str], value: object, since: float) -> None:
        self._seen.pop(key, None)  # to the end of the row
        self._seen[key] = (value, since)
        if len(self._seen) > _MOST:
            del self._seen[next(iter(self._seen))]


# This process's: a Lambda that stays warm goes on watching.
WATCH = Watch(time.monotonic)
