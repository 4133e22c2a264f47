"""An outbox that has each alert told in one more channel."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.copied import Copying
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.stores.factories import NOW, SECURITY, alert, stored


class Recorder:
    """An outbox that only remembers what it was given."""

    def __init__(self) -> None:
        self.stored: list[StoredAlert] = []

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        self.stored += stored
        return set()

    def known(self, alert_ids: Iterable[str]) -> set[str]:
        return set()

    def amend(self, addendum: Alert) -> bool:
        return False

    def expire(self, before: datetime, limit: int) -> int:
        return 0


@pytest.fixture
def store(tmp_path: Path) -> Store:
    kept = sqlite_store(tmp_path / "a.db")
    return replace(kept, outbox=Copying(kept.outbox, "webhook", lambda: True))


def channels(store: Store) -> list[tuple[str, DeliveryState]]:
    found = store.archive.get(alert().alert_id)
    assert found
    return sorted((each.channel, each.state) for each in found.deliveries)


def test_an_alert_gets_a_delivery_to_each_channel(store: Store) -> None:
    assert store.outbox.add([stored(alert())], NOW) == {alert().alert_id}
    pending = DeliveryState.PENDING
    assert channels(store) == [(SECURITY, pending), ("webhook", pending)]
    found = store.archive.get(alert().alert_id)
    assert found
    assert found.alert.channels == (SECURITY, "webhook")


def test_what_goes_there_already_gets_no_second(store: Store) -> None:
    store.outbox.add([stored(replace(alert(), channels=("webhook",)))], NOW)
    assert channels(store) == [("webhook", DeliveryState.PENDING)]


def test_what_is_too_old_to_be_told_is_told_nowhere(store: Store) -> None:
    store.outbox.add([StoredAlert(alert=alert())], NOW)
    assert store.queue.deliveries([alert().alert_id], "webhook") == []


def test_a_notice_stays_where_people_are(store: Store) -> None:
    store.outbox.add([stored(replace(alert(), notice="reminder"))], NOW)
    assert channels(store) == [(SECURITY, DeliveryState.PENDING)]


def test_what_a_mute_hides_is_hidden_there_too() -> None:
    recorder = Recorder()
    Copying(recorder, "webhook", lambda: True).add(
        [stored(alert(), state=DeliveryState.MUTED, mute_id="m")], NOW
    )
    (kept,) = recorder.stored
    assert {each.mute_id for each in kept.deliveries} == {"m"}
    assert {each.state for each in kept.deliveries} == {DeliveryState.MUTED}


def test_where_it_is_off_all_stays_as_it_is(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "b.db")
    Copying(store.outbox, "webhook", lambda: False).add([stored(alert())], NOW)
    assert channels(store) == [(SECURITY, DeliveryState.PENDING)]


def test_the_rest_is_the_outboxes_own(store: Store) -> None:
    store.outbox.add([stored(alert())], NOW)
    assert store.outbox.known([alert().alert_id]) == {alert().alert_id}
    assert not store.outbox.amend(alert(7))
    assert store.outbox.expire(NOW, 9) == 0  # what is still to be told stays
