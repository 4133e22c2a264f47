"""Followups in the SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from chalicelib.alerts.followups import LONGEST, Followup
from chalicelib.stores.handling import followup_from, followup_values
from chalicelib.stores.plain import micros
from chalicelib.stores.sqlite.database import Database
from chalicelib.stores.sqlite.statements import put, rows


class SqliteFollowups:
    """See Followups."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime, limit: int) -> list[Followup]:
        with self._database.reading() as connection:
            found = rows(
                connection,
                "followups WHERE due_at <= ? OR due_at > ? ORDER BY due_at, followup_id LIMIT ?",
                (micros(now), micros(now + LONGEST), limit),
            )
        return [followup_from(json.loads(row["value"])) for row in found]

    def end(self, followup: Followup, then: Sequence[Followup] = ()) -> None:
        with self._database.writing() as connection:
            gone = connection.execute(
                "DELETE FROM followups WHERE due_at = ? AND followup_id = ?",
                (micros(followup.due_at), followup.followup_id),
            )
            if gone.rowcount:  # else somebody has done it, and what is to follow is kept
                put_followups(connection, then)


def put_followups(connection: sqlite3.Connection, followups: Iterable[Followup]) -> None:
    written = [
        {
            "due_at": micros(each.due_at),
            "followup_id": each.followup_id,
            "value": json.dumps(followup_values(each)),
        }
        for each in followups
    ]
    put(connection, "followups", written)
