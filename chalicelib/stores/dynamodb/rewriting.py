"""An alert of the DynamoDB table written anew over all that was read of it, in one transaction.

Whatever form it had before, it has today's afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import Delivery
from chalicelib.stores.dynamodb.alerts import Read, inline_post, unchanged
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.expressions import (
    Action,
    Item,
    delete_action,
    put_action,
    update_action,
)
from chalicelib.stores.dynamodb.items import (
    POST_ATTRIBUTES,
    hidden_key,
    items_of,
    settled_post_item,
)


def rewrite(
    table: Table,
    kept: Read,
    alert: Alert,
    deliveries: Sequence[Delivery],
    expires_at: int,
    before: Sequence[Action] = (),
) -> None:
    """Write the alert with these deliveries, and do what is to be done with it `before`; raises
    ConditionError where it stands no more as it was read, or where a post was begun since.
    `expires_at` holds for what is finished now.
    """
    items = items_of(alert, deliveries, expires_at)
    for each in items:
        each.update(_of_its_post(kept, each))
    items[0]["revision"] = (kept.item["revision"] or 0) + 1
    written = {each["sk"] for each in items}
    gone = [each for key, each in kept.items.items() if key not in written]
    table.transact(
        [
            *before,
            *(_put(each, kept) for each in items),
            *(_delete(each, kept) for each in gone),
            *map(_has_begun_nothing, kept.channels),
            *_post_of_its_own(kept, items[0], expires_at),
            *_told_after_all(kept, deliveries),
        ]
    )


def _put(item: dict[str, Any], kept: Read) -> Action:
    condition, values = _as_read(kept, item["sk"])
    return put_action(item, condition, **values)


def _delete(item: Item, kept: Read) -> Action:
    condition, values = _as_read(kept, item["sk"])
    return delete_action(_key(item), condition, **values)


def _of_its_post(kept: Read, item: dict[str, Any]) -> dict[str, Any]:
    """What an item that is written anew says of the post that it names still."""
    said: dict[str, Any] = {}
    for row in kept.rows:
        if _names_the_same(row, item):
            said["attempted_at"] = row["attempted_at"]
            if item["sk"] == "ALERT":  # not of the row, which has a delivery's outcome
                said |= {name: kept.item[name] for name in POST_ATTRIBUTES}
    return said


def _names_the_same(row: Item, item: dict[str, Any]) -> bool:
    one, other = ((each.get("channel"), each.get("post_id")) for each in (row, item))
    return one == other and None not in one


def _as_read(kept: Read, key: str) -> tuple[str | None, dict[str, Any]]:
    """The condition that one of an alert's items stands as it was read."""
    item = kept.items.get(key)
    if item is None:
        return "attribute_not_exists(#pk)", {}
    if key == "RECORD":
        return None, {}  # written with its alert only
    return unchanged(item)


def _has_begun_nothing(channel: Item) -> Action:
    """A condition alone, in a form that asks for no other permission than writing does."""
    condition, values = "attribute_not_exists(#begun)", {}
    if channel["begun"]:
        condition, values = "#begun = :begun", {"begun": channel["begun"]}
    return update_action(_key(channel), "REMOVE #nothing", condition, **values)


def _post_of_its_own(kept: Read, item: dict[str, Any], expires_at: int) -> Iterator[Action]:
    """The post that the alert's item held, where it holds it no more."""
    post = inline_post(kept.item)
    if post and "kind" not in item:
        yield put_action(settled_post_item(post, expires_at))


def _told_after_all(kept: Read, deliveries: Sequence[Delivery]) -> Iterator[Action]:
    """What a mute hid, and hides no more."""
    hidden = {(each.mute_id, each.channel) for each in deliveries}
    for each in kept.deliveries:
        if each.mute_id and (each.mute_id, each.channel) not in hidden:
            yield delete_action(hidden_key(each.mute_id, each.alert_id, each.channel))


def _key(item: Item) -> dict[str, str]:
    return {"pk": item["pk"], "sk": item["sk"]}
