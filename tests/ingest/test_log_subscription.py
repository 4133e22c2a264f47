"""on_log_subscription and the event it hands over."""

from __future__ import annotations

import gzip
import tracemalloc
from typing import Any

import pytest
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.ingest.log_subscription import (
    MAX_INFLATED_BYTES,
    Base64Error,
    GzipError,
    LogSubscriptionEvent,
    PayloadJSONError,
    PayloadShapeError,
    PayloadTooLargeError,
    on_log_subscription,
)
from tests.subscriptions import generate_log_subscription_event, packed, wrapped


def event_of(payload: dict[str, Any]) -> LogSubscriptionEvent:
    return LogSubscriptionEvent(payload, None)


def test_an_event_tells_where_it_came_from_and_what_it_holds() -> None:
    payload = generate_log_subscription_event(["one", "two"])
    event = event_of(payload)
    assert event.owner == "111122223333"
    assert event.log_group == "trailbell-dev-cloudtrail"
    assert event.log_stream == "111122223333_CloudTrail_eu-west-1"
    assert event.subscription_filters == ["trailbell-dev"]
    assert [log_event.message for log_event in event.log_events] == ["one", "two"]
    assert event.log_events[1].timestamp == 1_790_000_000_001
    assert event.to_dict() is payload


def test_a_control_message_is_told_from_data() -> None:
    probe = event_of(generate_log_subscription_event(["check"], message_type="CONTROL_MESSAGE"))
    assert (probe.is_control, probe.messages) == (True, [])
    data = event_of(generate_log_subscription_event(["one"]))
    assert (data.is_control, data.messages) == (False, ["one"])


@pytest.mark.parametrize(
    "payload", [{}, {"awslogs": {}}, {"awslogs": {"data": 7}}, {"Records": []}]
)
def test_an_event_from_elsewhere_is_told(payload: dict[str, Any]) -> None:
    with pytest.raises(PayloadShapeError, match=r"awslogs\.data"):
        event_of(payload)


def test_broken_base64_is_told() -> None:
    with pytest.raises(Base64Error):
        event_of({"awslogs": {"data": "!!!"}})


def test_what_is_no_gzip_is_told() -> None:
    with pytest.raises(GzipError, match="not gzip"):
        event_of(wrapped(b"plain text"))


def test_a_gzip_that_ends_early_is_told() -> None:
    whole = gzip.compress(b'{"logEvents": []}' * 100)
    with pytest.raises(GzipError, match="ends early"):
        event_of(wrapped(whole[:-12]))


def test_a_flipped_bit_is_told() -> None:
    damaged = bytearray(gzip.compress(b'{"logEvents": []}'))
    damaged[-6] ^= 0xFF  # in the checksum
    with pytest.raises(GzipError):
        event_of(wrapped(bytes(damaged)))


@pytest.mark.parametrize(
    "broken", [b'{"logEvents": [', b'{"logEvents": ["\xff"]}', b"[" * 10_000, b""]
)
def test_broken_json_is_told(broken: bytes) -> None:
    with pytest.raises(PayloadJSONError, match=r"not JSON|nested too deeply"):
        event_of(wrapped(gzip.compress(broken)))


@pytest.mark.parametrize("odd", [r'"\ud800"', "NaN", "1e999", "9" * 5000])
def test_what_orjson_refuses_and_json_takes_does_not_lose_the_batch(odd: str) -> None:
    batch = '{"logEvents": [{"id": %s, "message": "fine"}]}' % odd  # noqa: UP031 - braces
    assert event_of(wrapped(gzip.compress(batch.encode()))).messages == ["fine"]


@pytest.mark.parametrize("batch", [[], {}, {"logEvents": {}}])
def test_json_that_is_no_batch_is_told(batch: Any) -> None:
    with pytest.raises(PayloadShapeError):
        event_of(packed(batch))


def test_a_bomb_is_refused_before_it_fills_the_memory() -> None:
    bomb = wrapped(gzip.compress(b"0" * (MAX_INFLATED_BYTES * 4)))
    tracemalloc.start()
    with pytest.raises(PayloadTooLargeError):
        event_of(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 64 * 1024 * 1024


def test_a_log_event_of_another_shape_costs_itself_alone() -> None:
    event = event_of(packed({"logEvents": [None, {"message": 7}, {"message": "fine"}]}))
    assert [log_event.message for log_event in event.log_events] == ["", "", "fine"]


def application() -> tuple[Chalice, list[Any]]:
    app = Chalice(app_name="sample")
    seen: list[Any] = []

    @on_log_subscription(app, name="listener")
    def listen(event: LogSubscriptionEvent) -> int:
        """Docstring of the handler."""
        seen.append(event)
        return len(event.log_events)

    return app, seen


def test_chalice_test_invokes_the_handler_with_an_event() -> None:
    app, seen = application()
    with Client(app) as client:
        answer = client.lambda_.invoke("listener", generate_log_subscription_event(["a", "b"]))
    assert answer.payload == 2
    assert isinstance(seen[0], LogSubscriptionEvent)
    context: Any = seen[0].context
    assert context.function_name == "listener"


def test_the_handler_keeps_the_name_that_deployment_looks_it_up_by() -> None:
    app, _ = application()
    (handler,) = app.pure_lambda_functions
    assert (handler.name, handler.handler_string) == ("listener", "app.listen")


def test_middleware_sees_the_handler_and_what_it_raises() -> None:
    app, _ = application()
    seen: list[str] = []

    @app.middleware("pure_lambda")
    def watch(event: Any, get_response: Any) -> Any:
        seen.append("before")
        try:
            return get_response(event)
        finally:
            seen.append("after")

    with Client(app) as client, pytest.raises(PayloadShapeError):
        client.lambda_.invoke("listener", {})
    assert seen == ["before", "after"]
