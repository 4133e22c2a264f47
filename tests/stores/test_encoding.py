"""What is written of an alert can be read again, whatever a caller put into its record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.stores import encoding, plain
from chalicelib.stores.encoding import pack_alert, pack_record, unpack_alert
from tests.stores.factories import NOW, alert


def kept(record: dict[str, Any]) -> dict[str, Any]:
    return unpack_alert(pack_alert(alert()), pack_record(record)).record


def nested(depth: int) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for _ in range(depth):
        record = {"a": record}
    return record


def test_an_alert_comes_back_as_it_was_without_its_record() -> None:
    again = unpack_alert(pack_alert(alert()))
    assert again == alert()
    assert again.record == {}


def test_an_alert_kept_before_anything_was_allowed_comes_back() -> None:
    values = encoding._loads(encoding._unpacked(pack_alert(alert())))
    del values["allowed"]
    assert unpack_alert(encoding._pack(values)) == alert()
    allowed = alert(allowed="known, mine.toml:1")
    assert unpack_alert(pack_alert(allowed)).allowed == "known, mine.toml:1"


def test_half_a_surrogate_pair_comes_back() -> None:
    odd = alert(actor="\ud800 mallory", error_message="\udfff", resources=("\ud83e",))
    assert unpack_alert(pack_alert(odd)) == odd


@pytest.mark.parametrize(
    "value", ["\ud800", "\x00", 2**64 - 1, -(2**63), 1.5, None, [], {}, "\N{SNOWMAN}"]
)
def test_a_record_of_any_json_comes_back(value: object) -> None:
    assert kept({"value": value}) == {"value": value}


def test_an_overlong_text_is_cut_and_so_are_resources() -> None:
    long = alert(text="x" * 10_000, resources=("y" * 10_000,) * 100)
    again = unpack_alert(pack_alert(long))
    assert again.text == "x" * 2048
    assert again.resources == ("y" * 1024,) * 50


def test_a_record_nested_deeper_than_one_parser_goes_comes_back() -> None:
    assert kept(nested(500)) == nested(500)


def test_a_record_nested_ten_thousand_deep_leaves_a_note_in_its_place() -> None:
    assert kept(nested(10_000)) == {"omitted": "the record is nested too deeply to be kept"}


@pytest.mark.parametrize(
    ("text", "as_written"), [("a\ud800b", "a?b"), ("\N{SNOWMAN}", "\N{SNOWMAN}"), ("", "")]
)
def test_text_that_utf_8_cannot_hold_is_replaced(text: str, as_written: str) -> None:
    assert plain.storable(text) == as_written


def test_a_search_finds_what_was_written_in_any_case_and_without_nulls() -> None:
    assert encoding.searchable("Al\0ICE\ud800") == "al ice?"
    assert (
        encoding.words(alert(title="A\0b", resources=())) == "a b\nalice\nstoplogging\n192.0.2.10"
    )


def test_what_is_searched_and_filtered_by_is_bounded() -> None:
    assert len(encoding.words(alert(resources=("x" * 5000,)))) == 1000
    assert encoding.filters_of(alert(actor="x" * 5000))["actor"] == "x" * 256


@settings(derandomize=True, deadline=None)
@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_comes_back_to_the_microsecond_and_lies_within_its_second(time: datetime) -> None:
    assert plain.from_micros(plain.micros(time)) == time
    down = encoding.from_seconds(encoding.seconds(time))
    assert timedelta() <= time - down < timedelta(seconds=1)
    whole = encoding.seconds(time) if time == down else encoding.seconds(time) + 1
    assert encoding.seconds_from(time) == whole


def test_an_hour_is_named_by_its_beginning() -> None:
    late = NOW.replace(hour=23, minute=59, second=59)
    assert encoding.hour_of(encoding.seconds(late)) == "2026-11-24T23:00:00Z"
