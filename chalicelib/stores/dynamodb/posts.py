"""Posts in the DynamoDB table: begun in their channel's item, settled with what they carry.

What was sent is settled in one write of each alert, and one of the channel, which closes the post
last: cut off before that, the post still stands for its deliveries.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from chalicelib.alerts.channel import Channel
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.post import SENT_OUTCOME, Post, PostKind
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.alerts import inline_post
from chalicelib.stores.dynamodb.batches import in_threads
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.items import (
    alert_key,
    channel_item,
    channel_key,
    last_single_key,
    post_key,
    settled_post_item,
)
from chalicelib.stores.dynamodb.open_posts import attribute_of, is_of_attempt, written
from chalicelib.stores.dynamodb.settlement import settle_delivery
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.plain import micros
from chalicelib.stores.rows import post_from, post_row

_HELD = "#owner = :owner AND attribute_exists(#leased_until)"


def begin(table: Table, post: Post, channel: Channel) -> bool:
    """Write the post and the channel; False where it was lost."""
    return _save(table, channel, opens=post)


def save(table: Table, channel: Channel) -> bool:
    """Write the channel; False where it was lost."""
    return _save(table, channel)


def settle(
    kept: AlertTable,
    post: Post,
    deliveries: Sequence[Delivery],
    channel: Channel | None,
    expires_at: int,
) -> bool:
    """Write the post's outcome, the deliveries and the channel; False where this was lost."""
    table = kept.table
    if post.settled and post.outcome == SENT_OUTCOME:
        _settle_all(kept, post, deliveries, expires_at)
        return _close(table, post, channel)
    # The channel first: cut off in between, nobody sends during a Retry-After.
    held = channel is None or save(table, channel)
    if not post.settled:
        change = f"SET #{attribute_of(post)} = :post"
        table.update(channel_key(post.channel), change, post=written(post))
    _settle_all(kept, post, deliveries, expires_at)
    if post.settled:
        _close(table, post, None)
    return held


def still_open(table: Table, posts: Sequence[Post], expires_at: int) -> list[Post]:
    """Those of a channel's posts that are to be settled: a digest with its outcome where the sender
    was cut off among its alerts. One whose only alert is settled is closed.
    """
    keys = [key for post in posts for key in (post_key(post.post_id), *_only_alert(post))]
    items = table.get_many(list({key["pk"]: key for key in keys}.values()))
    by_key = {item["pk"]: item for item in items}
    left: list[Post] = []
    for post in posts:
        known = _settled_as(post, by_key)
        if known is None:
            left.append(post)
        elif len(post.alert_ids) > 1:
            left.append(replace(known, settled=False))
        else:
            _count_repeats(table, known, expires_at)
            _close(table, known, None)
    return left


def _settle_all(
    kept: AlertTable, post: Post, deliveries: Sequence[Delivery], expires_at: int
) -> None:
    table = kept.table
    if post.settled and len(post.alert_ids) > 1:
        table.put(settled_post_item(post, expires_at))
    in_threads(lambda each: settle_delivery(table, post, each, expires_at), deliveries)
    if any(each.state is not DeliveryState.SENT for each in deliveries):
        kept.mark([post.channel])  # again, since the index is behind with where they wait now
    _count_repeats(table, post, expires_at)


def _save(
    table: Table, channel: Channel, *, opens: Post | None = None, closes: Post | None = None
) -> bool:
    """Write the channel as a whole, with the post that it opens or closes; False where it was
    lost.
    """
    if channel.owner is None:
        return False
    values: dict[str, Any] = channel_item(channel)
    if opens:
        values[attribute_of(opens)] = written(opens)
    if closes:
        values[attribute_of(closes)] = None
    known = {name: value for name, value in values.items() if value is not None}
    change = "SET " + ", ".join(f"#{name} = :{name}" for name in known)
    gone = [f"#{name}" for name in values if name not in known]
    change += f" REMOVE {', '.join(gone)}" if gone else ""
    if opens:
        change, known = f"{change} ADD #begun :one", known | {"one": 1}
    try:
        table.update(channel_key(channel.name), change, _HELD, **known)
    except ConditionError:
        return False
    return True


def _close(table: Table, post: Post, channel: Channel | None) -> bool:
    """Take the post off the channel, which is written too where there is one; False where that was
    lost.
    """
    if channel and _save(table, channel, closes=post):
        return True
    with contextlib.suppress(ConditionError):  # nobody ever claimed it
        change = f"REMOVE #{attribute_of(post)}"
        table.update(channel_key(post.channel), change, "attribute_exists(#pk)")
    return channel is None


def _only_alert(post: Post) -> list[dict[str, str]]:
    return [alert_key(post.alert_ids[0])] if len(post.alert_ids) == 1 else []


def _settled_as(post: Post, items: Mapping[str, Item]) -> Post | None:
    """The post as its alert, or an item of its own, says that this attempt was settled."""
    for key in (post_key(post.post_id), *_only_alert(post)):
        item = items.get(key["pk"])
        if item and item["settled"] and is_of_attempt(item, post):
            return post_from(item) if item["sk"] == "POST" else inline_post(item)
    return None


def _count_repeats(table: Table, post: Post, expires_at: int) -> None:
    """What a sent post means for the latest single post of its repeat key."""
    if post.repeat_key is None or post.outcome != SENT_OUTCOME or not post.settled:
        return
    key = last_single_key(post.channel, post.repeat_key)
    if post.kind is PostKind.SINGLE:
        latest = "attribute_not_exists(#pk) OR #attempted_at <= :attempted_at"
        values: dict[str, Any] = {"attempted_at": micros(post.attempted_at)}
        if post.ts:  # by the channel's clock, where ours was put back
            latest, values = f"{latest} OR #ts < :ts", values | {"ts": post.ts}
        with contextlib.suppress(ConditionError):  # a newer one is there
            row = key | post_row(post) | {TTL_ATTRIBUTE: expires_at}
            table.put(row, latest, **values)
    elif post.kind is PostKind.UPDATE:
        last = table.get(key)
        if last and last["ts"] == post.ts:
            _raise(table, key, post, last)


def _raise(table: Table, key: dict[str, str], post: Post, last: Item) -> None:
    """Raise the count of the single post, and in what tells of it: its alert, or its own item."""
    single = post_from(last)
    _is_raised(table, key, post, single.post_id)
    for place in (*_only_alert(single), post_key(single.post_id)):
        if _is_raised(table, place, post, single.post_id):
            return


def _is_raised(table: Table, place: dict[str, str], post: Post, post_id: str) -> bool:
    """Raise the count there; False where it is higher already, or told elsewhere."""
    row = post_row(post)
    try:
        table.update(
            place,
            "SET #repeats = :repeats, #also = :also, #raised_at = :raised_at ADD #revision :one",
            "#post_id = :post_id AND #repeats < :repeats",
            one=1,
            post_id=post_id,
            repeats=row["repeats"],
            also=row["also"],
            raised_at=row["attempted_at"],
        )
    except ConditionError:
        return False
    return True
