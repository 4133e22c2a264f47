"""What the API shows of owners and mutes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Handled, Reply
from chalicelib.alerts.handling import Handling, Person
from chalicelib.alerts.mutes import hidden_by, mute_of
from chalicelib.alerts.notices import SUMMARY, notice
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.rules.rule import Severity
from tests.stores.factories import NOW, SECURITY, alert, stored
from tests.web.conftest import Api

ANNA = Person(id="U1", name="anna")


def acknowledge(api: Api, of: Alert) -> None:
    def decide(found: Any, _: Any) -> Handled:
        handling = Handling(owner=ANNA, since=NOW)
        return Handled(reply=Reply.ACKNOWLEDGED, alert=replace(found.alert, handling=handling))

    api.program.store.handlings.handle(of.alert_id, decide, NOW)


def test_a_list_and_an_alert_say_who_has_it_since_when(api: Api) -> None:
    api.add(alert(1), alert(2))
    acknowledge(api, alert(1))

    one, two = api.get("/alerts").json_body["alerts"]
    assert (one["acknowledged_by"], one["acknowledged_at"]) == ("anna", "2026-11-24T12:00:00Z")
    assert (two["acknowledged_by"], two["acknowledged_at"]) == (None, None)
    details = api.get(f"/alerts/{alert(1).alert_id}").json_body
    assert (details["acknowledged_by"], details["mute"]) == ("anna", None)


def test_lists_are_filtered_by_whether_somebody_has_it(api: Api) -> None:
    api.add(alert(1), alert(2))
    acknowledge(api, alert(2))

    def listed(query: str) -> list[str]:
        return [each["event_id"] for each in api.get(f"/alerts?{query}").json_body["alerts"]]

    assert listed("acknowledged=true") == ["event-2"]
    assert listed("acknowledged=false") == ["event-1"]
    refused = api.get("/alerts?acknowledged=yes")
    assert refused.status_code == 400
    assert "acknowledged is 'yes'; it takes true" in refused.json_body["message"]


def test_a_mute_whose_time_is_over_is_listed_no_more(api: Api) -> None:
    one = alert(1, severity=Severity.MEDIUM)
    api.add(one)
    mute = mute_of(one, ANNA, NOW - timedelta(hours=2), timedelta(hours=1), channel=SECURITY)
    begins = Handled(reply=Reply.MUTED, alert=one, mute=mute, begins=True)
    api.program.store.handlings.handle(one.alert_id, lambda *_: begins, NOW)

    assert api.get("/mutes").json_body == {"mutes": []}


def test_mutes_say_of_what_by_whom_why_until_when_and_how_many_they_hide(api: Api) -> None:
    one = alert(1, severity=Severity.MEDIUM)
    api.add(one)
    mute = mute_of(one, ANNA, NOW, timedelta(hours=1), channel=SECURITY, why="a drill")
    begins = Handled(reply=Reply.MUTED, alert=one, mute=mute, begins=True)
    api.program.store.handlings.handle(one.alert_id, lambda *_: begins, NOW)
    quiet = stored(alert(2, severity=Severity.MEDIUM))
    hidden = replace(quiet, deliveries=tuple(hidden_by(d, mute) for d in quiet.deliveries))
    api.program.store.outbox.add([hidden], NOW)

    (found,) = api.get("/mutes").json_body["mutes"]
    expected = {
        "mute_id": mute.mute_id,
        "rule_id": "trail-stopped",
        "actor": "alice",
        "account_id": "111122223333",
        "outcome": "succeeded",
        "up_to": "medium",
        "by": "anna",
        "why": "a drill",
        "of_alert": one.alert_id,
        "until": "2026-11-24T13:00:00Z",
        "hidden": 1,
    }
    assert {name: found[name] for name in expected} == expected
    details = api.get(f"/alerts/{alert(2).alert_id}").json_body
    assert details["deliveries"][0]["state"] == "muted"
    assert details["deliveries"][0]["mute_id"] == details["mute"]["mute_id"] == mute.mute_id
    (muted,) = api.get("/alerts?state=muted").json_body["alerts"]
    assert muted["event_id"] == "event-2"


def test_a_notice_is_no_alert_to_the_api(api: Api) -> None:
    said = notice(
        SUMMARY,
        "2026-11-24",
        severity=Severity.INFO,
        title="The day",
        text="the day",
        channel=SECURITY,
        now=NOW,
    )
    api.program.store.outbox.add([StoredAlert(alert=said)], NOW)

    assert api.get(f"/alerts/{said.alert_id}").status_code == 404
    assert api.get("/alerts").json_body["alerts"] == []
