"""What is remembered of payloads that failed: as it is stored, within its bounds."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.monitoring.dead_letters import REMEMBERED, DeadLetters, name_of
from chalicelib.monitoring.failed import LONGEST_WAIT, Failed, Telling
from chalicelib.monitoring.letter_alerts import parked_alert
from chalicelib.monitoring.notes import read
from chalicelib.rules.rule import Severity
from tests.delivery.world import START
from tests.monitoring.memory import Memory

NAME = name_of("aws/lambda/async/one")
TIME = "2026-01-02T03:04:05+00:00"
FAILED = {
    "at": TIME,
    "reason": "StoreError",
    "tries": 6,
    "failures": 5,
    "parked": "c0de",
    "told": False,
}
NOTED = {
    "failed": {NAME: FAILED},
    "trying": {"name": NAME, "at": TIME},
    "telling": {"key": "one", "reason": "StoreError", "count": 1, "at": TIME},
    "told_at": TIME,
    "after": "one",
    "seen_at": TIME,
}


def deployed() -> str:
    return "c0de"


def test_what_is_noted_is_stored_in_this_form_and_read_again() -> None:
    found = read(Memory(**{"dead-letters": NOTED}), DeadLetters)
    assert found
    assert found.as_json() == NOTED
    assert found.parked == 1


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.just(TIME),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from([*NOTED, *FAILED]), inner),
        max_leaves=12,
    )
)
def test_whatever_else_is_stored_counts_as_none(odd: Any) -> None:
    found = read(Memory(**{"dead-letters": odd}), DeadLetters)
    assert found is None or found.as_json() == odd


@pytest.mark.parametrize("key", [*NOTED])
def test_a_note_that_lacks_something_counts_as_none(key: str) -> None:
    lacking = {name: value for name, value in NOTED.items() if name != key}
    assert read(Memory(**{"dead-letters": lacking}), DeadLetters) is None


@given(st.integers(min_value=1, max_value=10**9))
def test_no_wait_is_longer_than_its_bound(tries: int) -> None:
    one = Failed(at=START, reason="", tries=tries)
    assert timedelta(minutes=1) <= one.due_at - START <= LONGEST_WAIT


def test_only_so_many_are_remembered_those_that_failed_last() -> None:
    known = DeadLetters()
    for number in range(REMEMBERED + 5):
        now = START + timedelta(minutes=number)
        known = known.failing(f"{number}", "x" * 1000, 1, now, deployed)
    assert len(known.failed) == REMEMBERED
    assert (known.tries("4"), known.tries("5")) == (0, 1)
    assert len(json.dumps(known.as_json())) < 60_000


def test_the_alert_of_one_names_it_and_that_of_several_says_how_many() -> None:
    one = Telling(key="one", reason="StoreError", count=1, at=START)
    two = Telling(key="one", reason="StoreError", count=2, at=START)
    alerts = [parked_alert(each, command="redrive", channel="#ops") for each in (one, one, two)]
    assert alerts[0] == alerts[1]
    assert alerts[0].severity is Severity.HIGH
    assert alerts[0].text.startswith("The payload one, which Lambda gave up on, cannot be")
    assert alerts[2].text.startswith("The payload one and one other, which Lambda gave up on")
