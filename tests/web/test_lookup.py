"""What each route answers, over a real store."""

from __future__ import annotations

from dataclasses import replace
from typing import cast
from urllib.parse import quote

import pytest

from chalicelib.alerts.archive import AlertQuery, Archive
from chalicelib.alerts.outbox import StoreError
from chalicelib.rules.allow import Allow
from chalicelib.rules.place import RulesError
from chalicelib.rules.routes import Route
from chalicelib.rules.rule import Rule, Severity
from chalicelib.settings import Settings
from tests.stores.factories import NOW, alert, stored, tell
from tests.web.conftest import RULES, Api, Color, Health, Watched


def test_the_list_is_newest_first_with_a_cursor_to_what_follows(api: Api) -> None:
    api.add(*(alert(number) for number in range(1, 8)))
    first = api.json("/alerts?limit=5")
    assert [item["event_id"] for item in first["alerts"]] == [f"event-{n}" for n in range(1, 6)]
    assert api.ids(f"/alerts?limit=5&cursor={first['next_cursor']}") == ["event-6", "event-7"]


def test_the_last_page_has_no_cursor(api: Api) -> None:
    api.add(alert())
    assert api.json("/alerts")["next_cursor"] is None


def test_a_cursor_stays_right_while_alerts_arrive(api: Api) -> None:
    api.add(*(alert(number) for number in range(1, 8)))
    cursor = api.json("/alerts?limit=5")["next_cursor"]
    api.add(alert(0, event_id="newer"))
    assert api.ids(f"/alerts?cursor={cursor}") == ["event-6", "event-7"]


def test_a_listed_alert_says_all_but_its_record(api: Api) -> None:
    api.add(alert())
    listed = api.json("/alerts")["alerts"][0]
    assert listed["severity"] == "high"
    assert listed["event_time"] == "2026-11-24T11:59:00Z"
    assert listed["rule_ids"] == ["trail-stopped", "trail-changed"]
    assert listed["deliveries"] == [
        {
            "channel": "#security",
            "state": "pending",
            "due_at": "2026-11-24T11:59:30Z",
            "attempts": 0,
            "possible_repeat": False,
            "reason": None,
            "mute_id": None,
        }
    ]
    assert "record" not in listed


def test_a_cursor_that_was_tampered_with_is_a_400_wherever_it_is_touched(api: Api) -> None:
    api.add(alert(1), alert(2))
    cursor = api.json("/alerts?limit=1")["next_cursor"]
    for place, character in enumerate(cursor):
        other = "A" if character != "A" else "B"
        api.json(f"/alerts?cursor={cursor[:place]}{other}{cursor[place + 1 :]}", status=400)


def test_an_unknown_alert_is_a_404(api: Api) -> None:
    error = api.json("/alerts/0123456789abcdef0123456789abcdef", status=404)
    assert error["code"] == "not_found"


@pytest.mark.parametrize("alert_id", ["x", "..", "%00", "'--", quote("🦓"), "a" * 5000])
def test_an_id_of_any_shape_is_a_404(api: Api, alert_id: str) -> None:
    api.json(f"/alerts/{alert_id}", status=404)


def test_the_details_hold_the_record_the_rules_and_a_link_to_cloudtrail(api: Api) -> None:
    api.add(alert(event_id="4f8c-0001"))
    details = api.json(f"/alerts/{alert().alert_id}")
    assert details["record"]["eventName"] == "StopLogging"
    assert [rule["id"] for rule in details["rules"]] == ["trail-stopped", "trail-changed"]
    assert details["rules"][0]["pattern"] == RULES[0].pattern
    assert details["rules"][1]["conditions"] == [
        {"text": '$.eventName = "StopLogging"', "holds": True},
        {"text": '$.eventName = "DeleteTrail"', "holds": False},
    ]
    assert details["cloudtrail_url"] == (
        "https://eu-central-1.console.aws.amazon.com/cloudtrailv2/home"
        "?region=eu-central-1#/events/4f8c-0001"
    )


def test_a_sent_alert_links_to_its_slack_message(api: Api) -> None:
    api.add(alert())
    tell(api.program.store, [alert()], ts="1732449540.000100", channel_id="C024BE91L")
    [delivery] = api.json(f"/alerts/{alert().alert_id}")["deliveries"]
    assert delivery["state"] == "sent"
    assert delivery["message_url"] == (
        "https://slack.com/app_redirect?channel=C024BE91L&message_ts=1732449540.000100"
    )


def test_a_message_that_did_not_go_to_slack_has_no_link(api: Api) -> None:
    api.program.settings = Settings(
        api_token=api.program.settings.api_token, slack_api_url="http://127.0.0.1:9/"
    )
    api.add(alert())
    tell(api.program.store, [alert()], ts="1732449540.000100", channel_id="C024BE91L")
    [delivery] = api.json(f"/alerts/{alert().alert_id}")["deliveries"]
    assert delivery["message_url"] is None


def test_the_summary_counts_whole_hours_with_the_running_one(api: Api) -> None:
    api.add(alert(1), alert(2, actor="bob"), alert(60 * 24 + 1))
    summary = api.json("/summary?hours=24")
    assert (summary["since"], summary["until"]) == ("2026-11-23T13:00:00Z", "2026-11-24T13:00:00Z")
    assert summary["total"] == 2
    assert summary["severities"] == {"high": 2}
    assert summary["hours"] == {"2026-11-24T11:00:00Z": {"high": 2}}
    assert summary["actors"] == {"alice": 1, "bob": 1}
    assert summary["rules"] == {"trail-stopped": 2}
    assert summary["services"] == {"cloudtrail.amazonaws.com": 2}


def test_the_rules_say_what_is_watched(api: Api) -> None:
    rules = api.json("/rules")["rules"]
    assert [rule["id"] for rule in rules] == ["trail-stopped", "trail-changed"]
    assert rules[0]["severity"] == "high"


def test_the_rules_say_what_they_mean_and_what_to_do_first(api: Api) -> None:
    rule = api.json("/rules")["rules"][0]
    assert rule["means"] == "A trail of CloudTrail records nothing more, or is gone."
    assert all(rule[name] for name in ("why", "false_positives", "attack"))


def test_the_rules_say_what_is_off_allowed_and_routed(api: Api) -> None:
    allow = Allow(rules=("all",), actors=("ci",), where="mine.toml:1", until=NOW)
    route = Route(where="mine.toml:5", severity=Severity.HIGH, channel="#urgent")
    api.program.ruleset = Watched(rules=RULES[:1], off=RULES[1:], allows=(allow,), routes=(route,))
    answer = api.json("/rules")
    assert [rule["id"] for rule in answer["off"]] == ["trail-changed"]
    assert answer["allows"] == [
        {
            "rules": ["all"],
            "actors": ["ci"],
            "networks": [],
            "accounts": [],
            "reason": "",
            "until": "2026-11-24T12:00:00Z",
            "where": "mine.toml:1",
        }
    ]
    assert (answer["routes"][0]["severity"], answer["routes"][0]["channel"]) == ("high", "#urgent")


def test_health_tells_everyone_its_status_and_version_only(api: Api) -> None:
    assert api.get("/health", token=None).json_body == {"status": "green", "version": "0.1.0"}


def test_health_tells_the_details_to_who_has_the_token(api: Api) -> None:
    api.program.condition = Health(Color.AMBER, ("2 alerts are parked.",), {"parked": 2})
    assert api.json("/health") == {
        "status": "amber",
        "version": "0.1.0",
        "words": ["2 alerts are parked."],
        "parked": 2,
    }


def test_health_is_a_503_when_red(api: Api) -> None:
    api.program.condition = Health(Color.RED, ("Slack refuses #security.",))
    response = api.get("/health", token=None)
    assert response.status_code == 503
    assert response.json_body == {"status": "red", "version": "0.1.0"}


class Gone:
    """An archive that cannot be reached."""

    def search(self, query: AlertQuery, limit: int, cursor: str | None = None) -> None:
        raise StoreError("the table trailbell-dev is gone")


def test_a_store_that_is_away_is_a_503_that_says_nothing_of_it(api: Api) -> None:
    api.program.store = replace(api.program.store, archive=cast("Archive", Gone()))
    error = api.json("/alerts", status=503)
    assert error["code"] == "unavailable"
    assert "table" not in error["message"]


class Unloadable:
    """Rules with a mistake in their file."""

    off: tuple[Rule, ...] = ()
    allows: tuple[Allow, ...] = ()
    routes: tuple[Route, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        raise RulesError("unknown table 'rules'", file="/home/alice/rules.toml")


def test_an_alert_can_be_read_while_the_rules_cannot_be_loaded(api: Api) -> None:
    api.add(alert())
    api.program.ruleset = Unloadable()
    details = api.json(f"/alerts/{alert().alert_id}")
    assert details["text"] == alert().text
    assert details["rules"] == []


def test_rules_that_cannot_be_loaded_are_a_503_that_says_nothing_of_them(api: Api) -> None:
    api.program.ruleset = Unloadable()
    error = api.json("/rules", status=503)
    assert error["code"] == "unavailable"
    assert "rules.toml" not in error["message"]


def test_half_a_surrogate_pair_in_a_record_does_not_break_the_answer(api: Api) -> None:
    broken = alert(record={"userAgent": "\ud83e"})
    api.program.store.outbox.add([stored(broken)], NOW)
    assert api.json(f"/alerts/{broken.alert_id}")["record"] == {"userAgent": "\ud83e"}
