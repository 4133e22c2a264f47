"""Every other wrapping that a CloudTrail record arrives in, taken off.

What is recognised, also nested in one another: a record; an array of them; `{"Records": […]}`
of a CloudTrail log file; an awslogs event and its decoded batch; an EventBridge event;
lookup-events and filter-log-events output; SQS and SNS deliveries; SQS receive-message output;
what Lambda writes to a failure destination.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.ingest.json_text import JSONTextError, loads
from chalicelib.ingest.log_subscription import LogSubscriptionError, decode

# A record within a log event within a batch within a failure envelope within an SQS message
# within a Lambda event: deeper is nobody's wrapping.
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True)
class Entry:
    """What ought to be one record: its JSON text, or the object where no text was kept."""

    body: str | dict[str, Any]
    where: str


@dataclass(frozen=True, slots=True)
class Broken:
    """What ought to hold records and cannot be read."""

    reason: str
    where: str


def unwrap(text: str, where: str) -> Iterator[Entry | Broken]:
    """The records inside one JSON text. What no wrapping is taken off keeps its text."""
    yield from unwrap_parsed(_loads(text), text, where)


def unwrap_parsed(value: Any, text: str, where: str) -> Iterator[Entry | Broken]:
    """The records inside one JSON text that is parsed already; None where it could not be."""
    if value is None:
        yield Entry(text, where)  # whoever parses the record says that it is no JSON
        return
    for found in unwrap_value(value, where):
        bare = isinstance(found, Entry) and found.body is value
        yield Entry(text, where) if bare else found


def unwrap_value(value: Any, where: str, depth: int = 0) -> Iterator[Entry | Broken]:
    """The records inside a parsed JSON value."""
    if depth > MAX_DEPTH:
        yield Broken("wrapped too deeply", where)
    elif isinstance(value, list):
        yield from _unwrap_all(value, where, depth)
    elif not isinstance(value, dict):
        yield Broken(f"expected a JSON object, found {value!r:.20}", where)
    elif _is_record(value):
        yield Entry(value, where)
    else:
        yield from _unwrap_object(value, where, depth)


def _unwrap_object(value: dict[str, Any], where: str, depth: int) -> Iterator[Entry | Broken]:
    for key, member in _MEMBERS:
        if key in value and isinstance(value[key], list):
            yield from _unwrap_all((_member(item, member) for item in value[key]), where, depth)
            return
        if key in value:
            yield from _unwrap_text(value[key], where, depth)
            return
    if "awslogs" in value:
        yield from _unwrap_awslogs(value, where, depth)
        return
    yield Entry(value, where)


# Where the records of each wrapping are: a list's key and the key of the record in its items
# (None: the item itself), or a single object's key. The order decides where several are there.
_MEMBERS: tuple[tuple[str, str | None], ...] = (
    ("Records", None),  # CloudTrail log file, SQS and SNS events (their items are unwrapped too)
    ("logEvents", "message"),  # a decoded awslogs batch
    ("events", "message"),  # filter-log-events, get-log-events
    ("Events", "CloudTrailEvent"),  # lookup-events
    ("Messages", "Body"),  # sqs receive-message
    ("CloudTrailEvent", None),  # one event of lookup-events
    ("requestPayload", None),  # a failure destination's envelope
    ("detail", None),  # EventBridge
    ("body", None),  # one SQS record
    ("Body", None),  # one message of receive-message
    ("Sns", None),  # one SNS record
    ("Message", None),  # the notification inside it
    ("message", None),  # one log event
)


def _unwrap_all(items: Iterable[Any], where: str, depth: int) -> Iterator[Entry | Broken]:
    for position, item in enumerate(items):
        yield from _unwrap_text(item, f"{where}[{position}]", depth)


def _unwrap_text(value: Any, where: str, depth: int) -> Iterator[Entry | Broken]:
    if not isinstance(value, str):
        yield from unwrap_value(value, where, depth + 1)
        return
    parsed = _loads(value)
    if isinstance(parsed, dict | list) and not _is_record(parsed):
        yield from unwrap_value(parsed, where, depth + 1)
    else:
        yield Entry(value, where)


def _unwrap_awslogs(value: dict[str, Any], where: str, depth: int) -> Iterator[Entry | Broken]:
    try:
        batch = decode(value)
    except LogSubscriptionError as error:
        yield Broken(str(error), where)
        return
    if batch.get("messageType") == "CONTROL_MESSAGE":
        return
    yield from unwrap_value(batch, where, depth + 1)


def _member(item: Any, key: str | None) -> Any:
    return item[key] if key is not None and isinstance(item, dict) and key in item else item


def _is_record(value: Any) -> bool:
    # Insights and truncated records lack eventName or eventSource, but no wrapping has these.
    return isinstance(value, dict) and (
        "eventVersion" in value or "userIdentity" in value or "eventName" in value
    )


def _loads(text: str) -> Any:
    """The JSON value of a text, None where it is not JSON."""
    try:
        return loads(text)
    except JSONTextError:
        return None
