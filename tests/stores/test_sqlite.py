"""What only the store in a file must do."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import stat
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.outbox import StoreError
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite import search as sqlite_search
from chalicelib.stores.sqlite.schema import SCHEMA
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.stores.factories import NOW, SECURITY, alert, stored

SPAWN = multiprocessing.get_context("spawn")
BATCH = 40


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "alerts.db"


def add_batch(path: Path) -> list[str]:
    """What another process does; a new store each time, as every process has."""
    batch = [stored(alert(number)) for number in range(1, BATCH + 1)]
    return sorted(sqlite_store(path).outbox.add(batch, NOW))


def add_until_killed(path: Path, ready: object) -> None:
    store = sqlite_store(path)
    for number in range(1, 100_000):
        store.outbox.add([stored(alert(number))], NOW)
        if number == 20:
            ready.set()  # type: ignore[attr-defined]


def test_nothing_is_made_before_the_first_call(path: Path) -> None:
    sqlite_store(path)

    assert not path.parent.exists()


def test_the_folder_and_the_file_are_made_for_their_owner_alone(path: Path) -> None:
    store = sqlite_store(path)
    store.outbox.add([stored(alert())], NOW)

    modes = {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}

    assert modes == {0o600}


def test_what_is_kept_outlives_the_store(path: Path) -> None:
    sqlite_store(path).outbox.add([stored(alert())], NOW)

    assert sqlite_store(path).outbox.known([alert().alert_id]) == {alert().alert_id}


def test_cursors_outlive_the_store(path: Path) -> None:
    store = sqlite_store(path)
    store.outbox.add([stored(alert(1)), stored(alert(2))], NOW)
    cursor = store.archive.search(AlertQuery(), 1).next_cursor

    (found,) = sqlite_store(path).archive.search(AlertQuery(), 1, cursor).alerts

    assert found.alert.event_id == "event-2"


def test_cursors_of_one_file_are_no_good_in_another(tmp_path: Path) -> None:
    stores = [sqlite_store(tmp_path / name) for name in ("one.db", "two.db")]
    for store in stores:
        store.outbox.add([stored(alert(1)), stored(alert(2))], NOW)
    cursor = stores[0].archive.search(AlertQuery(), 1).next_cursor

    with pytest.raises(ValueError, match="cursor"):
        stores[1].archive.search(AlertQuery(), 1, cursor)


def test_a_file_of_a_later_version_is_left_alone(path: Path) -> None:
    sqlite_store(path).outbox.add([stored(alert())], NOW)
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {len(SCHEMA) + 1}")
    connection.close()

    with pytest.raises(StoreError, match="later Trailbell"):
        sqlite_store(path).outbox.known([])


def test_a_file_that_is_no_database_is_said_to_be_none(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_text("not a database, but long enough to look at: " * 100)

    with pytest.raises(StoreError, match="not a database"):
        sqlite_store(path).outbox.known([])


def test_a_folder_in_the_files_place_is_a_store_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=str(tmp_path)):
        sqlite_store(tmp_path).outbox.known([])


def test_an_error_in_the_middle_leaves_nothing_behind(path: Path) -> None:
    store = sqlite_store(path)
    store.outbox.known([])
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE deliveries")
    connection.close()

    with pytest.raises(StoreError, match="deliveries"):
        store.outbox.add([stored(alert())], NOW)

    assert store.outbox.known([alert().alert_id]) == set()


def test_a_store_error_says_nothing_of_the_alert(path: Path) -> None:
    store = sqlite_store(path)
    store.outbox.known([])
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE deliveries")
    connection.close()

    with pytest.raises(StoreError) as caught:
        store.outbox.add([stored(alert(actor="canary-7141"))], NOW)

    assert "canary-7141" not in str(caught.value)


def test_the_same_batch_in_four_processes_is_new_once(path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=SPAWN) as processes:
        added = list(processes.map(add_batch, [path] * 8))

    expected = sorted(alert(number).alert_id for number in range(1, BATCH + 1))
    assert sorted(key for keys in added for key in keys) == expected
    assert len(sqlite_store(path).queue.due(SECURITY, NOW, 100)) == BATCH


def test_a_store_can_be_used_on_both_sides_of_a_fork(path: Path) -> None:
    store = sqlite_store(path)
    store.outbox.add([stored(alert(1))], NOW)
    child = os.fork()
    if child == 0:
        added = store.outbox.add([stored(alert(1)), stored(alert(2))], NOW)
        os._exit(0 if added == {alert(2).alert_id} else 1)

    _, status = os.waitpid(child, 0)

    assert os.waitstatus_to_exitcode(status) == 0
    assert store.outbox.add([stored(alert(2)), stored(alert(3))], NOW) == {alert(3).alert_id}


def test_a_killed_writer_leaves_whole_alerts(path: Path) -> None:
    ready = SPAWN.Event()
    writer = SPAWN.Process(target=add_until_killed, args=(path, ready))
    writer.start()
    assert ready.wait(20)
    assert writer.pid is not None
    os.kill(writer.pid, signal.SIGKILL)
    writer.join()

    store = sqlite_store(path)
    kept = store.outbox.known(alert(number).alert_id for number in range(1, 1000))
    due = store.queue.due(SECURITY, NOW, 10_000)
    assert len(kept) >= 20
    assert {item.alert_id for item in due} == kept
    assert len(store.archive.search(AlertQuery(text="trail"), 10_000).alerts) == len(kept)


def test_a_list_that_ended_early_says_how_far_back_it_looked(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_search, "SCAN", 10)
    store: Store = sqlite_store(path)
    store.outbox.add([stored(alert(number)) for number in range(1, 26)], NOW)
    store.outbox.add([stored(alert(30, severity=Severity.LOW))], NOW)
    query = AlertQuery(text="alice", severity=(Severity.LOW,))

    first = store.archive.search(query, 5)
    second = store.archive.search(query, 5, first.next_cursor)
    third = store.archive.search(query, 5, second.next_cursor)

    assert first.alerts == second.alerts == ()
    assert first.searched_until == NOW - timedelta(minutes=10)
    assert second.searched_until == NOW - timedelta(minutes=20)
    assert [item.alert.event_id for item in third.alerts] == ["event-30"]
    assert (third.next_cursor, third.searched_until) == (None, None)


def test_alerts_of_one_second_are_listed_the_latest_arrival_first(path: Path) -> None:
    store = sqlite_store(path)
    for number in range(1, 4):
        store.outbox.add([stored(alert(number, event_time=NOW))], NOW)
    store.outbox.add([stored(alert(number, event_time=NOW)) for number in range(4, 7)], NOW)

    listed = store.archive.search(AlertQuery(), 10).alerts

    assert [item.alert.event_id for item in listed] == [f"event-{n}" for n in (6, 5, 4, 3, 2, 1)]


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
def test_times_at_the_ends_of_the_calendar_are_kept(path: Path, moment: str) -> None:
    time = NOW.fromisoformat(moment).replace(tzinfo=NOW.tzinfo)
    store = sqlite_store(path)
    store.outbox.add([stored(alert(event_time=time))], NOW)

    (found,) = store.archive.search(AlertQuery(since=time), 10).alerts

    assert found.alert.event_time == time
