"""Mutes in the DynamoDB table: those in force in one partition, and each by its id."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.alerts.followups import FollowupKind, followup_of
from chalicelib.alerts.handling import Person
from chalicelib.alerts.mutes import MOST_MUTES, Mute
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.clicks import click_actions
from chalicelib.stores.dynamodb.expressions import (
    Action,
    Item,
    delete_action,
    put_action,
    update_action,
)
from chalicelib.stores.dynamodb.followups import followup_actions
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.handling import mute_from, mute_values

_IN_FORCE = "MUTES"
_COUNT = {"pk": _IN_FORCE, "sk": " count"}  # before every slot


class DynamoMutes:
    """See Mutes."""

    def __init__(self, kept: AlertTable) -> None:
        self._kept = kept
        self._table = kept.table

    def in_force(self) -> tuple[Mute, ...]:
        found = self._table.query_all(
            "#pk = :pk AND #sk > :count", values={"pk": _IN_FORCE, "count": _COUNT["sk"]}
        )
        mutes = sorted(map(_mute, found), key=lambda mute: (mute.since, mute.mute_id))
        return tuple(mutes[:MOST_MUTES])

    def get(self, mute_id: str) -> Mute | None:
        item = self._table.get(_mute_key(mute_id))
        return _mute(item) if item else None

    def end(self, mute_id: str, at: datetime, by: Person | None = None, key: str = "") -> bool:
        mute = self.get(mute_id)
        click = click_actions(key, at)
        if mute is None or mute.ended_at is not None:
            if click:
                self._is_done(click)
            return False
        ended = replace(mute, ended_at=at, ended_by=by)
        expires_at = self._kept.expiry(at)
        return self._is_done(
            [
                *click,
                delete_action(_slot_key(mute.slot), "#mute_id = :mute_id", mute_id=mute_id),
                put_action(_mute_key(mute_id) | _written(ended) | {TTL_ATTRIBUTE: expires_at}),
                update_action(_COUNT, "ADD #standing :less", less=-1),
                *followup_actions([followup_of(FollowupKind.MUTE_END, mute_id, at)]),
            ]
        )

    def hidden(self, mute_id: str) -> int:
        count, start = 0, None
        while True:
            page = self._table.query(
                "#pk = :pk",
                values={"pk": f"HIDDEN#{mute_id}"},
                Select="COUNT",
                ConsistentRead=True,
                **({"ExclusiveStartKey": start} if start else {}),
            )
            count, start = count + page.scanned, page.stopped_at
            if start is None:
                return count

    def _is_done(self, actions: list[Action]) -> bool:
        try:
            self._table.transact(actions)
        except ConditionError:
            return False
        return True


def begin_actions(mute: Mute, standing: Mute | None, expires_at: int) -> list[Action]:
    """What has a mute begin in a transaction, or stand in the place of the one that is there: its
    first fails where another is in force now, its last where there are too many.
    """
    written = _written(mute)
    slot = _slot_key(mute.slot) | written
    by_id = put_action(_mute_key(mute.mute_id) | written | {TTL_ATTRIBUTE: expires_at})
    if standing:
        return [put_action(slot, "#mute_id = :mute_id", mute_id=standing.mute_id), by_id]
    more = update_action(
        _COUNT,
        "ADD #standing :more",
        "attribute_not_exists(#standing) OR #standing < :most",
        more=1,
        most=MOST_MUTES,
    )
    return [put_action(slot, "attribute_not_exists(#pk)"), by_id, more]


def in_slot(table: Table, slot: str) -> Mute | None:
    """The one in force there."""
    item = table.get(_slot_key(slot))
    return _mute(item) if item else None


def is_in_force(slot: str, mute_id: str) -> Action:
    """A condition alone, in a form that asks for no other permission than writing does."""
    return update_action(_slot_key(slot), "REMOVE #nothing", "#mute_id = :mute_id", mute_id=mute_id)


def _slot_key(slot: str) -> dict[str, str]:
    return {"pk": _IN_FORCE, "sk": slot}


def _mute_key(mute_id: str) -> dict[str, str]:
    return {"pk": f"MUTE#{mute_id}", "sk": "MUTE"}


def _written(mute: Mute) -> dict[str, Any]:
    return {"mute_id": mute.mute_id, "value": json.dumps(mute_values(mute))}


def _mute(item: Item) -> Mute:
    return mute_from(json.loads(item["value"]))
