"""What statements are made of, where several write or read alike."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.alerts.delivery import DeliveryState

GIVEN = "(SELECT value FROM json_each(?))"  # a list of any length as one parameter


def rows(
    connection: sqlite3.Connection, of: str, parameters: Sequence[Any] | Mapping[str, Any] = ()
) -> list[sqlite3.Row]:
    """All rows of a table, by what follows its name in a statement."""
    return connection.execute(f"SELECT * FROM {of}", parameters).fetchall()


def put(
    connection: sqlite3.Connection,
    table: str,
    rows: Sequence[Mapping[str, Any]],
    verb: str = "INSERT OR REPLACE",
) -> None:
    """Write rows of equal columns."""
    if rows:
        columns = ", ".join(rows[0])
        values = ", ".join(f":{column}" for column in rows[0])
        connection.executemany(f"{verb} INTO {table} ({columns}) VALUES ({values})", rows)


def one_of(states: Iterable[DeliveryState]) -> str:
    """The states as a list that IN takes."""
    return "(" + ", ".join(f"'{state.value}'" for state in states) + ")"
