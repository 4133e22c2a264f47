"""What becomes of a batch: everything is tried, and what fails is told once, with counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.outbox import StoredAlert, StoreError
from chalicelib.batch import Judged, keep
from chalicelib.pipeline import Trailbell
from chalicelib.settings import Settings
from chalicelib.stores.sqlite.store import SqliteAlertStore
from tests.delivery.world import START, alert
from tests.events import cloudtrail

RETENTION = timedelta(days=90)


@pytest.fixture
def store(tmp_path: Path) -> SqliteAlertStore:
    return SqliteAlertStore(tmp_path / "alerts.db")


class Failing(SqliteAlertStore):
    """A store in which one of its calls fails."""

    def __init__(self, path: Path, call: str) -> None:
        super().__init__(path)
        self.call = call

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        if self.call == "add":
            raise StoreError("no such table")
        return super().add(stored, now)

    def amend(self, alert: Alert) -> bool:
        if self.call == "amend":
            raise StoreError("an alert changed whenever it was to be corrected")
        return super().amend(alert)


def test_a_correction_that_comes_along_with_its_alert_corrects_it(store: SqliteAlertStore) -> None:
    addenda = (alert(1, text="corrected"), alert(1, text="corrected twice"))
    kept = keep(Judged(records=3, alerts=(alert(1),), addenda=addenda), store, START, RETENTION)
    assert store.alerts([alert(1).alert_id])[0].text == "corrected twice"
    assert kept.new == {alert(1).alert_id}


def test_the_last_of_several_corrections_of_an_unknown_alert_stays(
    store: SqliteAlertStore,
) -> None:
    addenda = (alert(1, text="corrected"), alert(1, text="corrected twice"))
    kept = keep(Judged(records=2, addenda=addenda), store, START, RETENTION)
    assert store.alerts([alert(1).alert_id])[0].text == "corrected twice"
    assert kept.new == {alert(1).alert_id}


def test_a_correction_that_cannot_be_kept_keeps_no_alert_from_being_kept(tmp_path: Path) -> None:
    store = Failing(tmp_path / "alerts.db", "amend")
    judged = Judged(records=2, alerts=(alert(1),), addenda=(alert(2),))
    with pytest.raises(StoreError, match="changed whenever"):
        keep(judged, store, START, RETENTION)
    assert store.known([alert(1).alert_id])


def test_alerts_that_cannot_be_kept_keep_no_correction_from_being_kept(tmp_path: Path) -> None:
    store = Failing(tmp_path / "alerts.db", "")
    keep(Judged(records=1, alerts=(alert(1),)), store, START, RETENTION)
    store.call = "add"
    judged = Judged(records=2, alerts=(alert(2),), addenda=(replace(alert(1), text="corrected"),))
    with pytest.raises(StoreError, match="no such table"):
        keep(judged, store, START, RETENTION)
    assert store.alerts([alert(1).alert_id])[0].text == "corrected"


def test_a_batch_that_cannot_be_kept_is_raised_once_with_its_counts(tmp_path: Path) -> None:
    settings = Settings.from_env({"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db"})
    trailbell = Trailbell(settings)
    trailbell.store = Failing(tmp_path / "alerts.db", "add")
    bodies = [json.dumps(cloudtrail("StopLogging")), "no record"]
    with pytest.raises(StoreError, match=r"^no such table \(records 2, unreadable 1, alerts 1\)$"):
        trailbell.ingest(bodies, lambda: 60.0)
