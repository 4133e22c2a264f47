"""What should be: what the first check after a deployment saw."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.monitoring.expected import Expectations, Expected

BEFORE = Expected(deployed="monday", seen={"trail key": "a", "parameter /slack-username": "there"})


def test_what_is_seen_first_is_what_should_be() -> None:
    round_one = Expectations(Expected(), "")
    assert round_one.of("trail key", "a") == "a"
    assert round_one.changed == Expected(seen={"trail key": "a"})


def test_what_was_seen_before_is_what_should_be_whatever_is_seen_now() -> None:
    later = Expectations(BEFORE, "monday")
    assert later.of("trail key", "b") == "a"
    assert later.changed is None


def test_where_lambda_does_not_say_when_we_were_deployed_nothing_is_taken_anew() -> None:
    later = Expectations(BEFORE, "")
    assert later.of("trail key", "b") == "a"
    assert later.changed is None


def test_after_a_deployment_what_is_seen_is_what_should_be() -> None:
    after = Expectations(BEFORE, "tuesday")
    assert after.of("trail key", "b") == "b"
    assert after.changed == Expected(deployed="tuesday", seen={"trail key": "b"})


@pytest.mark.parametrize(("minutes", "expected"), [(10, "new"), (11, "old")])
def test_a_rule_that_a_deployment_changes_last_is_taken_anew_while_it_may_go_on(
    minutes: int, expected: str
) -> None:
    deployed = "2026-01-02T03:04:05.000+0000"  # as Lambda writes it
    now = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC) + timedelta(minutes=minutes)
    seen = Expected(deployed=deployed, seen={"rule calls": "old", "trail key": "a"})
    second = Expectations(seen, deployed, now)
    assert second.of("rule calls", "new") == expected
    assert second.of("trail key", "b") == "a"


def test_what_a_deployment_does_not_bring_back_should_be_all_the_same() -> None:
    after = Expectations(BEFORE, "tuesday")
    assert after.last("trail key") == "a"
    assert not after.has("parameter /slack-username")


def test_what_should_be_there_is_listed_by_its_kind() -> None:
    assert Expectations(BEFORE, "").within("parameter ") == ["/slack-username"]
