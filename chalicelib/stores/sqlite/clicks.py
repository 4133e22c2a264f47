"""Which clicks were taken, in the SQLite file."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from chalicelib.alerts.clicks import REMEMBERED
from chalicelib.stores.plain import micros


def remember(connection: sqlite3.Connection, key: str, at: datetime) -> bool:
    """Note a click's key; False where it was noted before. "" is of none."""
    if not key:
        return True
    connection.execute("DELETE FROM clicks WHERE at < ?", (micros(at - REMEMBERED),))
    cursor = connection.execute("INSERT OR IGNORE INTO clicks VALUES (?, ?)", (key, micros(at)))
    return cursor.rowcount == 1
