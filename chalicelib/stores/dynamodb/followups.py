"""Followups in the DynamoDB table: a partition of their own, in the order in which they are due.

It is marked before one is put there (marks.py), so that a sweep asks nothing where there are none.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.alerts.followups import Followup, is_due
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.calls import ConditionError
from chalicelib.stores.dynamodb.expressions import Action, delete_action, put_action
from chalicelib.stores.dynamodb.marks import FOLLOWUPS, new_mark
from chalicelib.stores.handling import followup_from, followup_values
from chalicelib.stores.plain import micros

_PARTITION = "FOLLOWUPS"


class DynamoFollowups:
    """See Followups."""

    def __init__(self, kept: AlertTable) -> None:
        self._kept = kept

    def due(self, now: datetime, limit: int) -> list[Followup]:
        """See Followups. Whether there are any is read with the marks, by Queue.waiting; before
        that, nobody knows. Also those ahead are read, for what was kept before the clock was put
        back.
        """
        marks = self._kept.marks
        if marks.followups is None:
            return []
        page = self._kept.table.query("#pk = :pk", values={"pk": _PARTITION}, Limit=limit)
        if not page.items and marks.followups and marks.stood(FOLLOWUPS, marks.followups):
            marks.take(FOLLOWUPS, marks.followups)
        found = [followup_from(json.loads(item["value"])) for item in page.items]
        return [followup for followup in found if is_due(followup, now)]

    def end(self, followup: Followup, then: Sequence[Followup] = ()) -> None:
        over = delete_action(_key(followup), "attribute_exists(#pk)")
        # Where somebody has done it, what is to follow is kept.
        with contextlib.suppress(ConditionError):
            self._kept.table.transact([over, *followup_actions(then)])


def followup_actions(followups: Iterable[Followup]) -> list[Action]:
    """What keeps them in a transaction, with the mark that they are there."""
    items = [followup_item(each) for each in followups]
    return [*map(put_action, items), put_action(new_mark(FOLLOWUPS))] if items else []


def followup_item(followup: Followup) -> dict[str, Any]:
    return _key(followup) | {"value": json.dumps(followup_values(followup))}


def _key(followup: Followup) -> dict[str, str]:
    sort = f"{_moment(followup.due_at)}#{followup.followup_id}"
    return {"pk": _PARTITION, "sk": sort}


def _moment(time: datetime) -> str:
    return f"{max(micros(time), 0):020d}"
