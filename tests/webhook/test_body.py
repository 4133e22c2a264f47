"""What one request says, and under which id: a repeat has the id of what it may repeat."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.post import PostKind
from chalicelib.rules.rule import Severity
from chalicelib.webhook.body import composer
from tests.stores.factories import alert, post


def composed(*alerts: Alert, **changes: Any) -> dict[str, Any]:
    form, repeat = changes.pop("form", 0), changes.pop("possible_repeat", False)
    return composer("https://trailbell.example.com/")(
        post(*alerts, channel="webhook", **changes), alerts, form=form, possible_repeat=repeat
    )


def test_one_alert_is_a_finding_and_several_a_list_of_them() -> None:
    one, two = composed(alert(1))["body"], composed(alert(1), alert(2))["body"]
    assert one["finding_info"]["uid"] == alert(1).alert_id
    uids = [each["finding_info"]["uid"] for each in two]
    assert uids == [alert(1).alert_id, alert(2).alert_id]


def test_a_finding_leads_to_our_page() -> None:
    link = composed(alert(1))["body"]["finding_info"]["src_url"]
    assert link == f"https://trailbell.example.com/#alert={alert(1).alert_id}"


def test_a_repeat_has_the_same_id_and_says_that_it_may_be_one() -> None:
    first = composed(alert(1), alert(2))
    again = composed(alert(1), alert(2), possible_repeat=True, post_id="f" * 32)
    assert again["id"] == first["id"]
    assert [each["unmapped"]["possible_repeat"] for each in again["body"]] == [True, True]
    assert [each["unmapped"]["possible_repeat"] for each in first["body"]] == [False, False]


def test_a_plainer_form_has_the_same_id() -> None:
    assert composed(alert(1), form=2)["id"] == composed(alert(1))["id"]


def test_what_is_told_anew_has_another_id() -> None:
    worse = replace(alert(1), severity=Severity.CRITICAL)
    assert composed(worse)["id"] != composed(alert(1))["id"]


def test_an_update_is_of_the_same_finding_under_another_id() -> None:
    update = composed(alert(1), kind=PostKind.UPDATE)
    assert update["body"]["activity_name"] == "Update"
    assert update["body"]["finding_info"]["uid"] == alert(1).alert_id
    assert update["id"] != composed(alert(1))["id"]


def test_an_update_is_of_what_it_carries_not_of_the_alert_whose_request_it_changes() -> None:
    update = composed(alert(1), alert(2), kind=PostKind.UPDATE, alert_ids=(alert(2).alert_id,))
    assert update["body"]["finding_info"]["uid"] == alert(2).alert_id
