"""What only the store in DynamoDB must do."""

from __future__ import annotations

import multiprocessing
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.outbox import StoreError
from chalicelib.bootstrap import open_store
from chalicelib.rules.rule import Severity
from chalicelib.stores.dynamodb import by_day
from chalicelib.stores.dynamodb.calls import ATTEMPTS, LONGEST_PAUSE
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE, table_definition
from chalicelib.stores.store import Store
from tests.stores.emulator import Emulator
from tests.stores.factories import (
    NOW,
    SECURITY,
    alert,
    begun,
    delivery,
    held,
    post,
    stored,
    tell,
    unsettled,
)
from tests.stores.tables import KEYS, table

DAY = timedelta(days=1)
SPAWN = multiprocessing.get_context("spawn")


class Watched:
    """A client that keeps what it was asked, and fails where it is to."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.fail: Callable[[str, int], Exception | None] = lambda operation, number: None
        self.answer: Callable[[str, dict[str, Any]], Any] = lambda operation, arguments: None

    def __getattr__(self, operation: str) -> Any:
        def call(**arguments: Any) -> Any:
            self.calls.append((operation, arguments))
            error = self.fail(operation, self.count(operation))
            if error is not None:
                raise error
            answer = self.answer(operation, arguments)
            return getattr(self._client, operation)(**arguments) if answer is None else answer

        return call

    def cut_off_at(self, operation: str, call: int) -> None:
        """Refuse one call of an operation, counted from 1."""
        self.fail = lambda name, number: (
            refusal("AccessDeniedException") if (name, number) == (operation, call) else None
        )

    def writes(self) -> int:
        """How many calls wrote something."""
        return len([name for name, _ in self.calls if name.endswith(("_item", "_items"))]) - sum(
            map(self.count, ("get_item", "batch_get_item"))
        )

    def count(self, operation: str) -> int:
        return Counter(name for name, _ in self.calls)[operation]


@pytest.fixture
def client(emulator_client: Any) -> Watched:
    return Watched(emulator_client)


@pytest.fixture
def name(emulator_client: Any) -> Iterator[str]:
    with table(emulator_client) as made:
        yield made


@pytest.fixture
def store(client: Watched, name: str) -> Store:
    return dynamodb_store(client, name, clock=lambda: NOW, sleep=lambda seconds: None)


def refusal(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "canary-7141"}}, "operation")


def items(client: Watched, name: str) -> dict[str, dict[str, Any]]:
    """Every item by its sort key, as it lies in the table."""
    found: dict[str, dict[str, Any]] = {}
    for item in client.scan(TableName=name)["Items"]:
        found[item["sk"]["S"]] = item
    return found


# Retention


def expiring(client: Watched, name: str) -> set[str]:
    return {
        key
        for key, item in items(client, name).items()
        if TTL_ATTRIBUTE in item and item["pk"]["S"].startswith("ALERT#")
    }


def test_what_is_not_told_never_expires(store: Store, client: Watched, name: str) -> None:
    kept = alert()
    store.outbox.add([stored(kept)], NOW)
    assert begun(store, post(kept), held(store))
    store.queue.settle(
        post(kept, outcome="ambiguous"), [delivery(kept, state=DeliveryState.UNCERTAIN)]
    )

    assert expiring(client, name) == set()


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.PARKED])
def test_what_is_sent_or_parked_expires_after_the_retention(
    store: Store, client: Watched, name: str, state: DeliveryState
) -> None:
    kept = alert()
    store.outbox.add([stored(kept)], NOW)
    tell(store, [kept], state)

    assert expiring(client, name) == {"ALERT"}
    at = items(client, name)["ALERT"][TTL_ATTRIBUTE]["N"]
    assert int(at) == int((NOW + 90 * DAY).timestamp())


def test_an_alert_expires_only_once_its_last_channel_is_told(
    store: Store, client: Watched, name: str
) -> None:
    kept = alert(channels=(SECURITY, "#audit"))
    store.outbox.add([stored(kept)], NOW)
    tell(store, [kept])
    assert expiring(client, name) == {f"DELIVERY#{SECURITY}"}

    held(store, "#audit")
    store.queue.settle(
        post(kept, channel="#audit", post_id="a" * 32, outcome="sent", settled=True),
        [delivery(kept, "#audit", state=DeliveryState.SENT)],
    )

    assert expiring(client, name) == {"ALERT", f"DELIVERY#{SECURITY}", "DELIVERY##audit"}


def test_what_is_tried_again_no_longer_expires(store: Store, client: Watched, name: str) -> None:
    kept = alert()
    store.outbox.add([stored(kept)], NOW)
    tell(store, [kept], DeliveryState.PARKED)

    assert store.queue.replace(store.archive.parked(1)[0], delivery(kept))

    assert expiring(client, name) == set()


def test_what_is_corrected_and_to_be_told_again_no_longer_expires(
    store: Store, client: Watched, name: str
) -> None:
    kept = alert()
    store.outbox.add([stored(kept)], NOW)
    tell(store, [kept])

    assert store.outbox.amend(replace(kept, actor="bob"))

    assert expiring(client, name) == set()


def test_what_is_only_listed_expires(store: Store, client: Watched, name: str) -> None:
    store.outbox.add([replace(stored(alert()), deliveries=())], NOW)

    assert expiring(client, name) == {"ALERT"}


def test_what_has_expired_is_not_shown_though_it_lies_there_still(
    client: Watched, name: str, store: Store
) -> None:
    kept = alert()
    store.outbox.add([stored(kept)], NOW)
    settled = tell(store, [kept])
    later = dynamodb_store(client, name, clock=lambda: NOW + 91 * DAY)

    assert later.archive.get(kept.alert_id) is None
    assert later.archive.alerts([kept.alert_id]) == []
    assert later.archive.search(AlertQuery(), 10).alerts == ()
    assert later.archive.summary(NOW - DAY, NOW).total == 0
    assert settled.repeat_key is not None
    assert later.queue.last_single(SECURITY, settled.repeat_key, NOW - DAY) is None
    assert later.outbox.known([kept.alert_id]) == {kept.alert_id}  # so it is not sent anew


def test_days_without_alerts_are_forgotten(store: Store, client: Watched, name: str) -> None:
    old = alert(event_time=NOW - 100 * DAY, seen_at=NOW - 100 * DAY)
    store.outbox.add([stored(old, state=DeliveryState.SENT)], NOW)
    assert "2026-08-16" in items(client, name)

    store.outbox.expire(NOW - 90 * DAY, 10)

    assert "2026-08-16" not in items(client, name)


# Half-written


def settle_all(store: Store, state: DeliveryState) -> None:
    (found,) = unsettled(store, SECURITY)
    ended = replace(found, outcome="sent", settled=True, ts="1.2")
    marked = store.queue.deliveries(found.alert_ids, SECURITY)
    store.queue.settle(ended, [replace(item, state=state) for item in marked])


def test_a_digest_is_begun_in_one_write_that_stands_for_all_it_carries(
    store: Store, client: Watched
) -> None:
    alerts = [alert(number) for number in range(1, 121)]
    store.outbox.add([stored(item) for item in alerts], NOW)
    channel = held(store)
    before = client.writes()

    assert begun(store, post(*alerts), channel)

    assert client.writes() == before + 1
    (found,) = unsettled(store, SECURITY)
    states = {item.state for item in store.queue.deliveries(found.alert_ids, SECURITY)}
    assert states == {DeliveryState.SENDING}


def test_what_was_told_alone_and_cut_off_before_its_post_was_closed_is_told_once(
    store: Store, client: Watched
) -> None:
    kept = alert()
    store.outbox.add([stored(kept)], NOW)
    client.cut_off_at("update_item", client.count("update_item") + 4)  # claim, begin, alert, close

    with pytest.raises(StoreError):
        tell(store, [kept])

    assert unsettled(store, SECURITY) == []
    (delivered,) = store.queue.deliveries([kept.alert_id], SECURITY)
    assert delivered.state is DeliveryState.SENT
    assert store.queue.last_single(SECURITY, delivered.repeat_key, NOW - DAY) is not None


def test_a_digest_cut_off_while_it_was_settled_can_be_settled_again(
    store: Store, client: Watched
) -> None:
    alerts = [alert(number) for number in range(1, 81)]
    store.outbox.add([stored(item) for item in alerts], NOW)
    assert begun(store, post(*alerts), held(store))
    client.cut_off_at("update_item", client.count("update_item") + 40)

    with pytest.raises(StoreError):
        settle_all(store, DeliveryState.SENT)

    (found,) = unsettled(store, SECURITY)
    assert (found.outcome, found.ts, found.settled) == ("sent", "1.2", False)
    assert 0 < store.archive.backlog(NOW).pending < 80

    settle_all(store, DeliveryState.SENT)

    assert store.archive.backlog(NOW).pending == 0
    assert unsettled(store, SECURITY) == []


def test_alerts_cut_off_while_they_were_added_are_whole_or_not_there(
    store: Store, client: Watched
) -> None:
    batch = [stored(alert(number)) for number in range(1, 71)]
    client.cut_off_at("put_item", 40)

    with pytest.raises(StoreError):
        store.outbox.add(batch, NOW)

    kept = store.outbox.known(item.alert.alert_id for item in batch)
    assert 0 < len(kept) < 70
    assert {item.alert_id for item in store.queue.due(SECURITY, NOW, 100)} == kept
    assert len(store.outbox.add(batch, NOW)) == 70 - len(kept)
    assert len(store.queue.due(SECURITY, NOW, 100)) == 70


# The index lags


def test_what_the_index_still_names_but_was_sent_is_not_due(store: Store, client: Watched) -> None:
    kept = alert()
    store.outbox.add([stored(kept)], NOW)
    stale: list[Any] = []
    assert len(store.queue.due(SECURITY, NOW, 10)) == 1
    asked = next(arguments for name, arguments in client.calls if name == "query")
    stale.append(client.query(**asked))
    tell(store, [kept])
    client.answer = lambda operation, arguments: stale[0] if operation == "query" else None

    assert store.queue.due(SECURITY, NOW, 10) == []


# Work is bounded


def test_a_list_reads_no_more_than_it_may_and_says_how_far_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_day, "READ_BYTES", 48 * 1024)
    monkeypatch.setattr(by_day, "PROBE", 8)
    moments = [NOW - timedelta(hours=number) for number in range(60)]
    store.outbox.add([stored(alert(n, event_time=time)) for n, time in enumerate(moments)], NOW)
    store.outbox.add([stored(alert(99, event_time=NOW - 3 * DAY, actor="carol"))], NOW)
    found, cursor, requests = [], None, 0

    while requests == 0 or cursor:
        page = store.archive.search(AlertQuery(actor=("carol",)), 5, cursor)
        found += [item.alert.event_id for item in page.alerts]
        assert (page.next_cursor is None) == (page.searched_until is None)
        cursor, requests = page.next_cursor, requests + 1

    assert found == ["event-99"]
    assert 2 < requests < 20


def test_how_far_back_a_list_looked_is_true(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_day, "MOST_DAYS", 2)
    store.outbox.add([stored(alert(n, event_time=NOW - n * DAY)) for n in range(5)], NOW)

    page = store.archive.search(AlertQuery(severity=(Severity.LOW,)), 5)

    assert page.alerts == ()
    assert page.searched_until == NOW.replace(hour=0) - DAY
    rest = store.archive.search(AlertQuery(), 5, page.next_cursor)
    assert [item.alert.event_id for item in rest.alerts] == ["event-2", "event-3"]


def test_a_summary_of_more_than_one_request_reads_says_how_far_it_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(by_day, "READ_BYTES", 4 * 1024)
    monkeypatch.setattr(by_day, "PROBE", 4)
    store.outbox.add([stored(alert(n)) for n in range(1, 61)], NOW)

    counted = store.archive.summary(NOW - DAY, NOW)

    assert 0 < counted.total < 60
    assert counted.searched_until == NOW - timedelta(minutes=counted.total)


# DynamoDB's ways


def test_a_span_without_a_second_is_not_asked_for(moto_client: Any) -> None:
    """A range whose end is before its beginning is an error. Source: DynamoDB API, "Query"."""

    class Strict:
        def __getattr__(self, operation: str) -> Any:
            return self.query if operation == "query" else getattr(moto_client, operation)

        def query(self, **arguments: Any) -> Any:
            values = arguments["ExpressionAttributeValues"]
            if ":low" in values and ":high" in values:
                assert values[":low"]["S"] <= values[":high"]["S"]
            return moto_client.query(**arguments)

    with table(moto_client) as name:
        store = dynamodb_store(Strict(), name, clock=lambda: NOW)
        store.outbox.add([stored(alert(1))], NOW)
        midnight = NOW.replace(hour=0)

        assert store.archive.search(AlertQuery(since=midnight, until=midnight), 5).alerts == ()


def test_no_attribute_is_written_by_its_bare_name_which_may_be_reserved(
    store: Store, client: Watched
) -> None:
    kept = alert()
    store.outbox.add([stored(kept)], NOW)
    begun(store, post(kept), held(store))
    tell(store, [kept], DeliveryState.PARKED)
    store.queue.replace(store.archive.parked(1)[0], None)
    store.archive.search(AlertQuery(text="trail", actor=("alice",)), 5)
    store.archive.search(AlertQuery(state=(DeliveryState.PENDING,)), 5)
    store.archive.backlog(NOW)

    words = "SET|REMOVE|DELETE|ADD|AND|OR|NOT|IN|BETWEEN"
    words += "|contains|attribute_exists|attribute_not_exists"
    for expression in expressions([arguments for _, arguments in client.calls]):
        bare = re.sub(rf"[#:]\w+|\b({words})\b|[(),=<> ]", "", expression)
        assert bare == "", expression


def expressions(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for entry in value:
            yield from expressions(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key.endswith("Expression") and isinstance(entry, str):
                yield entry
            else:
                yield from expressions(entry)


@pytest.mark.parametrize("code", ["ThrottlingException", "ProvisionedThroughputExceededException"])
def test_throttling_is_waited_out(store: Store, client: Watched, code: str) -> None:
    client.fail = lambda operation, number: (
        refusal(code) if operation == "put_item" and number < 4 else None
    )

    assert store.outbox.add([stored(alert())], NOW) == {alert().alert_id}


def test_throttling_is_not_waited_out_for_ever(client: Watched, name: str) -> None:
    pauses: list[float] = []
    store = dynamodb_store(client, name, sleep=pauses.append)
    client.fail = lambda operation, number: refusal("ThrottlingException")

    with pytest.raises(StoreError, match="refused"):
        store.outbox.known(["0" * 32])

    assert len(client.calls) == ATTEMPTS
    assert sum(pauses) < ATTEMPTS * LONGEST_PAUSE


def test_keys_that_dynamodb_left_unread_are_read_again(
    store: Store, client: Watched, name: str
) -> None:
    kept = [alert(1), alert(2)]
    store.outbox.add([stored(item) for item in kept], NOW)
    before = client.count("batch_get_item")

    def leave_unread(operation: str, arguments: dict[str, Any]) -> Any:
        if operation != "batch_get_item" or client.count(operation) > before + 1:
            return None
        return {"Responses": {}, "UnprocessedKeys": arguments["RequestItems"]}

    client.answer = leave_unread

    assert store.outbox.known(item.alert_id for item in kept) == {item.alert_id for item in kept}


@pytest.mark.parametrize(
    "error", [refusal("AccessDeniedException"), ReadTimeoutError(endpoint_url="https://x")]
)
def test_a_store_error_says_what_failed_and_nothing_of_the_alert(
    store: Store, client: Watched, name: str, error: Exception
) -> None:
    client.fail = lambda operation, number: error

    with pytest.raises(StoreError) as caught:
        store.outbox.add([stored(alert(actor="canary-7141"))], NOW)

    assert name in str(caught.value)
    assert "canary-7141" not in str(caught.value)


def test_a_table_that_is_missing_is_a_store_error(client: Watched) -> None:
    with pytest.raises(StoreError, match="ResourceNotFoundException"):
        dynamodb_store(client, "missing").outbox.known(["0" * 32])


def test_an_alert_is_one_write_beside_those_of_its_batch(store: Store, client: Watched) -> None:
    store.outbox.add([stored(alert(0))], NOW)
    before = client.writes()

    store.outbox.add([stored(alert(number)) for number in range(1, 67)], NOW)

    assert client.writes() == before + 66 + 1  # the channel's mark
    assert client.count("transact_write_items") == 0


def test_the_table_is_on_demand_and_its_indexes_are_sparse_or_by_day() -> None:
    definition = table_definition("trailbell-dev")

    assert definition["TableName"] == "trailbell-dev"
    assert definition["BillingMode"] == "PAY_PER_REQUEST"
    indexes = {index["IndexName"] for index in definition["GlobalSecondaryIndexes"]}
    assert indexes == {"by_day", "by_queue"}


def test_what_is_sent_leaves_the_index_of_what_waits(
    store: Store, client: Watched, name: str
) -> None:
    kept = alert()
    store.outbox.add([stored(kept)], NOW)
    tell(store, [kept])

    found = client.scan(TableName=name, IndexName="by_queue")

    assert found["Items"] == []


def test_importing_the_store_imports_no_client() -> None:
    code = (
        "import sys, chalicelib.stores.dynamodb.store, chalicelib.bootstrap as bootstrap;"
        "bootstrap.open_store('dynamodb:///trailbell-dev');"
        "sys.exit(bool({'boto3', 'botocore'} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# By its URL, in several processes


def add_batch(url: str) -> list[str]:
    batch = [stored(alert(number)) for number in range(1, 41)]
    return sorted(open_store(url).outbox.add(batch, NOW))


def test_the_same_batch_in_four_processes_is_new_once(
    emulator: Emulator, emulator_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", KEYS["region_name"])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS["aws_access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS["aws_secret_access_key"])
    with table(emulator_client) as name:
        with ProcessPoolExecutor(4, mp_context=SPAWN) as processes:
            added = list(processes.map(add_batch, [f"dynamodb:///{name}"] * 4))

        assert sorted(key for keys in added for key in keys) == sorted(
            alert(number).alert_id for number in range(1, 41)
        )
        due = dynamodb_store(emulator_client, name).queue.due(SECURITY, NOW, 100)
        assert len(due) == 40


@pytest.mark.usefixtures("fresh_clients")
def test_a_url_names_the_table(
    emulator: Emulator, emulator_client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    for variable, value in zip(
        ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
        KEYS.values(),
        strict=True,
    ):
        monkeypatch.setenv(variable, value)
    with table(emulator_client) as name:
        open_store(f"dynamodb:///{name}").notes.note("key", {"value": 1})

        assert dynamodb_store(emulator_client, name).notes.noted("key") == {"value": 1}
