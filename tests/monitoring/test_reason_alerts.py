"""Alerts about Trailbell itself, whose ids, texts and notes are those that they always were."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.monitoring.notes import Reason
from chalicelib.monitoring.reason_alerts import alert_of_changes
from tests.monitoring.memory import Memory

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
SILENT = "CloudTrail has delivered nothing to cloudtrail yet."
WAITING = "An alert has been waiting for Slack since 2026-01-02 03:04 UTC."
NOTED_SILENT = f'{{"silence": {{"since": "2026-01-02T03:04:05+00:00", "text": "{SILENT}"}}}}'
NOTED_LATE = f'{{"late": {{"since": "2026-01-02T03:19:05+00:00", "text": "{WAITING}"}}}}'


def check(memory: Memory, now: datetime, **reasons: str) -> None:
    """One check that finds these."""
    found = [Reason(check=name, since=now, text=text) for name, text in reasons.items()]
    alert_of_changes(memory, memory, found, "#trailbell", now)


def shown(memory: Memory) -> list[tuple[str, str, str, str, str]]:
    return [
        (alert.alert_id, alert.rule_id, alert.severity.value, alert.title, alert.text)
        for alert in memory.alerts
    ]


def test_ids_texts_and_notes_are_what_they_always_were() -> None:
    memory = Memory()
    check(memory, NOW, silence=SILENT)
    check(memory, LATER, late=WAITING)
    check(memory, LATER + timedelta(minutes=15))
    assert shown(memory) == [
        (
            "26df3992ca6ca0776f20f65f0a3d363d",
            "trailbell-silence",
            "high",
            "Trailbell may be missing events",
            SILENT,
        ),
        (
            "7489a3638f52703a8e1ba4a13c89b9f7",
            "trailbell-late",
            "high",
            "Trailbell's alerts are late",
            WAITING,
        ),
        (
            "71fdf53fe3f30bdaefcb9db4dbc60697",
            "trailbell-silence",
            "medium",
            "Trailbell hears again",
            f"It has ended: {SILENT}",
        ),
        (
            "3531fb3f2139aeef421f218b66944e47",
            "trailbell-late",
            "medium",
            "Trailbell's alerts are on time again",
            f"It has ended: {WAITING}",
        ),
    ]
    assert memory.written == [
        ("deaf", f'{{"reasons": {NOTED_SILENT}, "ended": {{}}}}'),
        ("deaf", f'{{"reasons": {NOTED_SILENT}, "ended": {{}}}}'),
        ("deaf", f'{{"reasons": {NOTED_LATE}, "ended": {NOTED_SILENT}}}'),
        ("deaf", f'{{"reasons": {NOTED_LATE}, "ended": {{}}}}'),
        ("deaf", f'{{"reasons": {{}}, "ended": {NOTED_LATE}}}'),
        ("deaf", '{"reasons": {}, "ended": {}}'),
    ]


@pytest.mark.parametrize(
    ("now", "alert_id"),
    [
        (NOW, "26df3992ca6ca0776f20f65f0a3d363d"),
        (NOW.replace(microsecond=678901), "a26776cf8ad4402401c52d1f9713b985"),
    ],
)
def test_an_id_derives_from_since_when_to_the_microsecond(now: datetime, alert_id: str) -> None:
    memory = Memory()
    check(memory, now, silence=SILENT)
    check(memory, now + timedelta(hours=1), silence="Worded otherwise.")
    assert {alert.alert_id for alert in memory.alerts} == {alert_id}


def test_what_ended_and_is_not_alerted_of_yet_is_made_up_for_where_it_stands_again() -> None:
    memory = Memory(
        deaf={"reasons": {}, "ended": {"silence": {"since": NOW.isoformat(), "text": SILENT}}}
    )
    check(memory, LATER, silence=SILENT)
    assert [alert.event_name for alert in memory.alerts] == ["Failing", "Recovered"]
    assert memory.alerts[1].alert_id == "71fdf53fe3f30bdaefcb9db4dbc60697"


@pytest.mark.parametrize(
    ("reason", "titles", "severities"),
    [
        (
            Reason(check="token", since=NOW, text="Refused."),
            ["Trailbell's alerts may not arrive", "Trailbell's alerts arrive again"],
            ["high", "medium"],
        ),
        (
            Reason(check="sweep", since=NOW, text="Absent."),
            ["Trailbell's alerts are late", "Trailbell's alerts are on time again"],
            ["high", "medium"],
        ),
        (
            Reason(check="scopes", since=NOW, text="One is lacking.", lesser=True),
            ["Trailbell: something to know", "Trailbell: what was to know has ended"],
            ["low", "info"],
        ),
    ],
)
def test_each_kind_of_reason_has_its_titles_and_severities(
    reason: Reason, titles: list[str], severities: list[str]
) -> None:
    memory = Memory()
    alert_of_changes(memory, memory, [reason], "#trailbell", NOW)
    alert_of_changes(memory, memory, [], "#trailbell", LATER)
    assert [alert.title for alert in memory.alerts] == titles
    assert [alert.severity.value for alert in memory.alerts] == severities
