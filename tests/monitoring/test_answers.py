"""Each check with its last answer and time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.monitoring.answers import Coverage, failing, ok, shown, unknown

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)


def test_a_check_has_its_last_answer_and_when_it_was_given() -> None:
    first = Coverage(at=NOW).with_findings([ok("trail", "It is."), ok("filter", "It is.")], NOW)
    later = first.with_findings([failing("filter", "It is gone.")], LATER)
    assert shown(later) == {
        "trail": {"answered": "ok", "at": NOW.isoformat(), "text": "It is."},
        "filter": {"answered": "failing", "at": LATER.isoformat(), "text": "It is gone."},
    }
    assert later.at == LATER


def test_an_answer_that_was_refused_says_why() -> None:
    asked = Coverage(at=NOW).with_findings([unknown("trail", "cloudtrail:DescribeTrails")], NOW)
    assert shown(asked)["trail"]["text"] == "cloudtrail:DescribeTrails"


def test_a_check_that_there_is_not_any_more_is_forgotten_after_a_week() -> None:
    first = Coverage(at=NOW).with_findings([ok("former", "It is.")], NOW)
    week, later = NOW + timedelta(days=7), NOW + timedelta(days=7, minutes=15)
    assert "former" in shown(first.with_findings([], week))
    assert shown(first.with_findings([], later)) == {}


def test_before_anything_was_checked_there_is_no_answer() -> None:
    assert shown(None) == {}
