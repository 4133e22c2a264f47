"""Every alert is a Detection Finding by OCSF's published schema, and says nothing secret."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.handling import Handling, Person
from chalicelib.alerts.judging import alert_from
from chalicelib.alerts.notices import notice
from chalicelib.alerts.together import Together
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.record import Record
from chalicelib.delivery.ports import FORMS
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.rule import Severity
from chalicelib.webhook.finding import CREATE, UPDATE, finding
from tests.events import cloudtrail
from tests.slack.records import THEMES
from tests.stores.factories import NOW, alert
from tests.webhook.schema import wrong_with

TOGETHER = Together(
    kind="event_count", group="g", count=12, first=NOW - timedelta(minutes=9), last=NOW
)


def test_it_is_a_detection_finding_about_the_alert() -> None:
    found = finding(alert(), url="https://trailbell.example.com/#alert=1")
    assert (found["class_uid"], found["type_uid"], found["activity_name"]) == (
        2004,
        200401,
        "Create",
    )
    assert found["finding_info"]["uid"] == alert().alert_id
    assert found["finding_info"]["src_url"] == "https://trailbell.example.com/#alert=1"
    assert found["message"] == "alice stopped the trail example"
    assert (found["severity_id"], found["severity"]) == (4, "High")
    assert found["cloud"]["account"]["uid"] == "111122223333"
    assert found["evidences"][0]["src_endpoint"] == {"ip": "192.0.2.10"}
    assert found["api"]["operation"] == "StopLogging"
    assert found["time"] == int(alert().event_time.timestamp() * 1000)
    assert found["unmapped"]["possible_repeat"] is False


def test_what_aws_did_itself_came_from_no_address() -> None:
    found = finding(replace(alert(), source_ip="ec2.amazonaws.com"))
    assert found["evidences"][0]["src_endpoint"] == {"svc_name": "ec2.amazonaws.com"}


def test_an_alert_that_somebody_looks_at_is_in_progress() -> None:
    owned = Handling(owner=Person(id="U1", name="anna"), since=NOW)
    found = finding(replace(alert(), handling=owned), activity=UPDATE)
    assert (found["status_id"], found["type_uid"]) == (2, 200402)
    assert found["unmapped"]["acknowledged_by"] == "anna"


@pytest.mark.parametrize("form", range(FORMS))
@pytest.mark.parametrize("activity", [CREATE, UPDATE])
def test_each_form_is_valid_by_the_published_schema(form: int, activity: int) -> None:
    about = notice(
        "reminder", 1, severity=Severity.LOW, title="t", text="x", channel="#a", now=NOW, about="b"
    )
    some = (
        alert(),
        replace(alert(), together=TOGETHER, event_id="", allowed="it is known", mfa=None),
        replace(alert(), outcome=Outcome.REFUSED, error_code="AccessDenied", error_message="no"),
        about,
    )
    for each in some:
        assert wrong_with(finding(each, form=form, activity=activity, possible_repeat=True)) == []


def test_a_plainer_form_is_shorter() -> None:
    lengths = [len(json.dumps(finding(alert(), form=form))) for form in range(FORMS)]
    assert lengths == sorted(lengths, reverse=True)
    assert len(set(lengths)) == FORMS


def test_the_schema_refuses_what_is_none() -> None:
    assert wrong_with({**finding(alert()), "severity_id": 77})
    assert wrong_with({**finding(alert()), "finding_info": {}})


def test_every_kind_of_record_makes_a_valid_finding() -> None:
    for theme in THEMES.values():
        for _, record in theme.values():
            assert wrong_with(finding(alert_of(record))) == []


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_whatever_stands_in_a_record_it_makes_a_valid_finding(data: st.DataObject) -> None:
    texts = st.text(max_size=40)
    changes: dict[str, Any] = {
        name: data.draw(texts)
        for name in ("actor", "actor_id", "account_id", "aws_region", "source_ip", "event_name")
    }
    resources = data.draw(st.lists(texts, max_size=3))
    assert wrong_with(finding(replace(alert(), resources=tuple(resources), **changes))) == []


def alert_of(record: dict[str, Any]) -> Alert:
    rule = load_defaults()[0][0]
    return alert_from(Record(record), (rule,), accounts={}, default_channel="#a", now=NOW)


def test_no_secret_of_a_record_leaves() -> None:
    password, key = "Tr0ub4dor" + "-and-3", "AKIA" + "Z" * 16
    record = cloudtrail(
        "CreateLoginProfile",
        requestParameters={"userName": "bob", "password": password},
        responseElements={"accessKey": {"secretAccessKey": password * 2}},
        errorMessage=f"the key {key} with password={password}",
    )
    said = json.dumps(finding(alert_of(record)))
    assert password not in said
    assert "requestParameters" not in said
