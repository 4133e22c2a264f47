"""How far an archive was read into a store: what is left out next time, and what is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.stores.trail_bucket import Listed
from cli.s3.file import S3File
from cli.s3.listing import Listing
from cli.s3.marks import WRITE_EVERY, Marks
from cli.span import Span
from tests.cli.s3.bucket import REGION, key_of
from tests.soak import examples

KEYS = [key_of(f"2026/01/{day:02d}", number) for day in (1, 2) for number in range(3)]
OTHER_REGION = key_of("2026/01/01", region=REGION.replace("eu-central", "us-east"))
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NIGHT = datetime(2026, 1, 2, tzinfo=UTC)


class Noted(dict[str, dict[str, Any]]):
    """See Notes."""

    writes = 0

    def note(self, key: str, value: dict[str, Any]) -> None:
        self[key] = value
        self.writes += 1

    def noted(self, key: str) -> dict[str, Any] | None:
        return self.get(key)


def marks(notes: Noted, span: Span | None = None, rules: str = "r", dry: bool = False) -> Marks:
    return Marks(notes, rules, span or Span(), is_dry=dry, clock=lambda: 0.0)


def read(marks: Marks, *keys: str) -> None:
    for key in keys:
        marks.done(S3File("trail", key, 1))
    marks.close()


def left(marks: Marks, *keys: str, again: bool = False) -> list[str]:
    """What is still to be read of them."""
    listing = Listing()
    listing.add(Listed(key, 1, "STANDARD") for key in keys)
    known = marks.leave_out("trail", listing, again=again)
    rest = [each.key for each in listing.files()]
    assert known == len(set(keys)) - len(rest)
    return rest


@settings(max_examples=examples(25, 500))
@given(st.integers(0, len(KEYS)), st.integers(0, len(KEYS)))
def test_it_goes_on_after_the_last_file_that_was_read(first: int, second: int) -> None:
    notes = Noted()
    for most in (first, second):
        going_on = marks(notes)
        read(going_on, *left(going_on, *KEYS)[:most])
    assert left(marks(notes), *KEYS) == KEYS[first + second :]


def test_another_region_and_bucket_have_marks_of_their_own() -> None:
    notes = Noted()
    read(marks(notes), *KEYS)
    assert left(marks(notes), *KEYS, OTHER_REGION) == [OTHER_REGION]
    marks(notes).done(S3File("other", KEYS[0], 1))
    assert left(marks(notes), *KEYS) == []


def test_a_file_that_came_to_lie_among_those_read_makes_its_day_be_read_again() -> None:
    notes = Noted()
    read(marks(notes), *KEYS)
    late = key_of("2026/01/02", -1)
    going_on = marks(notes)
    again = left(going_on, *KEYS, late)
    assert again == [late, *KEYS[3:]]
    read(going_on, *again)
    assert left(marks(notes), *KEYS, late) == []


def test_other_rules_and_a_longer_span_read_all_again_and_a_shorter_one_does_not() -> None:
    notes = Noted()
    read(marks(notes, Span(NOON, NIGHT)), *KEYS)
    assert left(marks(notes, Span(NOON, NIGHT), dry=True), *KEYS) == []
    assert left(marks(notes, Span(NOON.replace(hour=13), NIGHT), dry=True), *KEYS) == []
    assert left(marks(notes, Span(NOON), dry=True), *KEYS) == KEYS
    assert left(marks(notes, Span(NOON.replace(hour=11), NIGHT), dry=True), *KEYS) == KEYS
    assert left(marks(notes, Span(NOON, NIGHT), rules="s", dry=True), *KEYS) == KEYS


def test_what_was_read_for_a_shorter_span_holds_for_that_one_only() -> None:
    notes = Noted()
    read(marks(notes), *KEYS[:2])
    short = Span(NOON, NIGHT)
    going_on = marks(notes, short)
    read(going_on, *left(going_on, *KEYS))
    assert left(marks(notes, short, dry=True), *KEYS) == []
    assert left(marks(notes, dry=True), *KEYS) == KEYS


def test_again_reads_all_and_then_goes_on_from_there() -> None:
    notes = Noted()
    read(marks(notes), *KEYS)
    going_on = marks(notes)
    assert left(going_on, *KEYS, again=True) == KEYS
    read(going_on, *KEYS[:4])
    assert left(marks(notes), *KEYS) == KEYS[4:]


def test_a_file_that_could_not_be_read_is_read_next_time_with_the_rest_of_its_day() -> None:
    notes = Noted()
    reading = marks(notes)
    reading.done(S3File("trail", KEYS[0], 1))
    reading.failed(S3File("trail", KEYS[1], 1))
    read(reading, *KEYS[2:])
    assert left(marks(notes), *KEYS) == KEYS[1:3]


def test_a_dry_run_changes_nothing() -> None:
    notes = Noted()
    read(marks(notes), *KEYS)
    before = dict(notes)
    assert left(marks(notes, dry=True), *KEYS, again=True) == KEYS
    assert notes == before


def test_a_note_is_written_now_and_then_and_at_the_end() -> None:
    notes, now = Noted(), [0.0]
    reading = Marks(notes, "r", Span(), clock=lambda: now[0])
    for number in range(100):
        now[0] += WRITE_EVERY / 10
        reading.done(S3File("trail", key_of("2026/01/01", 100 + number), 1))
    assert 5 <= notes.writes <= 10
    reading.close()
    assert left(marks(notes), *(key_of("2026/01/01", 100 + each) for each in range(100))) == []


@pytest.mark.parametrize(
    "stored", [{}, {"rules": "r"}, {"rules": "r", "days": [1]}, {"rules": "r", "days": {"x": {}}}]
)
def test_a_note_that_nobody_understands_counts_as_none(stored: dict[str, Any]) -> None:
    notes = Noted({f"read s3://trail/{REGION}": stored})
    assert left(marks(notes), *KEYS) == KEYS


def test_what_is_no_log_file_is_always_read() -> None:
    notes = Noted()
    read(marks(notes), "some/file.json")
    assert notes == {}
    assert left(marks(notes), "some/file.json") == ["some/file.json"]


def test_what_was_read_out_of_order_hides_no_file_that_was_not() -> None:
    notes = Noted()
    _, *later = KEYS[:3]
    read(marks(notes), later[1], later[0])
    assert left(marks(notes), *KEYS[:3]) == KEYS[:3]
    read(marks(notes, rules="again"), later[0], later[0])
    assert left(marks(notes, rules="again"), *KEYS[:3]) == KEYS[:3]
