"""Every wrapping that a record arrives in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.ingest.envelopes import Broken, Entry, unwrap
from tests.subscriptions import generate_log_subscription_event, wrapped

RECORD = {"eventVersion": "1.11", "eventName": "StopLogging", "eventID": "e-1"}
TEXT = json.dumps(RECORD)


def records_in(value: Any) -> list[Any]:
    text = value if isinstance(value, str) else json.dumps(value)
    return [
        json.loads(entry.body) if isinstance(entry.body, str) else entry.body
        for entry in unwrap(text, "file:1")
        if isinstance(entry, Entry)
    ]


def sqs(body: str) -> dict[str, Any]:
    return {"Records": [{"messageId": "m", "eventSource": "aws:sqs", "body": body}]}


FAILED = {"requestContext": {"condition": "RetriesExhausted"}, "requestPayload": None}


@pytest.mark.parametrize(
    "wrapping",
    [
        pytest.param(RECORD, id="a record"),
        pytest.param([RECORD], id="an array"),
        pytest.param({"Records": [RECORD]}, id="a CloudTrail log file"),
        pytest.param(generate_log_subscription_event([RECORD]), id="an awslogs event"),
        pytest.param({"logEvents": [{"message": TEXT}]}, id="a decoded awslogs batch"),
        pytest.param(
            {"version": "0", "detail-type": "AWS API Call via CloudTrail", "detail": RECORD},
            id="an EventBridge event",
        ),
        pytest.param({"Events": [{"CloudTrailEvent": TEXT}]}, id="lookup-events"),
        pytest.param({"events": [{"message": TEXT}]}, id="filter-log-events"),
        pytest.param(sqs(TEXT), id="an SQS event"),
        pytest.param({"Messages": [{"Body": TEXT}]}, id="receive-message"),
        pytest.param(
            {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": TEXT}}]}, id="an SNS event"
        ),
        pytest.param(
            {**FAILED, "requestPayload": generate_log_subscription_event([RECORD])},
            id="a failure destination",
        ),
        pytest.param(
            sqs(json.dumps({**FAILED, "requestPayload": {"detail": RECORD}})),
            id="a failure destination in SQS",
        ),
    ],
)
def test_the_record_is_found_in(wrapping: Any) -> None:
    assert records_in(wrapping) == [RECORD]


def test_a_bare_record_keeps_its_text() -> None:
    text = '{"eventVersion": "1.11", "n": 1.10}'
    assert list(unwrap(text, "file:1")) == [Entry(text, "file:1")]


def test_each_record_says_where_it_stood() -> None:
    entries = list(unwrap(json.dumps({"Records": [RECORD, RECORD]}), "file:1"))
    assert [entry.where for entry in entries] == ["file:1[0]", "file:1[1]"]


def test_what_is_no_json_is_left_for_the_record_to_refuse() -> None:
    assert list(unwrap("no json", "file:1")) == [Entry("no json", "file:1")]


FILE_OF_THREE = json.dumps({"Records": [{"eventVersion": "1.11", "n": n} for n in range(3)]})


def test_a_log_file_that_breaks_off_costs_what_it_lacks() -> None:
    found = list(unwrap(FILE_OF_THREE[:-20], "t.json:1"))
    assert [each.where for each in found] == ["t.json:1[0]", "t.json:1[1]", "t.json:1"]
    assert isinstance(found[-1], Broken)
    assert found[-1].reason == "the JSON ends early"


def test_a_record_that_is_no_json_costs_itself_alone() -> None:
    found = list(unwrap(FILE_OF_THREE.replace('"n": 1', '"n": x'), "t.json:1"))
    whole = {"eventVersion": "1.11"}
    broken = '{"eventVersion": "1.11", "n": x}'
    assert found == [
        Entry({**whole, "n": 0}, "t.json:1[0]"),
        Entry(broken, "t.json:1[1]"),
        Entry({**whole, "n": 2}, "t.json:1[2]"),
    ]


def test_a_control_message_holds_no_records() -> None:
    probe = generate_log_subscription_event(["check"], message_type="CONTROL_MESSAGE")
    assert list(unwrap(json.dumps(probe), "file:1")) == []


def test_a_broken_batch_is_told_with_its_reason() -> None:
    (broken,) = unwrap(json.dumps(wrapped(b"no gzip")), "file:1")
    assert isinstance(broken, Broken)
    assert "not gzip" in broken.reason


def test_wrapping_without_end_is_refused() -> None:
    endless: Any = RECORD
    for _ in range(50):
        endless = {"Records": [endless]}
    (broken,) = unwrap(json.dumps(endless), "file:1")
    assert isinstance(broken, Broken)


@pytest.mark.parametrize("wrapping", ['{"awslogs": %s}', '{"detail": %s}', '{"Records": [%s]}'])
def test_nesting_as_deep_as_can_be_parsed_is_refused(wrapping: str) -> None:
    for depth in range(900, 1100):
        assert list(unwrap(wrapping % ("[" * depth + "]" * depth), "file:1"))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["Records", "detail", "awslogs", "data", "body", "Message", "events"])
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(JSON)
def test_no_json_makes_unwrapping_fail(value: Any) -> None:
    for found in unwrap(json.dumps(value), "file:1"):
        assert found.where.startswith("file:1")


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text())
def test_no_text_makes_unwrapping_fail(text: str) -> None:
    assert list(unwrap(text, "file:1"))
