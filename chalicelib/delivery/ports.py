"""The ports of delivery: what keeps the queue, what writes a message, what carries it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Channel, Claim, Lease, Waiting
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.post import Post
from chalicelib.delivery.outcome import Outcome, Search

# The forms of a message: full, one section, plain text. What is refused in each is parked.
FORMS = 3


class Queue(Protocol):
    """What is still to be sent, channel by channel. Raises StoreError.

    How a delivery goes, with the channel claimed throughout (one sender a channel):

        due() ─► begin(post) ─► the channel ─► settle(post with its outcome, deliveries after it)

    `begin` writes the post before the call is made. A post found unsettled by the next holder
    of the channel was cut off: without an outcome nobody knows whether it was posted. Its
    deliveries are settled before anything else is sent, whatever state they are found in: the post
    lists its alerts, so it stands for its deliveries even where the crash came before they were
    marked.
    """

    def waiting(self, now: datetime) -> list[Waiting]:
        """The channels where something may be due, by name, and whether it is. One without a
        delivery that is still to be sent, and without an open post, may be left out.
        """

    def claim(
        self, name: str, owner: str, until: datetime, seen: Lease | None = None
    ) -> Claim | None:
        """Make `owner` the channel's only sender; None while another is.

        No clock decides that: a channel is free that was let go, and one whose lease still is the
        one `seen`, which the caller has watched for a whole lease on a clock that only goes
        forward. Who holds the channel already prolongs its lease. The rest of the channel stays.
        """

    def save(self, channel: Channel) -> bool:
        """Write all of the channel; False where `channel.owner` no longer holds it.

        `leased_until` None releases it (the owner stays named: it is who may release).
        """

    def due(self, name: str, now: datetime, limit: int) -> list[Delivery]:
        """PENDING deliveries that are due (alerts.delivery.is_due), the most severe first, then
        the oldest event.
        """

    def begin(self, post: Post, channel: Channel, shown: Sequence[str]) -> list[Alert] | None:
        """Write the post (over one of the same id) and the channel, as `save` does, and mark
        the deliveries SENDING with its id; None, with nothing written, where `channel.owner`
        no longer holds the channel. `attempts` is the caller's to raise.

        The alerts with the ids `shown`, in their order, without their records, as they stand
        once that is written: the store notes what is corrected from then on. Unknown ones are
        left out.
        """

    def settle(
        self, post: Post, deliveries: Sequence[Delivery], channel: Channel | None = None
    ) -> bool:
        """Write the post and where its deliveries stand now; repeating it is harmless. Before
        them `channel`, as `save` does: False where it is no longer held, the rest is written all
        the same.

        A delivery that is gone, or that another post has taken since, stays as it is. One that
        was `amended` while this post told of it is PENDING where it would be SENT. A sent
        UPDATE with a repeat key raises `repeats` of the single post with its `ts` to its own, and
        sets its `also`, in the same transaction.
        """

    def deliveries(self, alert_ids: Iterable[str], channel: str) -> list[Delivery]:
        """The deliveries of these alerts to one channel, in their order."""

    def posts(self, alert_id: str) -> tuple[Post, ...]:
        """The last post of each of the alert's deliveries, the oldest attempt first."""

    def last_single(self, channel: str, repeat_key: str, since: datetime) -> Post | None:
        """The latest SINGLE post, by the channel's clock, for this repeat key whose outcome is
        SENT_OUTCOME, attempted or raised by a repeat since then, with its count of repeats.
        """

    def replace(self, delivery: Delivery, by: Delivery | None) -> bool:
        """Put `by` (None: nothing) in the place of a delivery that still stands in the state
        given; False where it does not. A `by` to another channel that the alert already has
        a delivery to leaves that one as it is: the first is only removed.
        """


class Transport(Protocol):
    """What carries a message. Never raises: whatever happens is an outcome."""

    def post(self, payload: dict[str, Any], channel_id: str | None = None) -> Outcome:
        """Post a new message: to the channel that the payload names, or to that id where it is
        known, whatever the channel is called by now.
        """

    def update(self, channel_id: str, ts: str, payload: dict[str, Any]) -> Outcome:
        """Change the message at `ts`."""

    def find(self, channel_id: str, post_id: str, since: datetime) -> Search:
        """Look for a post in the channel's history."""

    def address(self, name: str) -> str | None:
        """The channel's own id where it is named by it: known before the first reply."""

    def credential(self, salt: str) -> str:
        """A hash of the token that is keyed by the salt, by which another token is known; "" where
        there is none.
        """


class Compose(Protocol):
    """What writes a post's message: the payload for Transport, without any secret.

    `alerts` are in the order of the post's. `form` 0 is the full one, FORMS - 1 the plainest.
    """

    def __call__(
        self, post: Post, alerts: Sequence[Alert], *, form: int, possible_repeat: bool
    ) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of channel is told: what writes for it, and what carries that there.

    `folds` says that a message may stand for several alerts: the same thing again raises its × N.
    Where it does not, each alert is told, and brought up to date, by itself.
    """

    transport: Transport
    compose: Compose
    folds: bool = True
