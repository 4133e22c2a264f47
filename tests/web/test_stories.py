"""Actors, sessions and charts, over a real store."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from chalicelib.web import stories
from tests.stores.factories import NOW, alert
from tests.web.conftest import Api

BEGAN = "2026-11-24T08:00:00Z"


def _sitting(api: Api) -> None:
    api.add(
        alert(30, event_name="ConsoleLogin", principal="alice"),
        alert(20, principal="alice", session_began=BEGAN),
        alert(10, principal="alice", session_began=BEGAN, outcome=Outcome.REFUSED),
        alert(5, actor="bob", principal="bob", severity=Severity.LOW),
    )


def test_actors_come_with_their_sessions_who_was_last_there_first(api: Api) -> None:
    _sitting(api)
    found = api.json("/actors")
    bob, alice = found["actors"]
    assert (bob["actor"], alice["actor"]) == ("bob", "alice")
    assert (alice["alerts"], alice["refused"], alice["highest"]) == (3, 1, "high")
    assert alice["first"] == "2026-11-24T11:30:00Z"
    (session,) = alice["sessions"]
    assert session["id"] == alert(30).alert_id
    assert session["source_ips"] == ["192.0.2.10"]
    assert (found["next_cursor"], found["searched_until"]) == (None, None)


def test_actors_take_the_filters_of_lists(api: Api) -> None:
    _sitting(api)
    found = api.json("/actors?outcome=refused")["actors"]
    assert [(each["actor"], each["alerts"]) for each in found] == [("alice", 1)]


@pytest.mark.parametrize("number", [30, 20, 10])
def test_a_session_is_found_by_any_of_its_alerts_and_told_in_order(api: Api, number: int) -> None:
    _sitting(api)
    story = api.json(f"/sessions/{alert(number).alert_id}")
    assert [each["event_id"] for each in story["alerts"]] == ["event-30", "event-20", "event-10"]
    assert story["session"]["id"] == alert(30).alert_id
    assert story["session"]["refused"] == 1
    assert story["more"] is False


def test_an_unknown_session_is_not_found(api: Api) -> None:
    api.json(f"/sessions/{'0' * 32}", status=404)


def test_a_request_for_actors_looks_at_so_many_and_goes_on(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "MOST", 4)
    monkeypatch.setattr(stories, "PAGE", 2)
    api.add(*(alert(n, actor=f"user-{n}", principal=f"user-{n}") for n in range(6)))
    first = api.json("/actors")
    assert [each["actor"] for each in first["actors"]] == [f"user-{n}" for n in range(4)]
    rest = api.json(f"/actors?cursor={first['next_cursor']}")
    assert [each["actor"] for each in rest["actors"]] == ["user-4", "user-5"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(("hours", "buckets"), [(24, 24), (168, 28), (720, 30)])
def test_a_chart_counts_every_alert_of_its_span_once(api: Api, hours: int, buckets: int) -> None:
    api.add(
        alert(1, severity=Severity.CRITICAL),
        alert(2, event_time=NOW - timedelta(hours=20)),
        alert(3, event_time=NOW - timedelta(hours=100), severity=Severity.LOW),
        alert(4, event_time=NOW - timedelta(hours=700), severity=Severity.INFO),
    )
    chart = api.json(f"/charts?hours={hours}")
    assert len(chart["buckets"]) == buckets
    assert chart["buckets"][0]["from"] == chart["from"]
    assert chart["buckets"][-1]["to"] == chart["to"]
    total: dict[str, Any] = {
        level.value: sum(each[level.value] for each in chart["buckets"]) for level in Severity
    }
    within = [1, 20, 100, 700]
    assert sum(total.values()) == sum(age < hours for age in within)


def test_a_chart_of_another_span_is_refused(api: Api) -> None:
    assert "one of 24, 168 and 720" in api.json("/charts?hours=25", status=400)["message"]


def test_rules_say_when_they_last_matched_and_where(api: Api) -> None:
    api.add(alert(3), alert(1))
    rules = {each["id"]: each for each in api.json("/rules")["rules"]}
    told = rules["trail-stopped"]
    assert told["last_matched"] == "2026-11-24T11:59:00Z"
    assert told["last_alert_id"] == alert(1).alert_id
