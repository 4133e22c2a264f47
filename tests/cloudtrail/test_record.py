"""Record: every odd shape that real trails hold."""

from __future__ import annotations

import contextlib
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail.record import Record, RecordError, alert_id_of

PROPERTIES = [name for name in dir(Record) if isinstance(getattr(Record, name), property)]


def record(**raw: Any) -> Record:
    return Record.parse(json.dumps(raw))


def test_a_record_keeps_its_text() -> None:
    text = '{"n": 1.10}'
    assert Record.parse(text).text == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not JSON"),
        ("nonsense", "not JSON"),
        ('{"a": ', "not JSON"),
        ("[]", "an array"),
        ("null", "null"),
        ('"text"', "a string"),
        ("7", "a number"),
        ("[" * 100_000, "not JSON|nested too deeply"),
    ],
)
def test_what_is_no_record_says_what_it_is(text: str, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        Record.parse(text)


@pytest.mark.parametrize("odd", [r'"\ud800"', '"\ud800"', "NaN", "1e999", "9" * 5000])
def test_what_orjson_refuses_and_json_takes_is_read(odd: str) -> None:
    assert "a" in Record.parse(f'{{"a": {odd}}}').raw


@pytest.mark.parametrize("value", [None, 7, [], "text", {"unexpected": {}}, True])
def test_no_property_fails_on_a_field_of_another_type(value: Any) -> None:
    fields = ("eventID", "eventTime", "userIdentity", "requestParameters", "readOnly", "userAgent")
    odd = record(**dict.fromkeys((*fields, "addendum", "recipientAccountId"), value))
    for name in PROPERTIES:
        getattr(odd, name)


def test_absent_strings_are_empty_and_absent_objects_too() -> None:
    empty = record()
    assert (empty.event_name, empty.source_ip, empty.user_identity) == ("", "", {})
    assert record(requestParameters="null").request == {}


@pytest.mark.parametrize(
    ("value", "meaning"),
    [(True, True), ("true", True), ("True", True), ("false", False), (False, False), ("", None)],
)
def test_read_only_is_a_boolean_or_a_string_that_says_one(value: Any, meaning: Any) -> None:
    assert record(readOnly=value).read_only is meaning


def test_a_user_agent_that_is_a_list_is_joined() -> None:
    assert record(userAgent=["aws-cli/2", "exec"]).user_agent == "aws-cli/2 exec"


@pytest.mark.parametrize(
    "text",
    ["2025-01-21T17:49:47Z", "2025-01-21 17:49:47.000000000", "2025-01-21T18:49:47+01:00"],
)
def test_event_times_are_utc_whatever_their_spelling(text: str) -> None:
    assert record(eventTime=text).event_time == datetime(2025, 1, 21, 17, 49, 47, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "yesterday", "0001-01-01T00:00:00+23:59", "2025-13-01"])
def test_a_time_that_cannot_be_read_is_none(text: str) -> None:
    assert record(eventTime=text).event_time is None


def test_an_alert_is_known_by_account_and_event() -> None:
    one = record(recipientAccountId="111122223333", eventID="e", eventName="A")
    other = record(recipientAccountId="111122223333", eventID="e", eventName="B")
    elsewhere = record(recipientAccountId="444455556666", eventID="e", eventName="A")
    assert one.alert_id == other.alert_id == alert_id_of("111122223333", "e")
    assert elsewhere.alert_id != one.alert_id


def test_without_an_event_id_an_alert_is_known_by_the_whole_record() -> None:
    one = Record.parse('{"eventName": "A", "awsRegion": "eu-west-1"}')
    same = Record.parse('{"awsRegion":"eu-west-1","eventName":"A"}')
    assert one.alert_id == same.alert_id
    assert one.alert_id != record(eventName="B", awsRegion="eu-west-1").alert_id


def test_only_updated_data_corrects_another_event() -> None:
    addendum = {"reason": "UPDATED_DATA", "originalEventID": "e-1"}
    assert record(addendum=addendum).updates_event_id == "e-1"
    assert record(addendum={**addendum, "reason": "DELIVERY_DELAY"}).updates_event_id == ""


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.text())
def test_no_text_makes_parsing_fail_with_another_error(text: str) -> None:
    with contextlib.suppress(RecordError):
        Record.parse(text)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"digestStartTime": "t", "digestEndTime": "t"}, "a digest file of CloudTrail"),
        ('{"digestStartTime": "t", "digestEndTime": "t"}', "a digest file of CloudTrail"),
        ({"Records": [{"eventSource": "aws:kinesis", "eventVersion": "1.0"}]}, "item of kinesis"),
        ('{"message": "An Error"}', "without CloudTrail's fields"),
        ("2 111122223333 eni-0a1b 192.0.2.1 192.0.2.2", "VPC flow logs"),
    ],
)
def test_json_that_is_no_cloudtrail_record_is_refused_by_name(body: Any, reason: str) -> None:
    with pytest.raises(RecordError, match=reason):
        Record.of(body)


def test_an_event_has_an_id_of_its_own_made_of_exactly_what_tells_events_apart() -> None:
    one = {
        "recipientAccountId": "111122223333",
        "eventID": "e-1",
        "eventName": "StopLogging",
        "eventSource": "cloudtrail.amazonaws.com",
        "eventTime": "2026-01-02T03:04:05Z",
    }
    own = record(**one).own_id("alice")
    assert re.fullmatch("[0-9a-f]{32}", own)
    assert own == record(**one, errorCode="AccessDenied", awsRegion="eu-west-1").own_id("alice")
    assert own == record(**{**one, "eventTime": "2026-01-02 04:04:05.000+01:00"}).own_id("alice")
    others = [record(**{**one, name: value}).own_id("alice") for name in one for value in ("x", 5)]
    others += [record(**one).own_id("mallory"), record(**one).alert_id]
    assert len({own, *others}) == len(others) + 1


@pytest.mark.parametrize("field", ["eventID", "recipientAccountId"])
def test_without_an_id_or_account_it_is_the_hash_of_the_record(field: str) -> None:
    one = {"recipientAccountId": "111122223333", "eventID": "e-1", field: None}
    assert record(**one).own_id("alice") == record(**one).alert_id


def test_an_addendum_that_names_itself_is_none() -> None:
    addendum = {"reason": "UPDATED_DATA", "originalEventID": "e-1"}
    assert record(eventID="e-1", addendum=addendum).updates_event_id == ""
