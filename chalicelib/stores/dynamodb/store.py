"""The store in DynamoDB, for AWS.

A write that decides is conditional, a read that decides is consistent. What names the work, the
index by_queue, lags behind: it only says where to look.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertPage, AlertQuery, Backlog, Summary
from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import Post, PostKind
from chalicelib.stores.cursor import KEY_BYTES, seal, unseal
from chalicelib.stores.dynamodb import alerts as dynamodb_alerts
from chalicelib.stores.dynamodb import posts as dynamodb_posts
from chalicelib.stores.dynamodb import search as dynamodb_search
from chalicelib.stores.dynamodb.calls import ConditionError, Item, Table
from chalicelib.stores.dynamodb.items import (
    channel_item,
    channel_key,
    channel_of,
    day_key,
    day_of,
    delivery_key,
    last_single_key,
    note_key,
    queue_of,
)
from chalicelib.stores.dynamodb.table import BY_QUEUE
from chalicelib.stores.encoding import micros, seconds
from chalicelib.stores.rows import delivery_from, post_from

DEFAULT_RETENTION = timedelta(days=90)
_CURSOR_KEY = note_key("cursor-key")


class DynamoAlertStore:
    """Alerts in one table, which exists already; `client` is boto3's for DynamoDB.

    What is SENT or PARKED expires `retention` after that. `clock` tells what has expired by now,
    since DynamoDB removes it within days only.
    """

    def __init__(
        self,
        client: Any,
        table: str,
        *,
        retention: timedelta = DEFAULT_RETENTION,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._table = Table(client, table, sleep)
        self._retention = retention
        self._clock = clock
        self._registered: set[str] = set()
        self._cursor_key: bytes | None = None

    # What must be told

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        by_id: dict[str, StoredAlert] = {}
        for item in stored:
            by_id.setdefault(item.alert.alert_id, item)
        known = self.known(by_id)
        new = [item for alert_id, item in by_id.items() if alert_id not in known]
        # First, so that what a crash leaves can be found by its channel and its day.
        self._register(each.channel for item in new for each in item.deliveries)
        for day in {day_of(seconds(item.alert.event_time)) for item in new}:
            self._table.put(day_key(day))
        return dynamodb_alerts.add(self._table, new, self._expiry(now))

    def known(self, alert_ids: Iterable[str]) -> set[str]:
        return dynamodb_alerts.known(self._table, alert_ids)

    def amend(self, alert: Alert) -> bool:
        return dynamodb_alerts.amend(self._table, alert)

    # Telling it

    def channels(self) -> list[Channel]:
        return [channel_of(item) for item in dynamodb_search.channel_items(self._table)]

    def claim(self, name: str, owner: str, now: datetime, until: datetime) -> Channel | None:
        try:
            item = self._table.update(
                channel_key(name),
                "SET #owner = :owner, #leased_until = :until",
                "#owner = :owner OR attribute_not_exists(#leased_until) OR #leased_until <= :now",
                owner=owner,
                until=micros(until),
                now=micros(now),
            )
        except ConditionError:
            return None
        return channel_of(item)

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
                values={"queue": queue_of(DeliveryState.PENDING, name), "now": micros(now)},
                IndexName=BY_QUEUE,
                FilterExpression="#due_at <= :now",
                ProjectionExpression="#pk, #sk",
                Limit=limit,
                **options,
            )
            found += [item for item in self._current(page.items) if _is_due(item, now)]
            if page.stopped_at is None:
                break
            options["ExclusiveStartKey"] = page.stopped_at
        return found[:limit]

    def unsettled(self, name: str) -> list[Post]:
        items = self._table.query_all(
            "#pk = :pk", values={"pk": f"OPEN#{name}"}, ConsistentRead=True
        )
        posts = [post_from(item) for item in items]
        return sorted(posts, key=lambda post: (post.attempted_at, post.post_id))

    def begin(self, post: Post, channel: Channel) -> bool:
        return dynamodb_posts.begin(self._table, post, channel)

    def settle(self, post: Post, deliveries: Sequence[Delivery]) -> None:
        expires_at = self._expiry(post.attempted_at)
        dynamodb_posts.settle(self._table, post, deliveries, expires_at)

    def deliveries(self, alert_ids: Iterable[str], channel: str) -> list[Delivery]:
        keys = [delivery_key(alert_id, channel) for alert_id in dict.fromkeys(alert_ids)]
        return self._current(keys)

    def last_single(self, channel: str, repeat_key: str, since: datetime) -> Post | None:
        item = self._table.get(last_single_key(channel, repeat_key))
        if not item or dynamodb_alerts.is_expired(item, self._now()):
            return None
        post = post_from(item)
        return post if post.kind is PostKind.SINGLE and post.attempted_at >= since else None

    def parked(self, limit: int) -> list[Delivery]:
        return dynamodb_search.parked(self._table, self.channels(), limit)

    def replace(self, delivery: Delivery, by: Delivery | None) -> bool:
        if by is not None:
            self._register([by.channel])
        return dynamodb_posts.move(self._table, delivery, by, self._expiry(self._clock()))

    # Looking back

    def alerts(self, alert_ids: Iterable[str]) -> list[Alert]:
        return dynamodb_alerts.alerts(self._table, list(alert_ids), self._now())

    def get(self, alert_id: str) -> StoredAlert | None:
        return dynamodb_alerts.get(self._table, alert_id, self._now())

    def search(self, query: AlertQuery, limit: int, cursor: str | None = None) -> AlertPage:
        key = self._key()
        before = None if cursor is None else unseal(key, cursor)
        found = dynamodb_search.page(self._table, query, limit, before, self._now())
        return AlertPage(
            alerts=tuple(found.alerts),
            next_cursor=None if found.place is None else seal(key, found.place),
            searched_until=found.searched_until,
        )

    def summary(self, since: datetime, until: datetime) -> Summary:
        return dynamodb_search.summary(self._table, since, until, self._now())

    def backlog(self, now: datetime) -> Backlog:
        return dynamodb_search.backlog(self._table, self.channels(), now)

    # Keeping house

    def note(self, key: str, value: dict[str, Any]) -> None:
        self._table.put(note_key(key) | {"value": json.dumps(value)})

    def noted(self, key: str) -> dict[str, Any] | None:
        item = self._table.get(note_key(key))
        note: dict[str, Any] | None = json.loads(item["value"]) if item else None
        return note

    def expire(self, before: datetime, limit: int) -> int:
        return dynamodb_alerts.expire(self._table, before, limit)

    def _current(self, keys: Sequence[dict[str, str] | Item]) -> list[Delivery]:
        """The deliveries at these keys as last written, in their order."""
        items = self._table.get_many([{"pk": key["pk"], "sk": key["sk"]} for key in keys])
        found = [items.get((key["pk"], key["sk"])) for key in keys]
        return [delivery_from(item) for item in found if item is not None]

    def _register(self, names: Iterable[str]) -> None:
        for name in set(names) - self._registered:
            self._put_once(channel_key(name))
            self._registered.add(name)

    def _key(self) -> bytes:
        """What cursors are sealed with: made once for the table, by whoever comes first."""
        if self._cursor_key is None:
            self._put_once(_CURSOR_KEY | {"key": secrets.token_bytes(KEY_BYTES)})
            self._cursor_key = self._table.get(_CURSOR_KEY)["key"]
        return self._cursor_key

    def _put_once(self, item: dict[str, Any]) -> None:
        with contextlib.suppress(ConditionError):  # it is there already, and stays
            self._table.put(item, "attribute_not_exists(#pk)")

    def _now(self) -> int:
        return seconds(self._clock())

    def _expiry(self, moment: datetime) -> int:
        return seconds(moment + self._retention)


def _is_due(delivery: Delivery, now: datetime) -> bool:
    return delivery.state is DeliveryState.PENDING and delivery.due_at <= now
