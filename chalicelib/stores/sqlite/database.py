"""One SQLite file: connections that threads and processes may share it by."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib.alerts.outbox import StoreError
from chalicelib.stores.cursor import KEY_BYTES
from chalicelib.stores.sqlite.refusals import in_words, passes
from chalicelib.stores.sqlite.schema import INDEXED_SINCE, SCHEMA
from chalicelib.stores.sqlite.tags import announce, index_all

BUSY_SECONDS = 30.0


class Database:
    """Connections to one file, made as they are needed and kept.

    Any number of threads and processes may read while one writes; writers queue, at most
    BUSY_SECONDS. After a fork the child makes its own connections. One that is not `durable` is
    gone with its process, and waits for no disk.
    """

    def __init__(self, path: Path, *, durable: bool = True) -> None:
        self.path = path
        self._durable = durable
        self._pool = _Pool()
        self._ready = False

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One consistent view for several reads."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it, or with an error none of it."""
        with self._current_pool().writers, self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        try:
            with self._borrowed() as connection:
                connection.execute(begin)
                try:
                    yield connection
                except BaseException:
                    connection.rollback()
                    raise
                connection.commit()
        except (sqlite3.Error, OSError) as error:
            raise StoreError(f"{self.path}: {in_words(error)}") from error

    @contextmanager
    def _borrowed(self) -> Iterator[sqlite3.Connection]:
        pool = self._current_pool()
        connection = pool.take() or self._connect()
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
        pool.give(connection)

    def _current_pool(self) -> _Pool:
        if self._pool.process != os.getpid():
            self._pool = _Pool()
        return self._pool

    def _connect(self) -> sqlite3.Connection:
        if not self._ready:
            _create(self.path)
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.row_factory = sqlite3.Row
        # FULL: what was taken from CloudWatch survives a power cut too, not only a crash.
        synchronous, cache = ("FULL", 16_000) if self._durable else ("OFF", 1000)
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA cache_size = -{cache}")
        if not self._ready:
            _use_wal(connection)
            _migrate(connection, self.path)
            self._ready = True


class _Pool:
    """The idle connections of one process, and the queue of its writers."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.writers = threading.Lock()
        self._idle: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, self.process, self._idle)

    def take(self) -> sqlite3.Connection | None:
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def give(self, connection: sqlite3.Connection) -> None:
        self._idle.append(connection)


def _close(process: int, idle: list[sqlite3.Connection]) -> None:
    if process == os.getpid():
        while idle:
            idle.pop().close()


def _create(path: Path) -> None:
    # Alerts are for their owner's eyes; SQLite gives its other files the same mode.
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _use_wal(connection: sqlite3.Connection) -> None:
    # SQLite does not wait for this lock by itself when several processes open a new file.
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if not passes(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == len(SCHEMA):
        return
    _begin(connection, path)
    version = _version(connection)
    if version > len(SCHEMA):
        raise StoreError(f"{path} was written by a later Trailbell (schema {version})")
    unindexed = 0 < version < INDEXED_SINCE
    if unindexed:
        announce(connection)
    for statements in SCHEMA[version:]:
        for statement in statements:
            connection.execute(statement)
    if unindexed:
        index_all(connection)
    if version == 0:
        key = secrets.token_bytes(KEY_BYTES)
        connection.execute("INSERT INTO cursor_key VALUES (?)", (key,))
    connection.execute(f"PRAGMA user_version = {len(SCHEMA)}")
    connection.execute("COMMIT")


def _begin(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        said = "another process is making the file or bringing it up to date, which it does once"
        raise StoreError(f"{path}: {said}: try again when it is done") from error


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
