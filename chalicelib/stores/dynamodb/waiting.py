"""What waits in the DynamoDB table, by channel: what is due, and where something may be."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.alerts.channel import Waiting
from chalicelib.alerts.delivery import Delivery, DeliveryState, is_due
from chalicelib.alerts.post import Post
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.alerts import old_open_posts, rows_at
from chalicelib.stores.dynamodb.batches import chunks, in_threads
from chalicelib.stores.dynamodb.by_queue import is_empty, queued, reader
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.channels import channels
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.items import channel_key, channel_of
from chalicelib.stores.dynamodb.merging import rounds
from chalicelib.stores.dynamodb.open_posts import posts_in, standing
from chalicelib.stores.dynamodb.shards import queues_of, share_of
from chalicelib.stores.rows import UNFINISHED, post_from

# An index names some that were sent: so many are asked for at once, though one is wanted.
_FEWEST = 10


def waiting(kept: AlertTable, now: datetime) -> list[Waiting]:
    """The channels that are marked, once others were looked for where it is time; takes marks off
    that nothing stands behind.
    """
    marked = kept.marks.read(now)
    names = set(marked.by_channel)
    if marked.search_due:
        names |= _unsent(kept.table)
        kept.mark(names - marked.by_channel.keys())
        kept.marks.searched(now)
    all_of_them = in_threads(lambda item: _waiting(kept, item, now), _items(kept.table, names))
    idle = {one.channel.name for one in all_of_them if not (one.due or one.channel.trouble)}
    old = [each for each in marked.by_channel.items() if each[0] in idle]
    in_threads(lambda each: _unmark(kept, *each), old)
    return all_of_them


def due(table: Table, name: str, now: datetime, limit: int) -> list[Delivery]:
    """What is due to a channel, in its order. What an open post carries is not."""
    found: list[Delivery] = []
    read = reader(table, share_of(limit))
    for some in rounds(read, queues_of(DeliveryState.PENDING, name), "turn"):
        for keys in chunks(some.items, max(limit, _FEWEST)):
            rows = [row for row in rows_at(table, keys) if row["channel"] == name]
            there = standing(rows, [table.get(channel_key(name))])
            found += [each for each in there if is_due(each, now)]
            if len(found) >= limit:
                return found[:limit]
    return found


def unsettled(kept: AlertTable, channel: Item) -> tuple[Post, ...]:
    """A channel's posts that are not settled, the oldest first, those of earlier versions too."""
    old = kept.table.query_all(
        "#pk = :pk", values={"pk": old_open_posts(channel["sk"])}, ConsistentRead=True
    )
    posts = {item["post_id"]: post_from(item) for item in old}
    kept.old_posts |= set(posts)
    posts |= {post.post_id: post for post in posts_in(channel)}
    return tuple(sorted(posts.values(), key=lambda post: (post.attempted_at, post.post_id)))


def _unsent(table: Table) -> set[str]:
    """The channels that something waits for: all of them where more waits than is read at once."""
    found, is_all = queued(table)
    if is_all:
        return {each.channel for each in found if each.state in UNFINISHED}
    return {channel.name for channel in channels(table)}


def _items(table: Table, names: Iterable[str]) -> list[Item]:
    keys = [channel_key(name) for name in sorted(names)]
    there = {item["sk"]: item for item in table.get_many(keys)}
    # One that is not there was never claimed.
    return [there.get(key["sk"], Item(key)) for key in keys]


def _waiting(kept: AlertTable, channel: Item, now: datetime) -> Waiting:
    first = due(kept.table, channel["sk"], now, 1)
    if first:
        severity, since = first[0].severity, first[0].due_at
        return Waiting(channel_of(channel), due=True, severity=severity, since=since)
    return Waiting(channel_of(channel), bool(unsettled(kept, channel)))


def _unmark(kept: AlertTable, name: str, mark: str) -> None:
    """Take a mark off that stood long enough, where nothing waits to become due."""
    if kept.marks.stood(name, mark) and is_empty(kept.table, DeliveryState.PENDING, name):
        kept.marks.take(name, mark)
