"""Mutes in the SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from chalicelib.alerts.followups import FollowupKind, followup_of
from chalicelib.alerts.handling import Person
from chalicelib.alerts.mutes import MOST_MUTES, Mute
from chalicelib.stores.handling import mute_from, mute_values
from chalicelib.stores.plain import micros
from chalicelib.stores.sqlite.clicks import remember
from chalicelib.stores.sqlite.database import Database
from chalicelib.stores.sqlite.followups import put_followups
from chalicelib.stores.sqlite.statements import GIVEN, put, rows

_IN_FORCE = "mutes WHERE ended_at IS NULL"


class SqliteMutes:
    """See Mutes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def in_force(self) -> tuple[Mute, ...]:
        with self._database.reading() as connection:
            found = rows(connection, f"{_IN_FORCE} ORDER BY since, mute_id LIMIT {MOST_MUTES}")
        return tuple(_mute(row) for row in found)

    def get(self, mute_id: str) -> Mute | None:
        with self._database.reading() as connection:
            found = rows(connection, "mutes WHERE mute_id = ?", (mute_id,))
        return _mute(found[0]) if found else None

    def end(self, mute_id: str, at: datetime, by: Person | None = None, key: str = "") -> bool:
        with self._database.writing() as connection:
            found = rows(connection, f"{_IN_FORCE} AND mute_id = ?", (mute_id,))
            if not remember(connection, key, at) or not found:
                return False
            put_mute(connection, replace(_mute(found[0]), ended_at=at, ended_by=by))
            put_followups(connection, [followup_of(FollowupKind.MUTE_END, mute_id, at)])
            return True

    def hidden(self, mute_id: str) -> int:
        with self._database.reading() as connection:
            found = connection.execute("SELECT count(*) FROM hidden WHERE mute_id = ?", (mute_id,))
            count: int = found.fetchone()[0]
        return count


def put_mute(connection: sqlite3.Connection, mute: Mute) -> None:
    row = {
        "mute_id": mute.mute_id,
        "slot": mute.slot,
        "since": micros(mute.since),
        "ended_at": None if mute.ended_at is None else micros(mute.ended_at),
        "value": json.dumps(mute_values(mute)),
    }
    put(connection, "mutes", [row])


def in_slot(connection: sqlite3.Connection, slot: str) -> Mute | None:
    """The one in force there."""
    found = rows(connection, f"{_IN_FORCE} AND slot = ?", (slot,))
    return _mute(found[0]) if found else None


def count_in_force(connection: sqlite3.Connection) -> int:
    count: int = connection.execute(f"SELECT count(*) FROM {_IN_FORCE}").fetchone()[0]
    return count


def those_in_force(connection: sqlite3.Connection, mute_ids: Collection[str]) -> set[str]:
    """Of these mutes those that nobody ended."""
    found = connection.execute(
        f"SELECT mute_id FROM {_IN_FORCE} AND mute_id IN {GIVEN}", (json.dumps(sorted(mute_ids)),)
    )
    return {row["mute_id"] for row in found}


def forget(connection: sqlite3.Connection, before: datetime) -> None:
    """Remove mutes that ended before then, and what is known of what they hid."""
    ended = "SELECT mute_id FROM mutes WHERE ended_at < ?"
    connection.execute(f"DELETE FROM hidden WHERE mute_id IN ({ended})", (micros(before),))
    connection.execute("DELETE FROM mutes WHERE ended_at < ?", (micros(before),))


def _mute(row: sqlite3.Row) -> Mute:
    return mute_from(json.loads(row["value"]))
