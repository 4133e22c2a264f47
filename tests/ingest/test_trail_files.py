"""A trail's file as a stream: each record's own text, and what is no whole file."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.ingest import trail_files
from chalicelib.ingest.trail_files import TrailFileError, records_of

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.sampled_from('ab{}[]"\\,:\n é"')),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
RECORDS = st.lists(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), max_size=5)


def packed(document: Any) -> bytes:
    return gzip.compress(json.dumps(document).encode(), mtime=0)


def in_pieces(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


@given(RECORDS, st.integers(1, 40), st.booleans(), st.booleans())
def test_every_record_comes_out_whole_however_the_file_arrives(
    records: list[dict[str, Any]], size: int, ascii_only: bool, indented: bool
) -> None:
    text = json.dumps(
        {"before": ["Records", {"Records": 1}], "Records": records, "after": {"x": [{}]}},
        ensure_ascii=ascii_only,
        indent=1 if indented else None,
    )
    data = gzip.compress(text.encode(), mtime=0)
    assert [json.loads(each) for each in records_of(in_pieces(data, size))] == records


def test_the_text_of_a_record_is_what_stands_in_the_file() -> None:
    texts = ['{"a" :1.50,"b":"\\u00e9 }{"}', '{ "c":[{"d":{}},[]] }']
    data = gzip.compress(f'{{"Records":[{texts[0]},\n {texts[1]}]}}'.encode())
    assert list(records_of([data])) == texts


def test_what_is_no_object_among_the_records_is_a_record_nobody_can_read() -> None:
    assert list(records_of([packed({"Records": [{"a": 1}, "text", {"b": 2}]})])) == [
        '{"a": 1}',
        '"text"',
        '{"b": 2}',
    ]


def test_several_gzip_members_are_one_file() -> None:
    text = json.dumps({"Records": [{"a": 1}, {"b": 2}]}).encode()
    data = gzip.compress(text[:15]) + gzip.compress(text[15:])
    assert len(list(records_of([data]))) == 2


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "the gzip data ends early"),
        (b'{"Records":[]}', "the data is not gzip"),
        (packed({"digestStartTime": "t"}), "no JSON object with Records"),
        (packed([{"Records": [{"a": 1}]}]), "no JSON object with Records"),
        (packed("Records"), "no JSON object with Records"),
        (gzip.compress(b"]}", mtime=0), "no JSON object with Records"),
        (gzip.compress(b'{"Records":[{"a":1},', mtime=0), "the JSON ends early"),
        (gzip.compress(b'{"Records":["a', mtime=0), "the JSON ends early"),
        (packed({"Records": [{"a": 1}]})[:-9], "the gzip data ends early"),
    ],
)
def test_what_is_no_whole_file_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(TrailFileError, match=reason):
        list(records_of([data]))


def test_what_stands_before_the_damage_is_read() -> None:
    cut = gzip.compress(json.dumps({"Records": [{"n": n} for n in range(500)]}).encode())[:-40]
    read = list[str]()
    with pytest.raises(TrailFileError):
        read.extend(records_of(in_pieces(cut, 64)))
    assert len(read) > 100


def test_a_bomb_and_an_endless_record_end_before_they_fill_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(trail_files, "MOST_BYTES", 1_000_000)
    with pytest.raises(TrailFileError, match="inflates to more than 1,000,000"):
        list(records_of([gzip.compress(b" " * 3_000_000)]))
    monkeypatch.setattr(trail_files, "MOST_BYTES", 1 << 40)
    monkeypatch.setattr(trail_files, "MOST_OF_A_RECORD", 1_000_000)
    with pytest.raises(TrailFileError, match="a record of more than"):
        list(records_of([packed({"Records": [{"a": "x" * 5_000_000}]})]))
