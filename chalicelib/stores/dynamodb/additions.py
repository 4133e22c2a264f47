"""New alerts in the DynamoDB table: each whole, in one write wherever that holds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.alerts.mutes import LONGEST, slot_of, told_after_all
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.dynamodb.batches import chunks, in_threads
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.expressions import Action, put_action
from chalicelib.stores.dynamodb.followups import followup_item
from chalicelib.stores.dynamodb.items import hidden_key, items_of
from chalicelib.stores.dynamodb.mutes import is_in_force
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE

_IS_NEW = "attribute_not_exists(#pk)"
# What a transaction takes: 100 actions, 4 MB. Source: DynamoDB quotas. An item may have 400 KB.
_HIDDEN_AT_ONCE, _MOST_ACTIONS = 8, 99


def add(table: Table, stored: Sequence[StoredAlert], expires_at: int) -> set[str]:
    """Write those that are not kept already; their ids.

    Several in a transaction would be fewer calls, and cost twice as much. What a mute hides is
    written so: whether the mute is still in force is a condition.
    """
    hidden: dict[str, list[StoredAlert]] = {}
    plain: list[StoredAlert] = []
    for each in stored:
        mute_id = next((one.mute_id for one in each.deliveries if one.mute_id), None)
        (hidden.setdefault(mute_id, []) if mute_id else plain).append(each)
    added: set[str] = set()
    for mute_id, alerts in hidden.items():
        for some in chunks(alerts, _HIDDEN_AT_ONCE):
            found, told = _add_hidden(table, mute_id, list(some), expires_at)
            added |= found
            plain += told
    written = in_threads(lambda each: _add(table, each, expires_at), plain)
    return added | {
        each.alert.alert_id for each, is_new in zip(plain, written, strict=True) if is_new
    }


def _add(table: Table, stored: StoredAlert, expires_at: int) -> bool:
    alert, *others = _items(stored, expires_at)
    try:
        if others:
            table.transact([put_action(alert, _IS_NEW), *map(put_action, others)])
        else:
            table.put(alert, _IS_NEW)
    except ConditionError:
        return False
    return True


def _add_hidden(
    table: Table, mute_id: str, stored: list[StoredAlert], expires_at: int
) -> tuple[set[str], list[StoredAlert]]:
    """Write what a mute hides: the ids of what is new, and what is to be told after all, since the
    mute has ended.
    """
    while stored:
        actions: list[Action] = [is_in_force(slot_of(stored[0].alert), mute_id)]
        places, fit = {}, 0
        for each in stored:
            more = [*_actions(each, expires_at), *_hidden(each, expires_at)]
            if fit and len(actions) + len(more) > _MOST_ACTIONS:
                break
            places[len(actions)] = each
            actions += more
            fit += 1
        try:
            table.transact(actions)
        except ConditionError as error:
            if 0 in error.failed:
                return set(), [told_after_all(each) for each in stored]
            known = [id(places[place]) for place in error.failed if place in places]
            stored = [each for each in stored if id(each) not in known]
            continue
        new = {each.alert.alert_id for each in places.values()}
        rest, told = _add_hidden(table, mute_id, stored[fit:], expires_at)
        return new | rest, told
    return set(), []


def _actions(stored: StoredAlert, expires_at: int) -> list[Action]:
    alert, *others = _items(stored, expires_at)
    return [put_action(alert, _IS_NEW), *map(put_action, others)]


def _items(stored: StoredAlert, expires_at: int) -> list[dict[str, Any]]:
    """The alert's own, then those of its deliveries and of what is to be looked at later."""
    items = items_of(stored.alert, stored.deliveries, expires_at)
    return [*items, *map(followup_item, stored.followups)]


def _hidden(stored: StoredAlert, expires_at: int) -> Iterator[Action]:
    """What counts as hidden, for longer than a mute lasts."""
    last = expires_at + int(LONGEST.total_seconds())
    for each in stored.deliveries:
        key = hidden_key(each.mute_id, each.alert_id, each.channel)
        yield put_action(key | {TTL_ATTRIBUTE: last})
