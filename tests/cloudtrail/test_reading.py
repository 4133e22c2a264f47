"""Requests whatever their shape: wrappers, lists of one, documents in texts, dotted keys."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.cloudtrail.reading import (
    at,
    attributes,
    document,
    each,
    flag,
    get,
    request_of,
    texts,
    whole,
)
from chalicelib.cloudtrail.record import Record
from tests.events import cloudtrail

TEXT = '{"a": "b c+d"}'


@pytest.mark.parametrize(
    "value",
    [
        ["x", "y"],
        {"items": ["x", "y"]},
        {"item": ["x", {"member": "y"}]},
        {"1": "x", "2": "y"},
        [["x"], None, {"items": []}, {}, "y"],
    ],
)
def test_a_list_is_read_in_every_wrapping(value: Any) -> None:
    assert list(each(value)) == ["x", "y"]


def test_what_is_no_list_is_its_own_only_element() -> None:
    assert list(each({"a": 1})) == [{"a": 1}]
    assert list(each(None)) == []


@pytest.mark.parametrize(
    "written",
    [TEXT, quote(TEXT), quote(quote(TEXT)), json.dumps(TEXT), f"\ufeff {TEXT}", {"a": "b c+d"}],
)
def test_a_document_is_read_however_often_it_was_encoded(written: Any) -> None:
    assert document(written) == {"a": "b c+d"}


@pytest.mark.parametrize("written", ["", "{", "text", "%7B", 7, None, True, '"' * 9, "[" * 2000])
def test_what_is_no_document_is_none(written: Any) -> None:
    assert document(written) is None


def test_the_case_of_a_key_does_not_matter_and_the_exact_one_goes_first() -> None:
    assert get({"PublicAccess": 1}, "publicAccess") == 1
    assert get({"Name": 1, "name": 2}, "name") == 2
    assert at({"A": {"items": [{"b": 1}, {"B": [2]}]}}, "a.b|c") == [1, [2]]


def test_keys_of_the_query_protocol_are_nested() -> None:
    flat = {"Rule.1.Cidr.1.Ip": "x", "Rule.1.Cidr.2.Ip": "y", "Rule.1": 5, "access_logs.s3.on": 1}
    nested = request_of(Record(cloudtrail("X", requestParameters=flat)))
    assert nested["access_logs.s3.on"] == 1
    wrapped = request_of(Record(cloudtrail("X", requestParameters={"XRequest": {"A": 1}, "b": 2})))
    assert (wrapped["A"], wrapped["b"]) == (1, 2)
    del flat["Rule.1"]
    nested = request_of(Record(cloudtrail("X", requestParameters=flat)))
    assert texts(at(nested, "rule.cidr.ip")) == ["x", "y"]


def test_ten_thousand_dotted_keys_are_nested_in_no_time() -> None:
    flat = {f"Rule.{i}.Cidr": "x" for i in range(10_000)}
    nested = request_of(Record(cloudtrail("X", requestParameters=flat)))
    assert len(texts(at(nested, "Rule.Cidr"))) == 10_000


def test_attributes_are_names_and_values_in_every_shape() -> None:
    wanted = {"Policy": "p"}
    for request in (
        {"attributes": {"Policy": "p"}},
        {"attributes": [{"key": "Policy", "value": "p"}]},
        {"attribute": {"Name": "Policy", "Value": "p"}},
        {"attributeName": "Policy", "attributeValue": "p"},
    ):
        assert attributes(request) == wanted


def test_switches_and_numbers_are_read_as_texts_too_and_nothing_else() -> None:
    switches: list[Any] = [True, "FALSE", {"value": "true"}, 1, "yes", None, []]
    assert [flag(value) for value in switches] == [
        *(True, False, True), *[None] * 4,
    ]  # fmt: skip
    numbers: list[Any] = [22, "22", 22.0, " -1 ", True, 22.5, "x", None, 10**30]
    assert [whole(value) for value in numbers] == [
        *(22, 22, 22, -1), *[None] * 5,
    ]  # fmt: skip


def test_none_is_a_word_and_what_is_hidden_is_none() -> None:
    assert texts(["NONE", "-", 12, "HIDDEN_DUE_TO_SECURITY_REASONS", True]) == ["NONE", "-", "12"]
