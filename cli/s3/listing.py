"""The files that are to be read, on disk in the order of their keys: there may be millions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from chalicelib.stores.trail_bucket import Listed

_SCHEMA = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "CREATE TABLE files (folder TEXT, name TEXT, size INTEGER, storage TEXT,"
    " PRIMARY KEY (folder, name)) WITHOUT ROWID",
)


class Count(NamedTuple):
    """So many files, and their bytes as they lie there."""

    files: int
    size: int


class Listing:
    """Files by the folder of their day."""

    def __init__(self) -> None:
        # "" is a file that nobody else sees, and that goes with this process.
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for statement in _SCHEMA:
            self._database.execute(statement)

    def add(self, found: Iterable[Listed]) -> None:
        """Take in what was found; the same again changes nothing."""
        rows = [(*split(each.key), each.size, each.storage) for each in found]
        self._database.execute("BEGIN")
        self._database.executemany("INSERT OR IGNORE INTO files VALUES (?, ?, ?, ?)", rows)
        self._database.execute("COMMIT")

    def files(self) -> Iterator[Listed]:
        """Every file, in the order of the keys."""
        rows = self._database.execute(
            "SELECT folder, name, size, storage FROM files ORDER BY folder, name"
        )
        for folder, name, size, storage in iter(rows.fetchone, None):
            yield Listed(folder + name, size, storage)

    def folders(self) -> list[str]:
        """The folders that files are in, in their order."""
        return [row[0] for row in self._database.execute("SELECT DISTINCT folder FROM files")]

    def count(self) -> Count:
        """Of all files."""
        return self._counted("SELECT count(*), total(size) FROM files")

    def by_storage(self) -> dict[str, Count]:
        """The same for each storage class, by S3's name of it."""
        rows = self._database.execute(
            "SELECT storage, count(*), total(size) FROM files GROUP BY storage ORDER BY storage"
        )
        return {storage: Count(files, int(size)) for storage, files, size in rows}

    def up_to(self, folder: str, name: str) -> int:
        """How many files of a folder there are up to that one."""
        statement = "SELECT count(*), 0 FROM files WHERE folder = ? AND name <= ?"
        return self._counted(statement, (folder, name)).files

    def drop(self, folder: str, name: str) -> None:
        """Forget them."""
        self._database.execute("DELETE FROM files WHERE folder = ? AND name <= ?", (folder, name))

    def _counted(self, statement: str, values: tuple[str, ...] = ()) -> Count:
        files, size = self._database.execute(statement, values).fetchone()
        return Count(files, int(size))


def split(key: str) -> tuple[str, str]:
    """A key's folder, which ends in "/", and its name there."""
    at = key.rfind("/") + 1
    return key[:at], key[at:]
