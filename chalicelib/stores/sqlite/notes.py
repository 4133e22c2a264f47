"""Notes in a SQLite file."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.stores.sqlite.database import Database
from chalicelib.stores.sqlite.statements import put, rows


class SqliteNotes:
    """See Notes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, key: str, value: dict[str, Any]) -> None:
        with self._database.writing() as connection:
            put(connection, "notes", [{"key": key, "value": json.dumps(value)}])

    def noted(self, key: str) -> dict[str, Any] | None:
        with self._database.reading() as connection:
            found = rows(connection, "notes WHERE key = ?", (key,))
        note: dict[str, Any] | None = json.loads(found[0]["value"]) if found else None
        return note
