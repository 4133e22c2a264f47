"""The Alert builder: from a record and its rules to what is stored and told."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from chalicelib.alerts.alert import Alert, to_dict
from chalicelib.alerts.judging import alert_from
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.rule import Rule, Severity
from tests.events import ACCOUNT, OTHER_ACCOUNT, aws_account, cloudtrail

NOW = datetime(2026, 1, 2, 3, 5, tzinfo=UTC)


def rule(rule_id: str = "trail-stopped", **changes: Any) -> Rule:
    values = {
        "id": rule_id,
        "title": "A trail was stopped or deleted",
        "severity": Severity.HIGH,
        "pattern": "{ $.eventName = * }",
        **changes,
    }
    return Rule(**values)


def alert(record: dict[str, Any], *rules: Rule, accounts: dict[str, str] | None = None) -> Alert:
    return alert_from(
        Record(record), rules or (rule(),), accounts=accounts or {}, default_channel="#d", now=NOW
    )


def test_the_first_rule_is_the_headline_and_the_others_are_listed() -> None:
    made = alert(cloudtrail(), rule("a", title="First"), rule("b", severity=Severity.LOW))
    assert (made.rule_id, made.rule_ids, made.title) == ("a", ("a", "b"), "First")
    assert made.severity is Severity.HIGH


def test_an_alert_goes_to_the_channels_of_all_its_rules_each_once() -> None:
    made = alert(cloudtrail(), rule("a"), rule("b", channel="#sec"), rule("c", channel="#sec"))
    assert made.channels == ("#d", "#sec")


def test_the_mention_is_of_the_most_severe_rule_that_has_one() -> None:
    made = alert(cloudtrail(), rule("a"), rule("b", mention="@here"), rule("c", mention="<@U12>"))
    assert made.mention == "@here"


def test_accounts_have_the_names_that_the_rules_file_gives_them() -> None:
    names = {ACCOUNT: "prod", OTHER_ACCOUNT: "payroll"}
    made = alert(cloudtrail(userIdentity=aws_account()), accounts=names)
    assert made.account_name == "prod"
    assert made.actor == f"payroll (account {OTHER_ACCOUNT})"


def test_an_account_that_a_sentence_names_has_its_name_too() -> None:
    request = {
        "snapshotId": "snap-1",
        "createVolumePermission": {"add": {"items": [{"userId": OTHER_ACCOUNT}]}},
    }
    shared = cloudtrail("ModifySnapshotAttribute", source="ec2", requestParameters=request)
    made = alert(shared, accounts={OTHER_ACCOUNT: "partner"})
    assert made.text == (
        f"alice shared the snapshot snap-1 with the account {OTHER_ACCOUNT} (partner)"
    )


def test_a_record_without_a_time_happened_now() -> None:
    assert alert(cloudtrail(without=["eventTime"])).event_time == NOW


def test_an_alert_as_json_has_the_names_that_replay_prints() -> None:
    printed = to_dict(alert(cloudtrail()))
    assert list(printed) == [
        "alert_id",
        "rule_id",
        "rule_ids",
        "severity",
        "title",
        "text",
        "outcome",
        "event_id",
        "event_name",
        "event_source",
        "account_id",
        "aws_region",
        "actor",
        "actor_type",
        "via",
        "source_ip",
        "event_time",
        "error_code",
        "resources",
        "channels",
    ]
    assert printed["event_time"] == "2026-01-02T03:04:05Z"
    assert printed["text"] == "alice stopped the trail main from recording"
    assert json.loads(json.dumps(printed)) == printed


def test_every_text_of_an_alert_is_one_line_without_surrogates_or_controls() -> None:
    hostile = "a\ud800b\x00c\nd\u202ee\u200bf"
    made = alert(cloudtrail(hostile, errorMessage=hostile, userAgent=hostile, awsRegion=hostile))
    assert made.event_name == made.error_message == made.aws_region == "a\ufffdbc def"
    json.dumps(made.record, ensure_ascii=False).encode()
