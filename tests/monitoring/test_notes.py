"""What is remembered: stores that were written before are read, and written as they were."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.monitoring.answers import Answer, Answered, Coverage
from chalicelib.monitoring.expected import Expected
from chalicelib.monitoring.notes import (
    Checked,
    Note,
    Reason,
    Reasons,
    Seen,
    Source,
    Swept,
    Unread,
    note_seen,
    read,
    write,
)
from tests.monitoring.memory import Memory

TIME = "2026-01-02T03:04:05.678901+00:00"
AT = datetime(2026, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)
SILENCE = {"since": "2026-01-02T03:04:05+00:00", "text": "CloudTrail has delivered nothing."}
SILENT = Reason(check="silence", since=AT.replace(microsecond=0), text=SILENCE["text"])
LATE = Reason(check="late", since=AT, text="An alert has been waiting.")
TRAIL = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/example"
# As Trailbell wrote them from its first day: what is here stays.
STORED: list[tuple[Note, str, dict[str, Any]]] = [
    (Seen(at=AT, records=7), "seen", {"at": TIME, "records": 7}),
    (Unread(at=AT, records=2), "unreadable", {"at": TIME, "records": 2}),
    (Swept(at=AT, delay=3.5), "swept", {"at": TIME, "delay": 3.5}),
    (Swept(at=AT), "swept", {"at": TIME, "delay": None}),
    (Checked(at=AT), "checked", {"at": TIME}),
    (Reasons(), "deaf", {"reasons": {}, "ended": {}}),
    (
        Reasons(standing=(SILENT,), ended=(LATE,)),
        "deaf",
        {
            "reasons": {"silence": SILENCE},
            "ended": {"late": {"since": TIME, "text": "An alert has been waiting."}},
        },
    ),
    (
        Reasons(standing=(replace(SILENT, lesser=True),)),
        "deaf",
        {"reasons": {"silence": {**SILENCE, "lesser": True}}, "ended": {}},
    ),
    (
        Coverage(
            at=AT, answers=(Answer(check="trail", answered=Answered.OK, at=AT, text="It is."),)
        ),
        "coverage",
        {"at": TIME, "answers": {"trail": {"answered": "ok", "at": TIME, "text": "It is."}}},
    ),
    (
        Expected(deployed="monday", seen={"trail key": "nothing"}),
        "expected",
        {"deployed": "monday", "seen": {"trail key": "nothing"}},
    ),
    (
        Source(log_group="cloudtrail", trail=TRAIL),
        "source",
        {"log_group": "cloudtrail", "trail": TRAIL},
    ),
]


@pytest.mark.parametrize(("note", "key", "stored"), STORED)
def test_a_note_is_written_as_it_always_was(note: Note, key: str, stored: dict[str, Any]) -> None:
    memory = Memory()
    write(memory, note)
    assert memory.written == [(key, json.dumps(stored))]


@pytest.mark.parametrize(("note", "key", "stored"), STORED)
def test_a_note_that_was_written_is_read(note: Note, key: str, stored: dict[str, Any]) -> None:
    assert read(Memory(**{key: stored}), type(note)) == note


@pytest.mark.parametrize(
    "kind", [Seen, Unread, Swept, Checked, Reasons, Source, Coverage, Expected]
)
def test_where_nothing_was_noted_there_is_none(kind: type[Note]) -> None:
    assert read(Memory(), kind) is None


@pytest.mark.parametrize("kind", [Seen, Unread, Swept, Checked, Source, Coverage, Expected])
@pytest.mark.parametrize("odd", [{}, {"at": None}, {"at": "today", "records": 1}, [], "text", None])
def test_a_note_that_cannot_be_read_counts_as_none(kind: type[Note], odd: Any) -> None:
    assert read(Memory(**{kind.KEY: odd}), kind) is None


@pytest.mark.parametrize(
    ("kind", "odd"),
    [
        (Seen, {"at": TIME}),
        (Seen, {"at": TIME, "records": "7"}),
        (Seen, {"at": TIME, "records": True}),
        (Seen, {"at": "2026-01-02T03:04:05", "records": 7}),
        (Unread, {"at": 1767323045, "records": 7}),
        (Swept, {"at": TIME, "delay": "3.5"}),
        (Swept, {"at": TIME, "delay": False}),
        (Reasons, {"reasons": ["silence"]}),
        (Reasons, {"reasons": {"silence": "for long"}}),
        (Reasons, {"reasons": {"silence": {"since": TIME}}}),
        (Reasons, {"reasons": {"silence": {"since": "long ago", "text": "Nothing."}}}),
        (Reasons, {"reasons": {}, "ended": None}),
        (Source, {"log_group": "cloudtrail"}),
        (Source, {"log_group": "cloudtrail", "trail": None}),
        (Coverage, {"at": TIME}),
        (Coverage, {"at": TIME, "answers": ["ok"]}),
        (Coverage, {"at": TIME, "answers": {"trail": "ok"}}),
        (Coverage, {"at": TIME, "answers": {"trail": {"answered": "ok", "at": TIME}}}),
        (
            Coverage,
            {"at": TIME, "answers": {"trail": {"answered": "maybe", "at": TIME, "text": ""}}},
        ),
        (Expected, {"deployed": "monday"}),
        (Expected, {"deployed": None, "seen": {}}),
        (Expected, {"deployed": "monday", "seen": ["trail key"]}),
        (Expected, {"deployed": "monday", "seen": {"trail key": None}}),
    ],
)
def test_a_note_of_which_a_part_is_odd_counts_as_none(
    kind: type[Note], odd: dict[str, Any]
) -> None:
    assert read(Memory(**{kind.KEY: odd}), kind) is None


def test_a_check_that_could_not_be_made_was_noted_with_its_error_before() -> None:
    before = {"at": TIME, "error": "describe_trails: AccessDeniedException"}
    assert read(Memory(checked=before), Checked) == Checked(at=AT)


def test_what_a_note_may_lack_is_left_open() -> None:
    assert read(Memory(swept={"at": TIME}), Swept) == Swept(at=AT)
    assert read(Memory(deaf={"reasons": {"silence": SILENCE}}), Reasons) == Reasons(
        standing=(SILENT,)
    )
    assert read(Memory(deaf={}), Reasons) == Reasons()


def test_a_delay_that_was_a_whole_number_stays_one() -> None:
    memory = Memory(swept={"at": TIME, "delay": 3})
    swept = read(memory, Swept)
    assert swept
    write(memory, swept)
    assert memory.written == [("swept", json.dumps({"at": TIME, "delay": 3}))]


def test_records_that_could_not_be_read_are_noted_beside_those_that_came() -> None:
    memory = Memory()
    note_seen(memory, AT, 7)
    note_seen(memory, AT, 9, 2)
    assert memory.written == [
        ("seen", json.dumps({"at": TIME, "records": 7})),
        ("seen", json.dumps({"at": TIME, "records": 9})),
        ("unreadable", json.dumps({"at": TIME, "records": 2})),
    ]
