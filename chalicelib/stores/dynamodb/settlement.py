"""One delivery settled in the DynamoDB table: in its alert's item, or as one of several.

Where the alert was corrected while the post showed what it was before, what would be SENT is
PENDING again. A delivery that another post has taken since stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.post import Post
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.changes import Change, apply
from chalicelib.stores.dynamodb.expressions import Action, Item, put_action, update_action
from chalicelib.stores.dynamodb.items import (
    POST_ATTRIBUTES,
    alert_key,
    delivery_key,
    is_finished,
    is_whole,
    record_key,
    settled_post_item,
)
from chalicelib.stores.dynamodb.shards import queue_of
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.plain import micros
from chalicelib.stores.rows import post_row, settled_row

# Of an attempt that was given back already there is no more to say.
_MAY = (
    "(#state = :pending OR attribute_not_exists(#post_id) OR #post_id = :post_id)"
    " AND NOT (#state = :pending AND #post_id = :post_id AND #attempted_at = :attempted_at)"
)


@dataclass(frozen=True, slots=True)
class _Update:
    """What is written of a delivery, and while what stands; None takes an attribute off."""

    row: dict[str, Any]
    condition: str
    values: dict[str, Any]

    @property
    def change(self) -> str:
        known = [name for name, value in self.row.items() if value is not None]
        gone = [f"#{name}" for name in self.row if name not in known]
        change = "SET " + ", ".join(f"#{name} = :{name}" for name in known)
        return change + (f" REMOVE {', '.join(gone)}" if gone else "") + " ADD #revision :one"

    @property
    def arguments(self) -> dict[str, Any]:
        """The values that the change and the condition refer to."""
        known = {name: value for name, value in self.row.items() if value is not None}
        return known | self.values | {"one": 1}


def settle_delivery(table: Table, post: Post, delivery: Delivery, expires_at: int) -> None:
    """Write where a delivery stands."""
    for each in _alternatives(delivery):
        update = _update(post, each, expires_at, _post_attributes(post))
        try:
            table.update(
                alert_key(each.alert_id), update.change, update.condition, **update.arguments
            )
        except ConditionError:
            item = table.get(alert_key(delivery.alert_id))
            if item and not is_whole(item):
                _settle_one_of_several(table, post, delivery, item, expires_at)
                return
        else:
            return


def _alternatives(delivery: Delivery) -> list[Delivery]:
    if not _may_be_outdated(delivery):
        return [delivery]
    return [delivery, replace(delivery, state=DeliveryState.PENDING, amended=True)]


def _may_be_outdated(delivery: Delivery) -> bool:
    """Whether the alert may have been corrected while the post showed what it was before."""
    return delivery.state is DeliveryState.SENT


def _update(
    post: Post, delivery: Delivery, expires_at: int, of_post: dict[str, Any] | None = None
) -> _Update:
    row = settled_row(delivery) | (of_post or {})
    row |= {
        "post_id": post.post_id,
        "attempted_at": micros(post.attempted_at),
        "queue": queue_of(delivery.state, delivery.channel, delivery.alert_id),
        TTL_ATTRIBUTE: expires_at if is_finished(delivery.state) else None,
    }
    del row["alert_id"], row["channel"]
    condition = f"#channel = :channel AND {_MAY}"
    if delivery.state is DeliveryState.UNCERTAIN:
        del row["amended"]  # stays as it is
    if _may_be_outdated(delivery):
        condition += " AND #due_at = :due_at" if post.corrects else " AND #amended = :amended"
    values = {"channel": delivery.channel, "pending": DeliveryState.PENDING.value}
    return _Update(row, condition, values)


def _post_attributes(post: Post) -> dict[str, Any]:
    """What an alert's item says of its post: nothing of one that carried others too."""
    row = post_row(post) if len(post.alert_ids) == 1 else {}
    return {name: row.get(name) for name in POST_ATTRIBUTES}


def _settle_one_of_several(
    table: Table, post: Post, delivery: Delivery, item: Item, expires_at: int
) -> None:
    """The same of a delivery that lies in an item of its own: who tells the last channel has the
    alert expire.
    """
    posts = [put_action(settled_post_item(post, expires_at))] if _is_its_own(post) else []
    written = [_action(post, each, expires_at) for each in _alternatives(delivery)]
    if not is_finished(delivery.state):
        apply(table, [], [Change(((written[0], *posts),))])
        return
    last = (*_told_last(delivery, item, expires_at), *posts)
    done = ((written[0], *last), (written[0], _told(delivery), *posts))
    apply(table, [], [Change((*done, *((each, *posts) for each in written[1:])))])


def _is_its_own(post: Post) -> bool:
    return post.settled and len(post.alert_ids) == 1


def _action(post: Post, delivery: Delivery, expires_at: int) -> Action:
    update = _update(post, delivery, expires_at)
    key = delivery_key(delivery.alert_id, delivery.channel)
    return update_action(key, update.change, update.condition, **update.arguments)


def _told_last(delivery: Delivery, item: Item, expires_at: int) -> list[Action]:
    channel = frozenset({delivery.channel})
    last = update_action(
        alert_key(delivery.alert_id),
        f"SET #{TTL_ATTRIBUTE} = :expires_at DELETE #unfinished :channel",
        "attribute_exists(#pk) AND (attribute_not_exists(#unfinished) OR #unfinished = :channel)",
        expires_at=expires_at,
        channel=channel,
    )
    if item["record"]:
        return [last]
    record = update_action(
        record_key(delivery.alert_id),
        f"SET #{TTL_ATTRIBUTE} = :expires_at",
        "attribute_exists(#pk)",
        expires_at=expires_at,
    )
    return [last, record]


def _told(delivery: Delivery) -> Action:
    """One of several channels is told."""
    return update_action(
        alert_key(delivery.alert_id),
        "DELETE #unfinished :channel",
        "attribute_exists(#pk)",
        channel=frozenset({delivery.channel}),
    )
