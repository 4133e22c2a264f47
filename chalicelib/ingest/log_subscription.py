"""CloudWatch Logs invoking a Lambda: on_log_subscription and the event that it hands over."""

from __future__ import annotations

import base64
import binascii
import functools
import zlib
from collections.abc import Callable
from typing import Any, NamedTuple

from chalice.app import BaseLambdaEvent, Chalice

from chalicelib.ingest.inflating import quickly_inflated
from chalicelib.ingest.json_text import JSONTextError, loads

# Lambda takes at most 1 MB from an asynchronous invocation, base64 and gzip included; real
# CloudTrail batches inflate about tenfold. zlib takes twice this while it inflates.
# Source: Lambda quotas, "Invocation payload".
MAX_INFLATED_BYTES = 24 * 1024 * 1024


class LogSubscriptionError(ValueError):
    """A payload that is not what CloudWatch Logs sends. Subclasses tell which step failed."""


class PayloadShapeError(LogSubscriptionError):
    """The event has no awslogs.data, or its JSON lacks what every batch has."""


class Base64Error(LogSubscriptionError):
    """awslogs.data is not base64."""


class GzipError(LogSubscriptionError):
    """The data is not one whole gzip stream."""


class PayloadTooLargeError(LogSubscriptionError):
    """The data inflates beyond MAX_INFLATED_BYTES: a bomb."""


class PayloadJSONError(LogSubscriptionError):
    """What was inflated is not JSON."""


class LogEvent(NamedTuple):
    """One line of a log stream; `timestamp` in milliseconds since 1970 UTC."""

    id: str
    timestamp: int
    message: str


class LogSubscriptionEvent(BaseLambdaEvent):
    """A batch that a subscription filter delivered.

    Source of the fields: CloudWatch Logs user guide, "Real-time processing of log data with
    subscriptions". `is_control` tells CloudWatch's reachability probe from data.
    """

    message_type: str
    owner: str
    log_group: str
    log_stream: str
    subscription_filters: list[str]

    def _extract_attributes(self, event_dict: dict[str, Any]) -> None:
        batch = decode(event_dict)
        self.message_type = _string(batch, "messageType")
        self.owner = _string(batch, "owner")
        self.log_group = _string(batch, "logGroup")
        self.log_stream = _string(batch, "logStream")
        filters = batch.get("subscriptionFilters")
        self.subscription_filters = filters if isinstance(filters, list) else []
        events = batch.get("logEvents")
        if not isinstance(events, list):
            raise PayloadShapeError("the payload has no logEvents")
        self._events = events

    @property
    def log_events(self) -> list[LogEvent]:
        """The lines that were logged, each with its id and time; none for what is no object."""
        return [_log_event(event) for event in self._events]

    @property
    def is_control(self) -> bool:
        """CONTROL_MESSAGE is CloudWatch checking that the destination can be reached."""
        return self.message_type == "CONTROL_MESSAGE"

    @property
    def messages(self) -> list[str]:
        """The lines alone; a reachability probe carries none."""
        if self.is_control:
            return []
        try:
            found = [event["message"] for event in self._events]
        except (KeyError, TypeError):
            found = []
        # All at once where each is as it should be, which is in every batch that CloudWatch sends.
        is_each_text = len(found) == len(self._events) and set(map(type, found)) <= {str}
        return found if is_each_text else [_message(event) for event in self._events]


def on_log_subscription(
    app: Chalice, name: str | None = None
) -> Callable[[Callable[[LogSubscriptionEvent], Any]], Any]:
    """Register a Lambda that CloudWatch Logs invokes, in the manner of Chalice's on_cw_event.

        @on_log_subscription(app, name="ingest_logs")
        def ingest_logs(event): ...

    Chalice has no decorator for CloudWatch *Logs* (its on_cw_event is EventBridge). The function
    takes one LogSubscriptionEvent. Chalice's middleware sees the function as `pure_lambda`;
    what the function raises reaches Lambda, so its retries and failure destination work.
    """

    def register(function: Callable[[LogSubscriptionEvent], Any]) -> Any:
        @functools.wraps(function)  # Chalice's handler string is module.__name__
        def handler(event: dict[str, Any], context: Any) -> Any:
            return function(LogSubscriptionEvent(event, context))

        return app.lambda_function(name=name)(handler)

    return register


def decode(event: dict[str, Any]) -> dict[str, Any]:
    """The batch inside `{"awslogs": {"data": base64(gzip(JSON))}}`; bounded in memory."""
    try:
        batch = loads(unpacked(event, MAX_INFLATED_BYTES))
    except JSONTextError as error:
        raise PayloadJSONError(f"the payload is {error}") from error
    if not isinstance(batch, dict):
        raise PayloadShapeError("the payload is not a JSON object")
    return batch


def unpacked(event: dict[str, Any], limit: int) -> bytes:
    """The batch's JSON, of at most `limit` bytes. Raises LogSubscriptionError."""
    awslogs = event.get("awslogs") if isinstance(event, dict) else None
    data = awslogs.get("data") if isinstance(awslogs, dict) else None
    if not isinstance(data, str):
        raise PayloadShapeError("the event has no awslogs.data: not from CloudWatch Logs")
    try:
        packed = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Base64Error(f"awslogs.data is not base64: {error}") from error
    return inflate(packed, limit)


def inflate(packed: bytes, limit: int) -> bytes:
    """Gunzip one member to at most `limit` bytes, or raise GzipError, PayloadTooLargeError."""
    return inflate_member(packed, limit)[0]


def inflate_member(packed: bytes, limit: int) -> tuple[bytes, bytes]:
    """As inflate does, and what stands behind the member."""
    if quickly := quickly_inflated(packed, limit):
        return quickly
    inflater = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)  # 16: a gzip header is required
    try:
        inflated = inflater.decompress(packed, limit)
    except zlib.error as error:
        raise GzipError(f"the data is not gzip: {error}") from error
    if inflater.unconsumed_tail:
        raise PayloadTooLargeError(f"the data inflates to more than {limit} bytes")
    if not inflater.eof:
        raise GzipError("the gzip data ends early")
    return inflated, inflater.unused_data


def _log_event(event: Any) -> LogEvent:
    if not isinstance(event, dict):
        return LogEvent("", 0, "")
    timestamp = event.get("timestamp")
    return LogEvent(
        _string(event, "id"),
        timestamp if isinstance(timestamp, int) else 0,
        _message(event),
    )


def _message(event: Any) -> str:
    return _string(event, "message") if isinstance(event, dict) else ""


def _string(mapping: dict[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""
