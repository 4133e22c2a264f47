"""Every other wrapping that a CloudTrail record arrives in, taken off.

What is recognised, also nested in one another: a record; an array of them; `{"Records": […]}`
of a CloudTrail log file; an awslogs event and its decoded batch; an EventBridge event;
lookup-events and filter-log-events output; Kinesis and Firehose events; SQS and SNS deliveries;
SQS receive-message and Kinesis get-records output; what Lambda writes to a failure destination;
rows of CloudWatch Logs Insights and CloudTrail Lake; documents of Elastic, OCSF, Splunk, Datadog
and Sumo that carry the original; a text of JSON within JSON, or in base64, or in gzip in base64.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from chalicelib.ingest.documents import documents
from chalicelib.ingest.entries import Body, Broken, Entry, Place, Read
from chalicelib.ingest.json_text import JSONTextError, loads
from chalicelib.ingest.log_subscription import LogSubscriptionError
from chalicelib.ingest.packed import Budget, PackedError, seems_packed, unpack
from chalicelib.ingest.recognition import (
    NAMELESS,
    ROW_OF_INSIGHTS,
    is_plainly_record,
    is_record,
    kind_of,
    kind_of_text,
)
from chalicelib.ingest.rows import RowError, insights_row, lake_row
from chalicelib.ingest.trail_files import TrailFileError, records_in
from chalicelib.ingest.wrappings import ARRAYS, WRAPPINGS

# A record within a log event within a batch within a failure envelope within an SQS message
# within a Lambda event: deeper is nobody's wrapping.
MAX_DEPTH = 24
# How a log file of CloudTrail's begins, see ingest.trail_files.
_LOG_FILE = re.compile(r'\s*\{\s*"Records"\s*:')
# Larger than any that CloudTrail writes; to look for records in brackets alone takes long.
_LONGEST_BROKEN_FILE = 16 << 20


__all__ = ["Body", "Broken", "Entry", "Read", "unwrap", "unwrap_item", "unwrap_parsed",
           "unwrap_records"]  # fmt: skip


def unwrap(text: str, where: str) -> Iterator[Read]:
    """The records inside one JSON text. What no wrapping is taken off keeps its text."""
    yield from unwrap_parsed(_loads(text), text, where)


def unwrap_parsed(value: Any, text: str, where: str) -> Iterator[Read]:
    """The records inside one JSON text that is parsed already; None where it could not be."""
    if isinstance(value, dict) and is_record(value):
        yield Entry(text, where)
        return
    place = Place(where, Budget.of(text))
    if value == []:
        return
    if value is not None:
        yield from _value(value, place)
        return
    found = list(_no_json(text, place))
    # Whoever parses the record says that it is no JSON.
    yield from found if _holds_record(found) else [Entry(text, where)]


def unwrap_item(item: Any, position: int, place: Place) -> Iterator[Read]:
    """The records inside one item of an array that stands at a place."""
    if isinstance(item, dict) and is_record(item):  # a log file holds many
        yield Entry(item, f"{place.where}[{position}]")
    else:
        yield from _value(item, place.item(position))


def unwrap_records(value: Any, text: str, where: str) -> Iterator[Read]:
    """As unwrap_parsed, but what holds no record beyond doubt stays as it stands."""
    found = list(unwrap_parsed(value, text, where))
    if any(isinstance(each, Entry) and _is_plain(each.body) for each in found):
        yield from map(_as_it_stands, found)
    else:
        yield Entry(text, where)


def _is_plain(body: Body) -> bool:
    value = _loads(body) if isinstance(body, str) else body
    return isinstance(value, dict) and is_plainly_record(value)


def _as_it_stands(found: Read) -> Read:
    if isinstance(found, Entry) or found.value is None:
        return found
    return Entry(found.value, found.where)


def _holds_record(found: Iterable[Read]) -> bool:
    return any(isinstance(each, Entry) for each in found)


def _value(value: Any, place: Place) -> Iterator[Read]:
    if place.depth > MAX_DEPTH:
        yield place.broken("wrapped too deeply")
    elif isinstance(value, str):
        yield from _text(value, place)
    elif isinstance(value, list):
        yield from _list(value, place)
    elif not isinstance(value, dict):
        found = f"expected a JSON object, found {value!r:.20}"
        yield place.broken(found, json.dumps(value), vague=True)
    elif is_record(value):
        yield Entry(value, place.where)
    else:
        yield from _object(value, place)


def _text(text: str, place: Place) -> Iterator[Read]:
    value = _loads(text)
    if value is None:
        yield from _no_json(text, place)
    elif isinstance(value, dict) and is_record(value):
        yield Entry(text, place.where)
    else:
        yield from _value(value, place.inside())


def _no_json(text: str, place: Place) -> Iterator[Read]:
    """Several JSON documents in one text, or what is packed in base64."""
    if place.depth > MAX_DEPTH:
        yield place.broken("wrapped too deeply")
    elif len(parts := _parts(text)) > 1:
        for position, part in enumerate(parts):
            yield from _text(part, place.item(position))
    elif seems_packed(text):
        yield from _packed(text, place)
    elif len(text) <= _LONGEST_BROKEN_FILE and _LOG_FILE.match(text):
        yield from _broken_file(text, place)
    else:
        kind = kind_of_text(text)
        yield place.broken(kind or "a text that is not JSON", text, vague=not kind)


def _parts(text: str) -> list[str]:
    begins = text.lstrip()[:1] in ("{", "[")
    return [part for _, part in documents(text)] if begins else []


def _broken_file(text: str, place: Place) -> Iterator[Read]:
    """The records of a log file that is no JSON: one of them is none, or it breaks off."""
    try:
        for position, record in enumerate(records_in([text])):
            item = _loads(record)
            if item is None:  # whoever judges it says so
                yield Entry(record, place.item(position).where)
            else:
                yield from unwrap_item(item, position, place)
    except TrailFileError as error:
        yield place.broken(str(error))


def _packed(text: str, place: Place) -> Iterator[Read]:
    try:
        unpacked = unpack(text, place.budget)
    except PackedError as error:
        yield place.broken(str(error), text)
        return
    yield from _text(unpacked, place.inside())


def _list(items: list[Any], place: Place) -> Iterator[Read]:
    row = insights_row(items)
    if not items:
        yield place.broken("an empty array, not a record", vague=True)
    elif row is not None and "@message" not in row:
        yield place.broken(ROW_OF_INSIGHTS, row)
    elif row is not None:
        yield from _value(row["@message"], place.inside())
    else:
        for position, item in enumerate(items):
            yield from unwrap_item(item, position, place)


def _object(value: dict[str, Any], place: Place) -> Iterator[Read]:
    """The first of an object's wrappings that holds a record; else what the object is."""
    tried: list[Read] = []
    empty = False
    for key in WRAPPINGS:
        if key not in value:
            continue
        found = list(_member(key, value, place.inside()))
        if _holds_record(found):
            yield from found
            return
        tried, empty = tried or found, empty or not found
    if tried or not empty:
        yield from _what_it_is(value, tried, place)


def _what_it_is(value: dict[str, Any], tried: list[Read], place: Place) -> Iterator[Read]:
    """The object's own name where what is inside has none; of several inside each for itself."""
    kind = kind_of(value)
    named = any(isinstance(each, Broken) and not each.vague for each in tried)
    several = kind == NAMELESS and any(each.where != place.where for each in tried)
    if (named or several) and "detail-type" not in value:
        yield from tried
    else:
        yield place.broken(kind, value, vague=kind == NAMELESS)


def _member(key: str, value: dict[str, Any], place: Place) -> Iterator[Read]:
    member = value[key]
    if key == "awslogs":
        yield from _awslogs(value, place)
    elif key == "QueryResultRows" and isinstance(member, list):
        yield from _lake_rows(member, place)
    elif key in ("data", "Data") and isinstance(member, str) and _loads(member) is None:
        yield from _packed(member, place)
    elif (key in ARRAYS and member == []) or value.get("messageType") == "CONTROL_MESSAGE":
        return  # CloudWatch Logs only checks that the destination can be reached
    else:
        yield from _value(member, place)


def _lake_rows(rows: list[Any], place: Place) -> Iterator[Read]:
    for position, row in enumerate(rows):
        at = place.item(position)
        try:
            yield from _value(lake_row(row), at)
        except RowError as error:
            yield at.broken(str(error))


def _awslogs(value: dict[str, Any], place: Place) -> Iterator[Read]:
    try:
        batch = loads(place.budget.batch(value))
    except (LogSubscriptionError, PackedError) as error:
        yield place.broken(str(error))
    except JSONTextError as error:
        yield place.broken(f"the payload is {error}")
    else:
        yield from _value(batch, place)


def _loads(text: str) -> Any:
    """The JSON value of a text, None where it is not JSON."""
    try:
        return loads(text)
    except JSONTextError:
        return None
