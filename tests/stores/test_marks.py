"""Which channels the table's queue looks at, and that none is forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.alerts.channel import DESTINATION
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb.marks import SEARCH_EVERY, STANDS_SECONDS
from chalicelib.stores.dynamodb.shards import SHARDS, day_key_of, queue_of
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.store import Store
from tests.delivery.world import Clock
from tests.stores.factories import NOW, SECURITY, alert, begun, delivery, held, post, stored, tell
from tests.stores.tables import table

AUDIT = "#audit"


class Queries:
    """A client that counts what it asks of the index by queue; `page` deliveries are a scan's."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.count = 0
        self.page: int | None = None
        self.before: Any = None

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.count += arguments.get("IndexName") == "by_queue"
            if operation == "scan" and self.page:
                arguments["Limit"] = self.page
            if operation == "transact_write_items" and self.before:
                happens, self.before = self.before, None
                happens()
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
def store(client: Queries, name: str, clock: Clock) -> Store:
    return dynamodb_store(client, name, clock=clock.now, monotonic=clock.monotonic)


def waiting(store: Store, clock: Clock) -> list[str]:
    """The channels that the queue looks at."""
    return [each.channel.name for each in store.queue.waiting(clock.now())]


def idle(store: Store, clock: Clock) -> None:
    """Sweeps, until marks that nothing stands behind are off."""
    for _ in range(4):
        waiting(store, clock)
        clock.advance(STANDS_SECONDS)


def forget(client: Any, table: str, channel: str) -> None:
    """Lose the mark of a channel."""
    client.delete_item(TableName=table, Key={"pk": {"S": "MARKS"}, "sk": {"S": channel}})


def test_a_channel_with_nothing_to_send_is_looked_at_no_more_once_its_mark_stood(
    store: Store, clock: Clock, client: Queries
) -> None:
    store.outbox.add([stored(alert(1, channels=(SECURITY, AUDIT)))], NOW)
    waiting(store, clock)  # all are searched, the first time
    tell(store, [alert(1)])
    looked_at = []
    for _ in range(5):
        looked_at.append(waiting(store, clock))
        clock.advance(STANDS_SECONDS / 2)
    client.count = 0

    assert looked_at == [[AUDIT, SECURITY]] * 3 + [[AUDIT]] * 2
    assert waiting(store, clock) == [AUDIT]
    assert client.count == SHARDS + 1  # of the one that waits


def test_what_is_due_comes_with_the_most_severe_and_since_when(store: Store, clock: Clock) -> None:
    mild, severe = alert(9, severity=Severity.LOW), alert(1, severity=Severity.CRITICAL)
    store.outbox.add([stored(mild), stored(severe)], NOW)

    (found,) = store.queue.waiting(NOW)

    assert (found.due, found.severity, found.since) == (True, Severity.CRITICAL, severe.seen_at)


def test_a_mark_that_is_put_while_the_channel_is_looked_at_stays(
    store: Store, clock: Clock
) -> None:
    store.outbox.add([stored(alert(1))], NOW)
    tell(store, [alert(1)])
    waiting(store, clock)
    waiting(store, clock)
    clock.advance(STANDS_SECONDS)
    store.outbox.add([stored(alert(2))], NOW)
    tell(store, [alert(2)])

    assert waiting(store, clock) == [SECURITY]
    clock.advance(1)
    assert waiting(store, clock) == [SECURITY]  # the new mark has not stood yet


def test_what_is_in_doubt_keeps_its_channel_marked(store: Store, clock: Clock) -> None:
    store.outbox.add([stored(alert(1))], NOW)
    tell(store, [alert(1)], DeliveryState.UNCERTAIN, outcome="ambiguous: x", settled=False)
    idle(store, clock)

    assert store.archive.backlog(clock.now()).uncertain == 1
    assert waiting(store, clock) == [SECURITY]


def test_what_is_parked_is_counted_though_nothing_waits_for_its_channel(
    store: Store, clock: Clock
) -> None:
    store.outbox.add([stored(alert(1))], NOW)
    tell(store, [alert(1)], DeliveryState.PARKED, outcome="refused: x")
    idle(store, clock)

    assert store.archive.backlog(clock.now()).parked == 1
    assert waiting(store, clock) == []
    clock.advance(SEARCH_EVERY.total_seconds())
    assert waiting(store, clock) == []


def test_a_channel_in_trouble_is_looked_at_though_nothing_waits_for_it(
    store: Store, clock: Clock
) -> None:
    store.outbox.add([stored(alert(1))], NOW)
    tell(store, [alert(1)])
    store.queue.save(replace(held(store), trouble=DESTINATION, leased_until=None))
    idle(store, clock)

    (found,) = store.queue.waiting(clock.now())

    assert (found.due, found.channel.trouble) == (False, DESTINATION)


def test_a_correction_that_is_due_later_keeps_its_channel_marked(
    store: Store, clock: Clock
) -> None:
    later = delivery(alert(1), amended=True, due_at=NOW + timedelta(minutes=14))
    store.outbox.add([replace(stored(alert(1)), deliveries=(later,))], NOW)
    due = []
    for _ in range(4):
        due.append([each.due for each in store.queue.waiting(clock.now())])
        clock.advance(STANDS_SECONDS)
    clock.advance(300)

    assert due == [[False]] * 4
    assert [each.due for each in store.queue.waiting(clock.now())] == [True]


def test_a_mark_that_was_lost_is_made_up_for_within_a_quarter_of_an_hour(
    store: Store, clock: Clock, dynamodb: Any, name: str
) -> None:
    waiting(store, clock)
    store.outbox.add([stored(alert(1))], NOW)
    forget(dynamodb, name, SECURITY)
    clock.advance(SEARCH_EVERY.total_seconds() - 1)
    before = waiting(store, clock)
    clock.advance(1)

    assert before == []
    assert waiting(store, clock) == [SECURITY]
    assert waiting(store, clock) == [SECURITY]  # it is marked again


def test_a_clock_that_is_put_back_has_lost_marks_looked_for(
    store: Store, clock: Clock, dynamodb: Any, name: str
) -> None:
    waiting(store, clock)
    store.outbox.add([stored(alert(1))], NOW)
    forget(dynamodb, name, SECURITY)

    clock.jump(-6 * 3600)

    assert waiting(store, clock) == [SECURITY]


def test_a_lost_mark_is_made_up_for_also_where_more_waits_than_is_read_at_once(
    store: Store, clock: Clock, client: Queries, dynamodb: Any, name: str
) -> None:
    names = [f"#channel-{number}" for number in range(9)]
    store.outbox.add([stored(alert(n, channels=(each,))) for n, each in enumerate(names)], NOW)
    for each in names:
        forget(dynamodb, name, each)
    client.page = 3

    assert waiting(store, clock) == names
    assert waiting(store, clock) == names


def test_an_idle_table_is_looked_at_by_one_query(
    store: Store, clock: Clock, client: Queries
) -> None:
    waiting(store, clock)
    client.count = 0

    assert waiting(store, clock) == []
    assert client.count == 0


def test_lost_marks_are_looked_for_by_one_scan_however_many_channels_there_are(
    store: Store, clock: Clock, client: Queries
) -> None:
    kept = stored(alert(1, channels=tuple(f"#channel-{number}" for number in range(9))))
    store.outbox.add([kept], NOW)
    for each in kept.deliveries:
        store.queue.replace(each, replace(each, state=DeliveryState.SENT))
    idle(store, clock)
    clock.advance(SEARCH_EVERY.total_seconds())
    client.count = 0

    assert waiting(store, clock) == []
    assert client.count == 1


# What waits in all


def test_the_backlog_is_one_scan(store: Store, client: Queries) -> None:
    store.outbox.add([stored(alert(n, channels=(SECURITY, AUDIT))) for n in range(4)], NOW)
    client.count = 0

    backlog = store.archive.backlog(NOW)

    assert (backlog.pending, client.count) == (8, 1)


@pytest.mark.parametrize("oldest", Severity)
def test_since_when_the_oldest_waits_is_known_though_its_count_stops(
    store: Store, client: Queries, oldest: Severity
) -> None:
    flood = [alert(n, severity=list(Severity)[n % len(Severity)]) for n in range(100)]
    since = NOW - timedelta(hours=9)
    old = alert(200, severity=oldest, event_time=since, seen_at=since)
    store.outbox.add([stored(each) for each in (*flood, old)], NOW)
    client.page = 2

    backlog = store.archive.backlog(NOW)

    assert (backlog.pending, backlog.oldest_due) == (2, since)


# Corrections beside a post


def test_a_correction_while_its_alert_is_being_told_is_told_again(
    store: Store, client: Queries, clock: Clock
) -> None:
    kept = alert(1)
    store.outbox.add([stored(kept)], NOW)
    channel = held(store)
    began = post(kept)
    client.before = lambda: begun(store, began, channel)  # after the correction read the alert

    assert store.outbox.amend(replace(kept, actor="bob", seen_at=NOW))

    (under_way,) = store.queue.deliveries([kept.alert_id], SECURITY)
    assert (under_way.state, under_way.amended) == (DeliveryState.SENDING, True)
    told = replace(delivery(kept), state=DeliveryState.SENT)
    store.queue.settle(replace(began, outcome="sent", settled=True, ts="1.2"), [told])
    (due,) = store.queue.due(SECURITY, NOW, 10)
    assert due.amended


def test_a_correction_while_its_alert_is_told_from_begin_to_end_is_told_again(
    store: Store, client: Queries, clock: Clock
) -> None:
    kept = alert(1)
    store.outbox.add([stored(kept)], NOW)
    client.before = lambda: tell(store, [kept])

    assert store.outbox.amend(replace(kept, actor="bob", seen_at=NOW))

    (due,) = store.queue.due(SECURITY, NOW, 10)
    assert due.amended


# Shards


def test_a_day_and_a_channel_are_spread_over_all_shards() -> None:
    ids = [alert(number).alert_id for number in range(4000)]
    for keys in (
        Counter(day_key_of("2026-11-24", each) for each in ids),
        Counter(queue_of(DeliveryState.PENDING, SECURITY, each) for each in ids),
    ):
        assert len(keys) == SHARDS
        assert min(keys.values()) > 4000 / SHARDS * 0.9
