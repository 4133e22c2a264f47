"""The outbox: the port AlertStore that both stores keep, and the values it speaks in.

How a delivery goes, with the channel claimed throughout (one sender a channel):

    due() ─► begin(post) ─► Slack ─► settle(post with its outcome, deliveries as they now stand)

`begin` writes the post before the call is made. A post found unsettled by the next holder of
the channel was cut off: without an outcome nobody knows whether it was posted. Its deliveries
are settled before anything else is sent, whatever state they are found in: the post lists its
alerts, so it stands for its deliveries even where the crash came before they were marked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.post import Post

if TYPE_CHECKING:
    from chalicelib.alerts.archive import AlertPage, AlertQuery, Backlog, Summary


class StoreError(Exception):
    """The store cannot be reached, or refuses for a reason of its own. Worth a retry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """An alert with its deliveries, and the last post of each (empty in lists)."""

    alert: Alert
    deliveries: tuple[Delivery, ...] = ()
    posts: tuple[Post, ...] = ()


class AlertStore(Protocol):
    """What keeps alerts until they are told, and for looking back. Raises StoreError."""

    # What must be told
    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        """Keep each alert with its deliveries in one transaction; the ids that were new.

        An alert that is kept already stays as it is. With no deliveries it is only listed.
        """

    def known(self, alert_ids: Iterable[str]) -> set[str]:
        """Those of the ids that are kept already."""

    def amend(self, alert: Alert) -> bool:
        """Replace what an UPDATED_DATA addendum corrects; False where the alert is unknown.

        Its SENT deliveries become PENDING and `amended`, due at `alert.seen_at`, in the same
        transaction: dispatch updates their message. Those SENDING or UNCERTAIN become `amended`
        as they stand: see settle. The same alert again changes nothing.
        Event time, seen_at and channels stay as they were.
        """

    # Telling it
    def channels(self) -> list[Channel]:
        """Every channel that ever had a delivery, by name."""

    def claim(self, name: str, owner: str, now: datetime, until: datetime) -> Channel | None:
        """Make `owner` the channel's only sender until then; None while another is.

        Who holds the channel already prolongs its lease. The rest of the channel stays.
        """

    def save(self, channel: Channel) -> bool:
        """Write all of the channel; False where `channel.owner` no longer holds it.

        `leased_until` None releases it (the owner stays named: it is who may release).
        """

    def due(self, name: str, now: datetime, limit: int) -> list[Delivery]:
        """PENDING deliveries due by now, the most severe first, then the oldest event."""

    def unsettled(self, name: str) -> list[Post]:
        """Posts that are not `settled`, oldest first: cut off, or with an ambiguous outcome."""

    def begin(self, post: Post, channel: Channel) -> bool:
        """Write the post (over one of the same id) and the channel, as `save` does, and mark
        the deliveries SENDING with its id; False, with nothing written, where `channel.owner`
        no longer holds the channel at `post.attempted_at`. `attempts` is the caller's to raise.
        """

    def settle(self, post: Post, deliveries: Sequence[Delivery]) -> None:
        """Write the post and where its deliveries stand now; repeating it is harmless.

        A delivery that is gone, or that another post has taken since, stays as it is. One that
        was `amended` while this post told of it is PENDING where it would be SENT. A sent
        UPDATE with a repeat key raises `repeats` of the single post with its `ts` to its own, in
        the same transaction.
        """

    def deliveries(self, alert_ids: Iterable[str], channel: str) -> list[Delivery]:
        """The deliveries of these alerts to one channel, in their order."""

    def last_single(self, channel: str, repeat_key: str, since: datetime) -> Post | None:
        """The latest SINGLE post for this repeat key whose outcome is SENT_OUTCOME, attempted
        since then, with its count of repeats.
        """

    def parked(self, limit: int) -> list[Delivery]:
        """PARKED deliveries of all channels, the oldest event first."""

    def replace(self, delivery: Delivery, by: Delivery | None) -> bool:
        """Put `by` (None: nothing) in the place of a delivery that still stands in the state
        given; False where it does not. A `by` to another channel that the alert already has
        a delivery to leaves that one as it is: the first is only removed.
        """

    # Looking back
    def alerts(self, alert_ids: Iterable[str]) -> list[Alert]:
        """The alerts with these ids, in their order, without their records; unknown ones are
        left out.
        """

    def get(self, alert_id: str) -> StoredAlert | None:
        """One alert with its record and all that is known of its deliveries and posts."""

    def search(self, query: AlertQuery, limit: int, cursor: str | None = None) -> AlertPage:
        """Newest first by event time; raises CursorError.

        A cursor stays right while alerts arrive, and with another limit or other filters.
        """

    def summary(self, since: datetime, until: datetime) -> Summary:
        """Counts over a span, `since` inclusive, `until` exclusive."""

    def backlog(self, now: datetime) -> Backlog:
        """What is still to be told."""

    # Keeping house
    def note(self, key: str, value: dict[str, Any]) -> None:
        """Keep one small JSON object under a key; the last writer wins."""

    def noted(self, key: str) -> dict[str, Any] | None:
        """What was noted last."""

    def expire(self, before: datetime, limit: int) -> int:
        """Remove at most `limit` alerts seen before then whose deliveries are all SENT or
        PARKED; how many. An old event that was seen lately stays: it is told only once.
        """
