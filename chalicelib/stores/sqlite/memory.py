"""What rules over time remember, in a SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from chalicelib.alerts.memory import MOST_WORDS, Place, Remembered
from chalicelib.rules.correlation import MOST_COUNTED
from chalicelib.stores.plain import micros
from chalicelib.stores.sqlite.database import Database

# How many places that may be forgotten one write takes with it.
_FORGOTTEN = 200


class SqliteMemory:
    """See Memory."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self, sets: Mapping[Place, Remembered], until: Mapping[Place, datetime], now: datetime
    ) -> None:
        """See Memory; all of it in one transaction."""
        with self._database.writing() as connection:
            _forget(connection, micros(now))
            for place, more in sets.items():
                _add(connection, place, False, more.texts, MOST_COUNTED)
                _add(connection, place, True, more.words, MOST_WORDS)
                _keep_until(connection, place, until[place])

    def read(self, name: str, first: int, last: int) -> dict[int, Remembered]:
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT place, is_word, text FROM memory WHERE name = ? AND place BETWEEN ? AND ?",
                (name, first, last),
            ).fetchall()
        found: dict[int, tuple[set[str], set[str]]] = {}
        for at, is_word, text in rows:
            found.setdefault(at, (set(), set()))[is_word].add(text)
        return {at: Remembered(*map(frozenset, sets)) for at, sets in found.items()}

    def swap(
        self, place: Place, before: frozenset[str], after: frozenset[str], until: datetime
    ) -> bool:
        """See Memory."""
        with self._database.writing() as connection:
            if _texts(connection, place, False) != before:
                return False
            connection.execute(
                "DELETE FROM memory WHERE name = ? AND place = ? AND is_word = 0", tuple(place)
            )
            _insert(connection, place, False, after)
            _keep_until(connection, place, until)
        return True


def _add(
    connection: sqlite3.Connection, place: Place, is_word: bool, texts: Iterable[str], most: int
) -> None:
    """Add texts, or the first that there is room for."""
    room = most - _count(connection, place, is_word)
    rows = sorted(texts)
    if len(rows) > room:
        known = _texts(connection, place, is_word)
        rows = [text for text in rows if text not in known][: max(room, 0)]
    _insert(connection, place, is_word, rows)


def _insert(
    connection: sqlite3.Connection, place: Place, is_word: bool, texts: Iterable[str]
) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO memory VALUES (?, ?, ?, ?)",
        [(*place, is_word, text) for text in texts],
    )


def _count(connection: sqlite3.Connection, place: Place, is_word: bool) -> int:
    found: int = connection.execute(
        "SELECT count(*) FROM memory WHERE name = ? AND place = ? AND is_word = ?",
        (*place, is_word),
    ).fetchone()[0]
    return found


def _texts(connection: sqlite3.Connection, place: Place, is_word: bool) -> frozenset[str]:
    rows = connection.execute(
        "SELECT text FROM memory WHERE name = ? AND place = ? AND is_word = ?",
        (*place, is_word),
    )
    return frozenset(row[0] for row in rows)


def _keep_until(connection: sqlite3.Connection, place: Place, until: datetime) -> None:
    connection.execute(
        "INSERT INTO memory_places VALUES (?, ?, ?)"
        " ON CONFLICT (name, place) DO UPDATE SET until = max(until, excluded.until)",
        (*place, micros(until)),
    )


def _forget(connection: sqlite3.Connection, now: int) -> None:
    """Remove places that may be forgotten by now."""
    rows = connection.execute(
        "SELECT name, place FROM memory_places WHERE until < ? ORDER BY until LIMIT ?",
        (now, _FORGOTTEN),
    ).fetchall()
    for row in rows:
        for table in ("memory", "memory_places"):
            connection.execute(f"DELETE FROM {table} WHERE name = ? AND place = ?", tuple(row))
