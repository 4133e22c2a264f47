"""What SQLite refuses is said at once, with the next step; only what passes is waited for."""

from __future__ import annotations

import errno
import resource
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from chalicelib.alerts.outbox import StoreError
from chalicelib.stores.sqlite.refusals import in_words, passes
from chalicelib.stores.sqlite.store import sqlite_store
from tests.stores.factories import NOW, alert, stored


@contextmanager
def _no_room_in_any_file() -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_nothing_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    store = sqlite_store(tmp_path / "alerts.db")
    with _no_room_in_any_file(), pytest.raises(StoreError, match="se another folder"):
        store.outbox.add([stored(alert())], NOW)
    assert slept == []
    assert store.outbox.add([stored(alert())], NOW)  # once there is room


def test_a_file_that_is_no_store_is_said_to_be_none(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("some notes\n" * 100)
    with pytest.raises(StoreError, match=r"notes\.txt: .*: name another file, this one is no sto"):
        sqlite_store(path).outbox.add([stored(alert())], NOW)
    assert path.read_text().startswith("some notes")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="Is a directory: name a file, this is a folder"):
        sqlite_store(tmp_path).outbox.add([stored(alert())], NOW)


def _of(statements: str, *, uri: str = ":memory:") -> sqlite3.Error:
    with closing(sqlite3.connect(uri, uri=True, timeout=0)) as connection:
        try:
            for statement in statements.split(";"):
                connection.execute(statement)
        except sqlite3.Error as error:
            return error
    raise AssertionError(statements)


def test_a_full_disk_and_a_read_only_file_never_pass(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.touch()
    full = _of("PRAGMA max_page_count = 1; CREATE TABLE a (b)")
    read_only = _of("PRAGMA journal_mode = WAL", uri=f"file:{path}?mode=ro")
    assert in_words(full) == (
        "database or disk is full: free some space there, or use another folder"
    )
    assert in_words(read_only).endswith(": use a folder that may be written to")
    assert not passes(full)
    assert not passes(read_only)


def test_a_file_that_another_writes_to_passes(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("CREATE TABLE a (b)")
        other.execute("BEGIN EXCLUSIVE")
        assert passes(_of("BEGIN IMMEDIATE", uri=f"file:{path}"))


def test_the_system_s_refusals_are_said_without_its_numbers() -> None:
    assert in_words(OSError(errno.EROFS, "Read-only file system", "/x")) == (
        "Read-only file system: use a folder that may be written to"
    )
    assert in_words(OSError(errno.EIO, "Input/output error")) == "Input/output error"
