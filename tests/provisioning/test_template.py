"""What apply makes, as a CloudFormation template; tests/e2e/test_packaged.py has it linted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

import setup_resources
from tests.provisioning.account import SLACK_TOKEN, Account

TOPIC = "arn:aws:sns:eu-west-1:111122223333:org"


def run(*arguments: str) -> Result:
    env = {"SLACK_TOKEN": SLACK_TOKEN, "SLACK_CHANNEL": "#alerts", "AWS_ACCESS_KEY_ID": ""}
    return CliRunner().invoke(setup_resources.main, ["template", *arguments], env=env)


def resources(*arguments: str) -> dict[str, Any]:
    done = run(*arguments)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)["Resources"]
    return found


def of_kind(found: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [one for one in found.values() if one["Type"] == kind]


def test_it_makes_every_alarm_and_parameter_that_apply_makes_but_secrets(account: Account) -> None:
    account.apply_in_full()
    alarms = account.client("cloudwatch").describe_alarms()["MetricAlarms"]
    found = resources()

    named = {one["Properties"]["AlarmName"] for one in of_kind(found, "AWS::CloudWatch::Alarm")}
    assert named == {one["AlarmName"] for one in alarms}
    parameters = of_kind(found, "AWS::SSM::Parameter")
    assert {one["Properties"]["Name"] for one in parameters} == {
        "/trailbell-dev/installation",
        "/trailbell-dev/slack-channel",
        "/trailbell-dev/values",
    }
    assert SLACK_TOKEN not in json.dumps(found)


def test_what_needs_the_functions_waits_for_them_and_what_holds_data_stays() -> None:
    found = resources()

    waiting = {one["Type"] for one in found.values() if one.get("Condition")}
    assert waiting == {
        "AWS::CloudWatch::Alarm",
        "AWS::Lambda::EventInvokeConfig",
        "AWS::Lambda::Permission",
        "AWS::Logs::SubscriptionFilter",
    }
    kept = {one["Type"] for one in found.values() if one.get("DeletionPolicy") == "Retain"}
    assert kept == {"AWS::DynamoDB::Table", "AWS::Logs::LogGroup", "AWS::S3::Bucket"}


def test_what_aws_tries_at_once_comes_after_what_it_tries() -> None:
    found = resources()
    (trail,) = of_kind(found, "AWS::CloudTrail::Trail")
    before = {found[name]["Type"] for name in trail["DependsOn"]}
    assert {"AWS::S3::BucketPolicy", "AWS::IAM::RolePolicy", "AWS::Logs::LogGroup"} <= before
    (listening,) = of_kind(found, "AWS::Logs::SubscriptionFilter")
    assert [found[name]["Type"] for name in listening["DependsOn"]] == ["AWS::Lambda::Permission"]


def test_accounts_regions_and_partitions_are_cloudformations_own() -> None:
    text = json.dumps(resources())
    assert "${AWS::AccountId}" in text
    assert "arn:aws:" not in text


def test_by_s3_it_makes_the_queue_and_the_right_to_read_that_bucket_alone() -> None:
    found = resources("--source", "s3", "--bucket", "company", "--topic", TOPIC)

    assert not of_kind(found, "AWS::CloudTrail::Trail")
    assert not of_kind(found, "AWS::Logs::SubscriptionFilter")
    (rights,) = of_kind(found, "AWS::IAM::RolePolicy")
    assert "company/*AWSLogs" in json.dumps(rights)
    assert len(of_kind(found, "AWS::SQS::Queue")) == 2


def test_the_same_choices_give_the_same_text() -> None:
    assert run("--email", "ops@example.com").stdout == run("--email", "ops@example.com").stdout


@pytest.mark.parametrize(
    "choice", [["--trail", "company"], ["--log-group", "audit"], ["--organization"]]
)
def test_what_must_be_looked_up_in_aws_is_left_to_apply(choice: list[str]) -> None:
    done = run(*choice)
    assert done.exit_code == 1
    assert "apply makes those" in done.stderr


def test_choices_that_do_not_go_together_are_refused_here_too() -> None:
    assert "needs --topic ARN" in run("--source", "s3", "--bucket", "company").stderr
