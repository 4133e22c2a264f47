"""What is packed and nested without end costs a bounded amount of work and memory."""

from __future__ import annotations

import base64
import gzip
import json
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.ingest.entries import Broken, Entry
from chalicelib.ingest.envelopes import unwrap, unwrap_records
from chalicelib.ingest.log_subscription import MAX_INFLATED_BYTES
from chalicelib.ingest.packed import Budget, PackedError
from chalicelib.ingest.wrappings import WRAPPINGS
from tests.soak import examples

MIB = 1 << 20


def packed(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data)).decode()


def test_a_bomb_is_refused_within_its_bound_of_memory() -> None:
    text = json.dumps({"Records": [{"kinesis": {"data": packed(b"0" * (MAX_INFLATED_BYTES + 9))}}]})
    tracemalloc.start()
    (broken,) = unwrap(text, "file:1")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert isinstance(broken, Broken)
    assert "inflates to more than" in broken.reason
    assert peak < 4 * MAX_INFLATED_BYTES


@pytest.mark.parametrize("wrapping", ["data", "message", "body"])
def test_many_bombs_share_one_bound(wrapping: str) -> None:
    bomb = packed(b"[" + b" " * 8 * MIB + b"]")
    text = json.dumps([{wrapping: bomb}] * 40)
    found = list(unwrap(text, "file:1"))
    refused = [each for each in found if "inflates to more" in getattr(each, "reason", "")]
    assert len(found) == 40
    assert len(refused) > 20


def test_a_bomb_within_a_bomb_within_a_bomb_is_refused() -> None:
    data = json.dumps({"eventVersion": "1.11"}).encode()
    for _ in range(40):
        data = packed(data).encode()
    (broken,) = unwrap(json.dumps({"data": data.decode()}), "file:1")
    assert isinstance(broken, Broken)


def test_layers_of_gzip_without_end_are_refused() -> None:
    data = b"{}"
    for _ in range(20):
        data = gzip.compress(data)
    (broken,) = unwrap(json.dumps({"data": base64.b64encode(data).decode()}), "file:1")
    assert isinstance(broken, Broken)


def test_a_budget_that_is_spent_inflates_nothing() -> None:
    with pytest.raises(PackedError, match="inflates to more"):
        Budget(0).inflate(gzip.compress(b"{}"))


def test_texts_within_texts_without_end_are_refused_in_time() -> None:
    text = json.dumps({"eventVersion": "1.11"})
    for _ in range(12):  # each layer about doubles it
        text = json.dumps({"message": text})
    began = time.process_time()
    assert list(unwrap(text, "file:1"))
    deep: Any = []
    for _ in range(400):
        deep = {"event": deep, "original": "x"}
    assert all(isinstance(each, Broken) for each in unwrap(json.dumps(deep), "file:1"))
    assert time.process_time() - began < 30  # minutes, were it tried at each place


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
TEXTS = st.sampled_from(
    ["{", "[", '{"a": 1}{"b": 2}', "H4sIAAAA", "eyJhIjoxfQ==", "W10=", "{a=b}", '"{\\"a\\": 1}"']
)
KEYS = st.sampled_from(
    [*WRAPPINGS, "field", "value", "@ptr", "eventName", "eventSource", "eventVersion", "s3",
     "userIdentity", "detail-type", "source", "s3ObjectKey", "s3Bucket", "requestParameters"]
)  # fmt: skip


def _containers(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    nested = inner.map(json.dumps)
    zipped = inner.map(lambda value: packed(json.dumps(value).encode()))
    members = inner | nested | zipped
    return st.lists(members, max_size=3) | st.dictionaries(KEYS, members, max_size=4)


@settings(max_examples=examples(300, 10_000), deadline=None, derandomize=True)
@given(st.recursive(SCALARS | TEXTS, _containers, max_leaves=10))
def test_any_json_gives_entries_or_what_is_broken(value: Any) -> None:
    text = json.dumps(value)
    for found in unwrap(text, "file:1"):
        assert isinstance(found, Entry | Broken)
        assert found.where.startswith("file:1")
    assert list(unwrap_records(value, text, "file:1"))


@pytest.mark.parametrize("part", ["[\n", "[\n" * 900 + "x\n", '{"a":\n'])
def test_what_is_opened_over_and_over_is_not_tried_over_and_over(part: str) -> None:
    text = part * (40_000 // len(part) + 1)
    began = time.process_time()
    assert list(unwrap(json.dumps({"message": text}), "file:1"))
    assert list(unwrap(text, "file:1"))
    assert time.process_time() - began < 30  # minutes, were it tried at each place
