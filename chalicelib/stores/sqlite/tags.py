"""Tags: what lists filter an alert by, as the words of one full-text index.

A tag is a letter for the filter and 64 bits of a hash of the value, so that whatever stands in a
record is one token. Two values of one tag would be one in 2^64 pairs; what is found is not looked
at again.
"""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.stores.encoding import unpack_alert, values_of, wanted_of, words

INDEXES = ("words", "tags")
# From so many alerts on their owner is told that it takes a while.
WORTH_A_WORD = 5_000
_BATCH = 1_000
_LETTERS = {
    "severity": "s",
    "actor": "a",
    "event_name": "e",
    "account": "n",
    "region": "r",
    "service": "v",
    "rule": "u",
    "source_ip": "i",
    "outcome": "o",
}


def tags_of(alert: Alert) -> str:
    """All tags of an alert, between blanks."""
    return " ".join(
        tag(name, value) for name, values in values_of(alert).items() for value in values
    )


def groups_of(query: AlertQuery) -> list[list[str]]:
    """The tags that a query wants: of each list any will do."""
    return [[tag(name, each) for each in values] for name, values in wanted_of(query).items()]


def asked(groups: Iterable[list[str]]) -> str:
    """What the index is asked."""
    return " AND ".join(f"({' OR '.join(tags)})" for tags in groups)


@lru_cache(maxsize=4096)
def tag(name: str, value: str) -> str:
    """The tag of one value of a filter."""
    return _LETTERS[name] + blake2b(value.encode(), digest_size=8).hexdigest()


def write_index(
    connection: sqlite3.Connection, index: str, rising: Iterable[tuple[int, str]]
) -> None:
    """Write texts into one of INDEXES, by row ids that rise."""
    connection.executemany(f"INSERT INTO {index} (rowid, text) VALUES (?, ?)", rising)


def announce(connection: sqlite3.Connection) -> None:
    """Say that the alerts of an earlier version are about to be indexed, where they are many."""
    (count,) = connection.execute("SELECT count(*) FROM bodies").fetchone()
    if count > WORTH_A_WORD:
        said = (
            f"Indexing {count:,} alerts of an earlier version (once, about two minutes a million)"
        )
        sys.stderr.write(f"{said} ...\n")


def index_all(connection: sqlite3.Connection) -> None:
    """Write both indexes for every alert that is there: those of an earlier version have none of
    tags, and their words lack the address.
    """
    below = (1 << 63) - 1
    while rows := connection.execute(
        "SELECT position, alert FROM bodies WHERE position < ? ORDER BY position DESC LIMIT ?",
        (below, _BATCH),
    ).fetchall():
        below = rows[-1]["position"]
        found = [(row["position"], unpack_alert(row["alert"])) for row in rows]
        texts = [(place, words(alert), tags_of(alert)) for place, alert in found]
        connection.executemany(
            "UPDATE bodies SET words = ?, tags = ? WHERE position = ?",
            [(said, tags, place) for place, said, tags in texts],
        )
        write_index(connection, "words", [(-place, said) for place, said, _ in texts])
        write_index(connection, "tags", [(-place, tags) for place, _, tags in texts])
