"""One SQLite file: its schema, and connections that threads and processes may share it by."""

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

BUSY_SECONDS = 30.0

# Each entry takes a file from the version before to its own; user_version counts them.
# Positions order the alerts: the second of the event, then the order of arrival within it.
SCHEMA: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE alerts (position INTEGER PRIMARY KEY, alert_id TEXT NOT NULL UNIQUE,"
        " severity INTEGER NOT NULL, actor TEXT NOT NULL, event_name TEXT NOT NULL,"
        " account TEXT NOT NULL, rule TEXT NOT NULL, source TEXT NOT NULL,"
        " seen_at INTEGER NOT NULL)",
        "CREATE INDEX alerts_by_severity ON alerts (severity)",
        "CREATE INDEX alerts_by_actor ON alerts (actor)",
        "CREATE INDEX alerts_by_event_name ON alerts (event_name)",
        "CREATE INDEX alerts_by_account ON alerts (account)",
        "CREATE INDEX alerts_by_age ON alerts (seen_at)",
        # Apart, so that lists and counts read few pages.
        "CREATE TABLE bodies (position INTEGER PRIMARY KEY, words TEXT NOT NULL,"
        " alert BLOB NOT NULL, record BLOB NOT NULL)",
        # Its row ids are the negative positions: SQLite reads it fast from the lowest on only.
        "CREATE VIRTUAL TABLE words USING fts5 (text, content='', columnsize=0, detail='none',"
        " tokenize='trigram case_sensitive 1')",
        "CREATE TABLE deliveries (position INTEGER NOT NULL, channel TEXT NOT NULL,"
        " alert_id TEXT NOT NULL, state TEXT NOT NULL, due_at INTEGER NOT NULL,"
        " severity INTEGER NOT NULL, rule_id TEXT NOT NULL, actor TEXT NOT NULL,"
        " event_name TEXT NOT NULL, account_id TEXT NOT NULL, attempts INTEGER NOT NULL,"
        " plain INTEGER NOT NULL, possible_repeat INTEGER NOT NULL, amended INTEGER NOT NULL,"
        " post_id TEXT, reason TEXT, PRIMARY KEY (position, channel)) WITHOUT ROWID",
        "CREATE INDEX deliveries_by_state ON deliveries (state)",
        "CREATE INDEX deliveries_pending ON deliveries (channel, severity DESC, position)"
        " WHERE state = 'pending'",
        "CREATE TABLE posts (post_id TEXT PRIMARY KEY, channel TEXT NOT NULL,"
        " kind TEXT NOT NULL, alert_ids TEXT NOT NULL, attempted_at INTEGER NOT NULL,"
        " outcome TEXT, settled INTEGER NOT NULL, ts TEXT, channel_id TEXT, repeat_key TEXT,"
        " repeats INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE INDEX posts_unsettled ON posts (channel, attempted_at) WHERE settled = 0",
        "CREATE INDEX posts_single ON posts (channel, repeat_key, attempted_at)"
        " WHERE kind = 'single'",
        "CREATE INDEX posts_by_age ON posts (attempted_at)",
        "CREATE TABLE channels (name TEXT PRIMARY KEY, owner TEXT, leased_until INTEGER,"
        " state TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE cursor_key (key BLOB NOT NULL)",
    ),
    # What folds by more than (rule, actor, operation, account): NULL in what was kept before.
    tuple(
        f"ALTER TABLE {table} ADD COLUMN {column} TEXT"
        for table, column in (
            ("deliveries", "repeat_key"),
            ("deliveries", "outcome"),
            ("deliveries", "principal"),
            ("deliveries", "targets"),
            ("posts", "also"),
        )
    ),
    # What people do with alerts, and what of them is hidden.
    (
        *(
            f"ALTER TABLE {table} ADD COLUMN {column}"
            for table, column in (
                ("alerts", "acknowledged INTEGER NOT NULL DEFAULT 0"),
                ("deliveries", "handled INTEGER"),
                ("deliveries", "notice TEXT"),
                ("deliveries", "about TEXT"),
                ("deliveries", "mute_id TEXT"),
                ("deliveries", "muted_up_to INTEGER"),
                ("posts", "digest TEXT"),
                ("posts", "thread_ts TEXT"),
            )
        ),
        "CREATE INDEX alerts_acknowledged ON alerts (position) WHERE acknowledged = 1",
        "CREATE TABLE clicks (key TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
        # One of each slot is in force; the others have ended.
        "CREATE TABLE mutes (mute_id TEXT PRIMARY KEY, slot TEXT NOT NULL, since INTEGER NOT NULL,"
        " ended_at INTEGER, value TEXT NOT NULL) WITHOUT ROWID",
        "CREATE UNIQUE INDEX mutes_in_force ON mutes (slot) WHERE ended_at IS NULL",
        # By itself, since alerts may go before their mute ends.
        "CREATE TABLE hidden (mute_id TEXT NOT NULL, alert_id TEXT NOT NULL,"
        " channel TEXT NOT NULL, PRIMARY KEY (mute_id, alert_id, channel)) WITHOUT ROWID",
        "CREATE TABLE followups (due_at INTEGER NOT NULL, followup_id TEXT NOT NULL,"
        " value TEXT NOT NULL, PRIMARY KEY (due_at, followup_id)) WITHOUT ROWID",
    ),
)


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
            raise StoreError(f"{self.path}: {error}") from error

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
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    if _version(connection) == len(SCHEMA):
        return
    connection.execute("BEGIN IMMEDIATE")
    version = _version(connection)
    if version > len(SCHEMA):
        raise StoreError(f"{path} was written by a later Trailbell (schema {version})")
    for statements in SCHEMA[version:]:
        for statement in statements:
            connection.execute(statement)
    if version == 0:
        key = secrets.token_bytes(KEY_BYTES)
        connection.execute("INSERT INTO cursor_key VALUES (?)", (key,))
    connection.execute(f"PRAGMA user_version = {len(SCHEMA)}")
    connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
