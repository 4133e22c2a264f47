"""Whether alerts are on time, and which reasons are of another kind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.monitoring.lateness import LATE_AFTER, late, of_checks
from chalicelib.monitoring.notes import Reason, Reasons

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_alerts_are_late_once_one_waits_for_more_than_a_quarter_of_an_hour() -> None:
    assert late(None, NOW) is None
    assert late(NOW - LATE_AFTER, NOW) is None
    reason = late(NOW - LATE_AFTER - timedelta(seconds=1), NOW)
    text = "An alert has been waiting for Slack since 2026-01-02 02:49 UTC."
    assert reason == Reason(check="late", since=NOW, text=text)


def test_that_alerts_are_late_or_the_sweep_missing_needs_no_check() -> None:
    silent = Reason(check="silence", since=NOW, text="Nothing.")
    waiting = Reason(check="late", since=NOW, text="It waits.")
    absent = Reason(check="sweep", since=NOW, text="It does not come.")
    assert of_checks(Reasons(standing=(waiting, silent, absent))) == (silent,)
