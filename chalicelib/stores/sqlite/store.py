"""The store in a SQLite file, put together."""

from __future__ import annotations

from pathlib import Path

from chalicelib.stores.sqlite.archive import SqliteArchive
from chalicelib.stores.sqlite.database import Database
from chalicelib.stores.sqlite.followups import SqliteFollowups
from chalicelib.stores.sqlite.handlings import SqliteHandlings
from chalicelib.stores.sqlite.memory import SqliteMemory
from chalicelib.stores.sqlite.mutes import SqliteMutes
from chalicelib.stores.sqlite.notes import SqliteNotes
from chalicelib.stores.sqlite.outbox import SqliteOutbox
from chalicelib.stores.sqlite.queue import SqliteQueue
from chalicelib.stores.store import Store


def sqlite_store(path: Path | str, *, durable: bool = True) -> Store:
    """Alerts in one file, made with its folder at first use; for any threads and processes."""
    database = Database(Path(path), durable=durable)
    return Store(
        outbox=SqliteOutbox(database),
        queue=SqliteQueue(database),
        archive=SqliteArchive(database),
        notes=SqliteNotes(database),
        handlings=SqliteHandlings(database),
        mutes=SqliteMutes(database),
        followups=SqliteFollowups(database),
        memory=SqliteMemory(database),
    )
