"""The queue in the DynamoDB table: channels, and what is due to them.

What names the deliveries, the index by_queue, lags behind: it only says where to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.channel import Channel, Claim, Lease, Waiting
from chalicelib.alerts.delivery import Delivery, DeliveryState, is_due
from chalicelib.alerts.post import Post, PostKind
from chalicelib.stores.dynamodb import alerts as dynamodb_alerts
from chalicelib.stores.dynamodb import posts as dynamodb_posts
from chalicelib.stores.dynamodb import replacement
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.calls import ConditionError
from chalicelib.stores.dynamodb.channels import channels
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.items import (
    channel_item,
    channel_key,
    channel_of,
    delivery_key,
    last_single_key,
    open_posts,
    queue_of,
)
from chalicelib.stores.dynamodb.table import BY_QUEUE
from chalicelib.stores.encoding import micros
from chalicelib.stores.rows import delivery_from, post_from


class DynamoQueue:
    """See Queue."""

    def __init__(self, kept: AlertTable) -> None:
        self._kept = kept
        self._table = kept.table

    def waiting(self, now: datetime) -> list[Waiting]:
        found = channels(self._table)
        due = in_threads(lambda channel: self._is_anything_due(channel.name, now), found)
        return [Waiting(*each) for each in zip(found, due, strict=True)]

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
        return Claim(channel_of(item), self._unsettled(name))

    def save(self, channel: Channel) -> bool:
        if channel.owner is None:
            return False
        try:
            self._table.put(
                channel_item(channel),
                "#owner = :owner AND attribute_exists(#leased_until)",
                owner=channel.owner,
            )
        except ConditionError:
            return False
        return True

    def due(self, name: str, now: datetime, limit: int) -> list[Delivery]:
        found: list[Delivery] = []
        options: dict[str, Any] = {}
        while len(found) < limit:
            page = self._table.query(
                "#queue = :queue",
                values={"queue": queue_of(DeliveryState.PENDING, name)},
                IndexName=BY_QUEUE,
                ProjectionExpression="#pk, #sk",
                Limit=limit,
                **options,
            )
            found += [item for item in self._current(page.items) if is_due(item, now)]
            if page.stopped_at is None:
                break
            options["ExclusiveStartKey"] = page.stopped_at
        return found[:limit]

    def begin(self, post: Post, channel: Channel, shown: Sequence[str]) -> list[Alert] | None:
        begun = dynamodb_posts.begin(self._table, post, channel)
        return dynamodb_alerts.alerts(self._table, shown, self._kept.now()) if begun else None

    def settle(
        self, post: Post, deliveries: Sequence[Delivery], channel: Channel | None = None
    ) -> bool:
        # The channel first: cut off in between, nobody sends during a Retry-After.
        held = channel is None or self.save(channel)
        expires_at = self._kept.expiry(post.attempted_at)
        dynamodb_posts.settle(self._table, post, deliveries, expires_at)
        return held

    def deliveries(self, alert_ids: Iterable[str], channel: str) -> list[Delivery]:
        keys = [delivery_key(alert_id, channel) for alert_id in dict.fromkeys(alert_ids)]
        return self._current(keys)

    def posts(self, alert_id: str) -> tuple[Post, ...]:
        return dynamodb_alerts.posts(self._table, alert_id)

    def last_single(self, channel: str, repeat_key: str, since: datetime) -> Post | None:
        item = self._table.get(last_single_key(channel, repeat_key))
        if not item or dynamodb_alerts.is_expired(item, self._kept.now()):
            return None
        post = post_from(item)
        return post if post.kind is PostKind.SINGLE and post.attempted_at >= since else None

    def replace(self, delivery: Delivery, by: Delivery | None) -> bool:
        if by is not None:
            self._kept.register([by.channel])
        expires_at = self._kept.expiry(self._kept.clock())
        return replacement.replace(self._table, delivery, by, expires_at)

    def _is_anything_due(self, name: str, now: datetime) -> bool:
        return bool(self.due(name, now, 1) or self._unsettled(name))

    def _unsettled(self, name: str) -> tuple[Post, ...]:
        items = self._table.query_all(
            "#pk = :pk", values={"pk": open_posts(name)}, ConsistentRead=True
        )
        posts = [post_from(item) for item in items]
        return tuple(sorted(posts, key=lambda post: (post.attempted_at, post.post_id)))

    def _current(self, keys: Sequence[dict[str, str] | Item]) -> list[Delivery]:
        """The deliveries at these keys as last written, in their order."""
        items = self._table.get_many([{"pk": key["pk"], "sk": key["sk"]} for key in keys])
        return [delivery_from(item) for item in items]
