"""What Slack was told last, as the store keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import StoreError
from chalicelib.monitoring.times import in_words
from chalicelib.stores.store import Store

# Alerts are listed by their event's time, and told in another order.
LOOKED_AT = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The last message; `why_not` says why there is none to name."""

    title: str = ""
    channel: str = ""
    at: datetime | None = None
    why_not: str = ""

    @property
    def said(self) -> str:
        """In one line."""
        if self.at is None:
            return f"Told last: {self.why_not}"
        return f"Told last: {self.title}, in {self.channel} at {in_words(self.at)}"

    def as_json(self) -> dict[str, str | None]:
        return {
            "title": self.title or None,
            "channel": self.channel or None,
            "at": self.at.isoformat() if self.at else None,
            "why_not": self.why_not or None,
        }


def told_last(store: Store) -> Told:
    """The latest of the messages about the newest alerts that were told."""
    try:
        page = store.archive.search(AlertQuery(state=(DeliveryState.SENT,)), LOOKED_AT)
        whole = [store.archive.get(one.alert.alert_id) for one in page.alerts]
    except StoreError as error:
        return Told(why_not=f"cannot be read (dynamodb:Query, dynamodb:GetItem): {error}")
    posts = [
        (post, one.alert.title) for one in whole if one for post in one.posts if post.ts is not None
    ]
    if not posts:
        return Told(why_not="nothing yet")
    post, title = max(posts, key=lambda each: each[0].attempted_at)
    return Told(title=title, channel=post.channel, at=post.attempted_at)
