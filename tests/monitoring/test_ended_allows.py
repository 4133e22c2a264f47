"""An `[[allow]]` that has ended is told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.outbox import StoreError
from chalicelib.monitoring.ended_allows import alert_of_ended
from chalicelib.rules.allow import Allow
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ENDED = Allow(
    rules=("all",),
    actors=("ci",),
    networks=("203.0.113.0/24",),
    reason="the move",
    until=NOW - timedelta(hours=1),
    where="mine.toml:3",
)
LASTING = replace(ENDED, until=NOW + timedelta(hours=1))
ENDLESS = replace(ENDED, until=None)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return sqlite_store(str(tmp_path / "alerts.db"))


def sweep(store: Store, *allows: Allow, now: datetime = NOW) -> list[str]:
    """Every text that is kept once the sweep has looked."""
    alert_of_ended(store.outbox, store.notes, allows, "#c", now)
    page = store.archive.search(AlertQuery(), 50)
    return [stored.alert.text for stored in page.alerts]


def test_what_has_ended_is_told_once_with_its_place(store: Store) -> None:
    (text,) = sweep(store, ENDED)
    assert text == (
        "The [[allow]] at mine.toml:3 has ended (the move): what ci does from 203.0.113.0/24 "
        "is told again as severe as its rules are. Give it another end, or take it out."
    )
    assert sweep(store, ENDED, now=NOW + timedelta(days=100)) == [text]


def test_what_lasts_or_has_no_end_is_not_told(store: Store) -> None:
    assert sweep(store, LASTING, ENDLESS) == []


def test_another_end_is_told_in_its_turn(store: Store) -> None:
    sweep(store, ENDED)
    assert len(sweep(store, LASTING)) == 1
    assert len(sweep(store, LASTING, now=NOW + timedelta(hours=2))) == 2


def test_another_place_in_the_file_is_not_told_anew(store: Store) -> None:
    sweep(store, ENDED)
    assert len(sweep(store, replace(ENDED, where="other.toml:9", reason=""))) == 1


def test_one_that_was_taken_out_does_not_keep_another_from_being_told(store: Store) -> None:
    sweep(store, ENDED)
    assert len(sweep(store, replace(ENDED, actors=("bob",)))) == 2


class Failing:
    """An outbox that cannot be reached."""

    def add(self, *_: object) -> set[str]:
        raise StoreError("unreachable")


def test_what_could_not_be_kept_is_told_by_the_next_sweep(store: Store) -> None:
    with pytest.raises(StoreError):
        alert_of_ended(Failing(), store.notes, [ENDED], "#c", NOW)
    assert len(sweep(store, ENDED)) == 1
