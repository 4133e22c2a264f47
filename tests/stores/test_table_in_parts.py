"""Tables whose alerts lie in parts, as earlier versions wrote them: they open, and go on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.store import Store
from tests.stores.factories import FAR, NOW, SECURITY, alert, held, post, stored, unsettled
from tests.stores.tables import written
from tests.stores.written_in_parts.make import NUMBERS

WRITTEN: dict[str, Any] = json.loads(
    Path(__file__).with_name("written_in_parts").joinpath("table.json").read_text("utf-8")
)
STATES = {
    "pending": DeliveryState.PENDING,
    "sending": DeliveryState.SENDING,
    "uncertain": DeliveryState.UNCERTAIN,
    "sent": DeliveryState.SENT,
    "digest-a": DeliveryState.SENT,
    "digest-b": DeliveryState.SENT,
    "parked": DeliveryState.PARKED,
    "corrected": DeliveryState.PENDING,
    "half-told": DeliveryState.SENT,
}


@pytest.fixture
def name(dynamodb: Any) -> Iterator[str]:
    with written(dynamodb, WRITTEN["definition"], WRITTEN["items"]) as made:
        yield made


@pytest.fixture
def store(dynamodb: Any, name: str) -> Store:
    return dynamodb_store(dynamodb, name, clock=lambda: NOW)


def id_of(name: str) -> str:
    return alert(NUMBERS[name]).alert_id


def got(store: Store, name: str) -> StoredAlert:
    found = store.archive.get(id_of(name))
    assert found is not None
    return found


def delivery(store: Store, name: str, channel: str = SECURITY) -> Delivery:
    (found,) = (each for each in got(store, name).deliveries if each.channel == channel)
    return found


def parts(client: Any, table: str, name: str) -> set[str]:
    """What an alert lies in."""
    return {
        item["sk"]["S"]
        for item in client.scan(TableName=table)["Items"]
        if item["pk"]["S"] == f"ALERT#{id_of(name)}"
    }


def test_every_alert_is_found_with_its_record_where_it_stood(store: Store) -> None:
    page = store.archive.search(AlertQuery(), 50)

    assert [each.alert.alert_id for each in page.alerts] == [id_of(name) for name in NUMBERS]
    assert {name: delivery(store, name).state for name in STATES} == STATES
    assert got(store, "pending").alert.record == alert(1).record
    assert [post.outcome for post in got(store, "digest-a").posts] == ["sent"]
    assert store.archive.summary(NOW - timedelta(days=1), NOW).total == len(NUMBERS)
    for state in DeliveryState:
        found = {
            each.alert.alert_id
            for each in store.archive.search(AlertQuery(state=(state,)), 50).alerts
        }
        assert {id_of(name) for name, stood in STATES.items() if stood is state} <= found


def test_old_and_new_are_due_in_one_order(store: Store) -> None:
    store.outbox.add([stored(alert(0)), stored(alert(30))], NOW)

    due = [each.alert_id for each in store.queue.due(SECURITY, NOW, 10)]

    expected = [alert(30).alert_id, id_of("corrected"), id_of("pending"), alert(0).alert_id]
    assert due == expected
    assert [each.channel.name for each in store.queue.waiting(NOW) if each.due] == [
        "#audit",
        SECURITY,
    ]
    page = [each.alert.alert_id for each in store.archive.search(AlertQuery(), 50).alerts]
    assert (page[0], page[-1]) == (alert(0).alert_id, alert(30).alert_id)


def test_what_an_earlier_version_kept_meanwhile_is_found_once_it_comes_again(
    store: Store, dynamodb: Any, name: str
) -> None:
    """While functions are being replaced, that one marks nothing."""
    store.queue.waiting(NOW)  # which searched all, and is not due again so soon
    for channel in (SECURITY, "#audit"):
        dynamodb.delete_item(TableName=name, Key={"pk": {"S": "MARKS"}, "sk": {"S": channel}})
    assert store.queue.waiting(NOW) == []

    assert store.outbox.add([stored(got(store, "pending").alert)], NOW) == set()

    assert [each.channel.name for each in store.queue.waiting(NOW) if each.due] == [SECURITY]


def test_posts_that_were_left_open_are_settled_and_gone(
    store: Store, dynamodb: Any, name: str
) -> None:
    left = unsettled(store, SECURITY)
    for found in left:
        there = store.queue.deliveries(found.alert_ids, SECURITY)
        told = [replace(each, state=DeliveryState.SENT) for each in there]
        store.queue.settle(replace(found, outcome="sent", settled=True, ts="1.3"), told)

    assert {post.alert_ids for post in left} == {(id_of("sending"),), (id_of("uncertain"),)}
    assert unsettled(store, SECURITY) == []
    for told_of in ("sending", "uncertain"):
        assert delivery(store, told_of).state is DeliveryState.SENT
        assert [post.ts for post in got(store, told_of).posts] == ["1.3"]
    assert not [
        item for item in dynamodb.scan(TableName=name)["Items"] if "OPEN" in item["pk"]["S"]
    ]


def test_what_waits_is_told_where_it_lies_and_expires(
    store: Store, dynamodb: Any, name: str
) -> None:
    _tell(store, "pending", SECURITY)
    _tell(store, "half-told", "#audit")

    for told in ("pending", "half-told"):
        assert {each.state for each in got(store, told).deliveries} == {DeliveryState.SENT}
    items = [_item for _item in dynamodb.scan(TableName=name)["Items"] if "expires_at" in _item]
    expiring = {(item["pk"]["S"], item["sk"]["S"]) for item in items}
    for told in ("pending", "half-told"):
        assert {(f"ALERT#{id_of(told)}", part) for part in ("ALERT", "RECORD")} <= expiring


def _tell(store: Store, name: str, channel: str) -> None:
    kept = got(store, name).alert
    began = post(kept, channel=channel, post_id=f"{NUMBERS[name]:032x}")
    assert store.queue.begin(began, held(store, channel), ()) is not None
    assert delivery(store, name, channel).state is DeliveryState.SENDING
    told = replace(delivery(store, name, channel), state=DeliveryState.SENT)
    store.queue.settle(replace(began, outcome="sent", settled=True, ts="1.4"), [told])


@pytest.mark.parametrize("told", ["pending", "sent", "digest-a", "parked", "half-told", "listed"])
def test_a_correction_writes_an_alert_in_todays_form(
    store: Store, dynamodb: Any, name: str, told: str
) -> None:
    before = got(store, told)

    assert store.outbox.amend(replace(before.alert, actor="dave", seen_at=NOW, record={"new": 1}))

    after = got(store, told)
    assert (after.alert.actor, after.alert.record) == ("dave", {"new": 1})
    assert after.posts == before.posts
    several = {f"DELIVERY#{SECURITY}", "DELIVERY##audit"} if told == "half-told" else set()
    assert parts(dynamodb, name, told) == {"ALERT"} | several
    again = store.queue.due(SECURITY, NOW, 10)
    assert (id_of(told) in {each.alert_id for each in again}) == (told not in ("parked", "listed"))


def test_what_is_parked_is_tried_again_or_dropped(store: Store) -> None:
    (parked,) = store.archive.parked(10)

    assert store.queue.replace(parked, replace(parked, state=DeliveryState.PENDING, due_at=NOW))

    assert store.archive.parked(10) == []
    assert id_of("parked") in {each.alert_id for each in store.queue.due(SECURITY, NOW, 10)}


def test_what_is_finished_is_removed_whole_once_it_is_old(
    store: Store, dynamodb: Any, name: str
) -> None:
    assert store.outbox.expire(FAR, 50) == 5

    for gone in ("sent", "digest-a", "digest-b", "parked", "listed"):
        assert parts(dynamodb, name, gone) == set()
    assert {each.alert.alert_id for each in store.archive.search(AlertQuery(), 50).alerts} == {
        id_of(name) for name in ("pending", "sending", "uncertain", "corrected", "half-told")
    }
