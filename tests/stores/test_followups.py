"""Followups: kept with their alert, due in their order, done once: one contract for every store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.alerts.followups import LONGEST, Followup, FollowupKind, followup_of
from chalicelib.stores.dynamodb.marks import STANDS_SECONDS
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.store import Store
from tests.delivery.world import Clock
from tests.stores.factories import NOW, alert, stored
from tests.stores.tables import table

MINUTE = timedelta(minutes=1)


def reminder(number: int = 1, due_at: datetime = NOW, more: str = "") -> Followup:
    return followup_of(FollowupKind.REMIND, alert(number).alert_id, due_at, more=more)


def keep(store: Store, *followups: Followup, number: int = 1) -> None:
    store.outbox.add([replace(stored(alert(number)), followups=followups)], NOW)


def test_where_none_was_kept_none_is_due(store: Store) -> None:
    store.outbox.add([stored(alert())], NOW)
    assert store.followups.due(NOW, 10) == []


def test_one_is_kept_with_its_alert_and_due_when_it_says(store: Store) -> None:
    later = reminder(due_at=NOW + MINUTE)
    keep(store, later)
    assert store.followups.due(NOW, 10) == []
    assert store.followups.due(NOW + MINUTE, 10) == [later]


def test_an_alert_that_is_kept_already_brings_none(store: Store) -> None:
    keep(store)
    keep(store, reminder())
    assert store.followups.due(NOW, 10) == []


def test_the_longest_due_come_first_and_no_more_than_wanted(store: Store) -> None:
    some = [reminder(n, NOW - n * MINUTE) for n in range(1, 6)]
    for number, one in enumerate(some, 1):
        keep(store, one, number=number)
    assert store.followups.due(NOW, 3) == some[:1:-1]


def test_what_was_done_is_due_no_more_and_what_follows_is(store: Store) -> None:
    keep(store, reminder(), number=1)
    following = reminder(due_at=NOW + MINUTE, more="again")
    store.followups.end(reminder(), [following])
    assert store.followups.due(NOW, 10) == []
    assert store.followups.due(NOW + MINUTE, 10) == [following]
    store.followups.end(following)
    assert store.followups.due(NOW + MINUTE, 10) == []


def test_the_same_may_follow_later(store: Store) -> None:
    keep(store, reminder())
    again = reminder(due_at=NOW + MINUTE)
    store.followups.end(reminder(), [again])
    assert store.followups.due(NOW, 10) == []
    assert store.followups.due(NOW + MINUTE, 10) == [again]


def test_who_ends_it_second_keeps_nothing_that_follows(store: Store) -> None:
    keep(store, reminder())
    store.followups.end(reminder(), [reminder(due_at=NOW + MINUTE)])
    store.followups.end(reminder(), [reminder(2, NOW)])
    assert store.followups.due(NOW + MINUTE, 10) == [reminder(due_at=NOW + MINUTE)]


def test_what_lies_further_ahead_than_can_be_is_due(store: Store) -> None:
    keep(store, reminder(1, NOW + LONGEST), number=1)
    ahead = reminder(2, NOW + LONGEST + MINUTE)
    keep(store, ahead, number=2)
    assert store.followups.due(NOW, 10) == [ahead]


def test_all_it_says_is_kept(store: Store) -> None:
    one = followup_of(
        FollowupKind.MUTE_COUNT, "m" * 32, NOW, channel="#security", more='["\ud800", 7]'
    )
    keep(store, one)
    (found,) = store.followups.due(NOW, 1)
    assert replace(found, more="") == replace(one, more="")


class Queries:
    """A client that counts its queries."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.count = 0

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.count += operation == "query"
            return getattr(self._client, operation)(**arguments)

        return call


@pytest.fixture
def client(dynamodb: Any) -> Queries:
    return Queries(dynamodb)


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def name(dynamodb: Any) -> Iterator[str]:
    with table(dynamodb) as made:
        yield made


@pytest.fixture
def dynamodb(client: Queries, name: str, clock: Clock) -> Store:
    return dynamodb_store(client, name, clock=clock.now, monotonic=clock.monotonic)


def asked(store: Store, client: Queries) -> int:
    before = client.count
    store.followups.due(NOW, 10)
    return client.count - before


def test_a_process_that_saw_that_none_is_kept_asks_nothing(
    dynamodb: Store, client: Queries
) -> None:
    assert asked(dynamodb, client) == 1
    dynamodb.queue.waiting(NOW)
    assert asked(dynamodb, client) == 0


def test_it_asks_again_once_one_is_kept(dynamodb: Store, client: Queries) -> None:
    dynamodb.queue.waiting(NOW)
    keep(dynamodb, reminder())
    dynamodb.queue.waiting(NOW)
    assert dynamodb.followups.due(NOW, 10) == [reminder()]


def test_once_all_were_done_for_a_while_it_asks_no_more(
    dynamodb: Store, client: Queries, clock: Clock
) -> None:
    keep(dynamodb, reminder())
    dynamodb.followups.end(reminder())
    for _ in range(3):
        dynamodb.queue.waiting(NOW)
        asked(dynamodb, client)
        clock.advance(STANDS_SECONDS)
    dynamodb.queue.waiting(NOW)
    assert asked(dynamodb, client) == 0


def test_its_mark_names_no_channel(dynamodb: Store) -> None:
    keep(dynamodb, reminder())
    assert [one.channel.name for one in dynamodb.queue.waiting(NOW)] == ["#security"]
