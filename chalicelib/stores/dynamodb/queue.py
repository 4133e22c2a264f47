"""The queue in the DynamoDB table: channels, and what is due to them.

What names the deliveries, the index by_queue, lags behind: it only says where to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Channel, Claim, Lease, Waiting
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.post import Post, PostKind
from chalicelib.stores.dynamodb import alerts as dynamodb_alerts
from chalicelib.stores.dynamodb import posts as dynamodb_posts
from chalicelib.stores.dynamodb import replacement, waiting
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.alerts import old_open_post_key
from chalicelib.stores.dynamodb.calls import ConditionError
from chalicelib.stores.dynamodb.items import channel_key, channel_of, last_single_key
from chalicelib.stores.plain import micros
from chalicelib.stores.rows import post_from


class DynamoQueue:
    """See Queue."""

    def __init__(self, kept: AlertTable) -> None:
        self._kept = kept
        self._table = kept.table

    def waiting(self, now: datetime) -> list[Waiting]:
        return waiting.waiting(self._kept, now)

    def claim(
        self, name: str, owner: str, until: datetime, seen: Lease | None = None
    ) -> Claim | None:
        condition = "#owner = :owner OR attribute_not_exists(#leased_until)"
        watched: dict[str, Any] = {}
        if seen and seen.owner and seen.until:
            condition += " OR (#owner = :seen AND #leased_until = :seen_until)"
            watched = {"seen": seen.owner, "seen_until": micros(seen.until)}
        try:
            item = self._table.update(
                channel_key(name),
                "SET #owner = :owner, #leased_until = :until",
                condition,
                owner=owner,
                until=micros(until),
                **watched,
            )
        except ConditionError:
            return None
        expires_at = self._kept.expiry(self._kept.clock())
        unsettled = waiting.unsettled(self._kept, item)
        return Claim(
            channel_of(item), tuple(dynamodb_posts.still_open(self._table, unsettled, expires_at))
        )

    def save(self, channel: Channel) -> bool:
        return dynamodb_posts.save(self._table, channel)

    def due(self, name: str, now: datetime, limit: int) -> list[Delivery]:
        return waiting.due(self._table, name, now, limit)

    def begin(self, post: Post, channel: Channel, shown: Sequence[str]) -> list[Alert] | None:
        begun = dynamodb_posts.begin(self._table, post, channel)
        return dynamodb_alerts.alerts(self._table, shown, self._kept.now()) if begun else None

    def settle(
        self, post: Post, deliveries: Sequence[Delivery], channel: Channel | None = None
    ) -> bool:
        expires_at = self._kept.expiry(post.attempted_at)
        held = dynamodb_posts.settle(self._kept, post, deliveries, channel, expires_at)
        if post.settled and post.post_id in self._kept.old_posts:
            self._table.delete(old_open_post_key(post.post_id, post.channel))
        return held

    def deliveries(self, alert_ids: Iterable[str], channel: str) -> list[Delivery]:
        found = dynamodb_alerts.deliveries(self._table, list(dict.fromkeys(alert_ids)))
        return [each for each in found if each.channel == channel]

    def posts(self, alert_id: str) -> tuple[Post, ...]:
        found = dynamodb_alerts.read(self._table, alert_id)
        return dynamodb_alerts.posts_of(self._table, found) if found else ()

    def last_single(self, channel: str, repeat_key: str, since: datetime) -> Post | None:
        item = self._table.get(last_single_key(channel, repeat_key))
        if not item or dynamodb_alerts.is_expired(item, self._kept.now()):
            return None
        post = post_from(item)
        last = max(item["attempted_at"], item.get("raised_at", 0))
        return post if post.kind is PostKind.SINGLE and last >= micros(since) else None

    def replace(self, delivery: Delivery, by: Delivery | None) -> bool:
        return replacement.replace(self._kept, delivery, by)
