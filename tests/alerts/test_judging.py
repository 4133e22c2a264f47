"""What becomes of a batch: everything is tried, and what fails is raised once, with counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.judging import alert_from, keep
from chalicelib.alerts.outbox import Outbox, StoredAlert, StoreError
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.rule import Rule, Severity
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.delivery.world import START, alert
from tests.events import cloudtrail

RETENTION = timedelta(days=90)
ALWAYS = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return sqlite_store(tmp_path / "alerts.db")


class Failing:
    """An outbox in which one of its calls fails."""

    def __init__(self, outbox: Outbox, call: str) -> None:
        self._outbox = outbox
        self._call = call

    def add(self, stored: Sequence[StoredAlert], now: datetime) -> set[str]:
        if self._call == "add":
            raise StoreError("no such table")
        return self._outbox.add(stored, now)

    def known(self, alert_ids: Iterable[str]) -> set[str]:
        return self._outbox.known(alert_ids)

    def amend(self, alert: Alert) -> bool:
        if self._call == "amend":
            raise StoreError("an alert changed whenever it was to be corrected")
        return self._outbox.amend(alert)

    def expire(self, before: datetime, limit: int) -> int:
        return self._outbox.expire(before, limit)


def test_a_correction_that_comes_along_with_its_alert_corrects_it(store: Store) -> None:
    addenda = (alert(1, text="corrected"), alert(1, text="corrected twice"))
    judged = Judged(records=3, alerts=(alert(1),), addenda=addenda)
    kept = keep(judged, store.outbox, START, RETENTION)
    assert store.archive.alerts([alert(1).alert_id])[0].text == "corrected twice"
    assert kept.new == {alert(1).alert_id}


def test_the_last_of_several_corrections_of_an_unknown_alert_stays(store: Store) -> None:
    addenda = (alert(1, text="corrected"), alert(1, text="corrected twice"))
    kept = keep(Judged(records=2, addenda=addenda), store.outbox, START, RETENTION)
    assert store.archive.alerts([alert(1).alert_id])[0].text == "corrected twice"
    assert kept.new == {alert(1).alert_id}


def test_a_correction_that_cannot_be_kept_keeps_no_alert_from_being_kept(store: Store) -> None:
    judged = Judged(records=2, alerts=(alert(1),), addenda=(alert(2),))
    with pytest.raises(StoreError, match="changed whenever"):
        keep(judged, Failing(store.outbox, "amend"), START, RETENTION)
    assert store.outbox.known([alert(1).alert_id])


def test_alerts_that_cannot_be_kept_keep_no_correction_from_being_kept(store: Store) -> None:
    keep(Judged(records=1, alerts=(alert(1),)), store.outbox, START, RETENTION)
    judged = Judged(records=2, alerts=(alert(2),), addenda=(replace(alert(1), text="corrected"),))
    with pytest.raises(StoreError, match="no such table"):
        keep(judged, Failing(store.outbox, "add"), START, RETENTION)
    assert store.archive.alerts([alert(1).alert_id])[0].text == "corrected"


@pytest.mark.parametrize("trusted", [True, False])
def test_what_is_too_old_to_be_told_is_so_only_by_a_clock_that_is_trusted(
    store: Store, trusted: bool
) -> None:
    old = (alert(1, event_time=START - RETENTION), alert(2, event_time=ALWAYS))
    keep(Judged(records=2, alerts=old), store.outbox, START, RETENTION, lambda: trusted)
    deliveries = [
        got.deliveries for each in old if (got := store.archive.get(each.alert_id)) is not None
    ]
    assert [bool(each) for each in deliveries] == [not trusted] * 2


def test_while_nothing_is_old_nobody_asks_whether_the_clock_is_trusted(store: Store) -> None:
    def asked() -> bool:
        raise AssertionError

    young = alert(1, event_time=START + timedelta(days=400))
    keep(Judged(records=1, alerts=(young,)), store.outbox, START, RETENTION, asked)
    assert len(store.queue.due("#trailbell", START, 9)) == 1


def test_what_to_do_is_that_of_the_rule_that_heads_it() -> None:
    """Of a refused call another rule may head it than the one that is severest otherwise."""
    severe = Rule(
        id="severe",
        title="It was done",
        severity=Severity.HIGH,
        refused=Severity.LOW,
        pattern="{ $.eventID = * }",
        runbook="Undo it.",
    )
    refusals = replace(
        severe, id="refusals", title="A try", severity=Severity.MEDIUM, runbook="Ask who tried."
    )
    refusals = replace(refusals, refused=Severity.MEDIUM)
    denied = Record(cloudtrail("StopLogging", errorCode="AccessDenied"))
    made = alert_from(denied, [severe, refusals], accounts={}, default_channel="#c", now=ALWAYS)
    assert (made.rule_id, made.runbook) == ("refusals", "Ask who tried.")
