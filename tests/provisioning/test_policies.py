"""The policies of the functions: what each needs, on what it needs, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.ruleset import Ruleset
from tests.events import assumed_role, cloudtrail

CHALICE = Path(__file__).parents[2] / ".chalice"
CONFIG = json.loads((CHALICE / "config.json").read_text())
FUNCTIONS = ("api_handler", "ingest_logs", "ingest_events", "ingest_files", "sweep")
STAGES = ("dev", "prod")
# Where AWS knows no narrower resource, and where that is said.
WITHOUT_RESOURCE = {
    "cloudtrail:DescribeTrails": "supports no resource-level permission (Service Authorization "
    "Reference, AWS CloudTrail)",
    "events:ListRuleNamesByTarget": "is asked by the target and names no rule",
    "lambda:ListEventSourceMappings": "supports no resource-level permission (Service "
    "Authorization Reference, AWS Lambda)",
    "organizations:ListAccounts": "supports no resource-level permission (Service Authorization "
    "Reference, AWS Organizations); refused in most accounts, where ids stay ids",
    "ssm:DescribeParameters": "supports no resource-level permission (Service Authorization "
    "Reference, AWS Systems Manager); it gives names, no values",
}
# What is no stage's own, and only looked at. Alarms are asked for by the stage's prefix, which is
# a question about all of them.
ASKING = {
    "cloudtrail:GetEventSelectors",
    "cloudtrail:GetTrailStatus",
    "cloudwatch:DescribeAlarms",
    "logs:DescribeSubscriptionFilters",
    *WITHOUT_RESOURCE,
}
# Whose name in CloudTrail is not that of its permissions.
EVENT_SOURCES = {"cloudwatch": "monitoring"}
# What is asked, where it must be our own.
ASKED = {"sqs": {"queueUrl": "https://sqs.eu-central-1.amazonaws.com/1/trailbell-dev-files"}}


def policy(stage: str, function: str) -> dict[str, Any]:
    name = CONFIG["stages"][stage]["lambda_functions"][function]["iam_policy_file"]
    found: dict[str, Any] = json.loads((CHALICE / name).read_text())
    return found


def statements() -> Iterator[Any]:
    for stage in STAGES:
        for function in FUNCTIONS:
            for statement in policy(stage, function)["Statement"]:
                sid = statement["Sid"]
                yield pytest.param(stage, statement, id=f"{stage}-{function}-{sid}")


def test_every_function_has_a_policy_of_its_own() -> None:
    for stage in STAGES:
        functions = CONFIG["stages"][stage]["lambda_functions"]
        assert CONFIG["stages"][stage]["autogen_policy"] is False
        assert set(functions) == set(FUNCTIONS)
        assert len({one["iam_policy_file"] for one in functions.values()}) == len(FUNCTIONS)


@pytest.mark.parametrize(("stage", "statement"), list(statements()))
def test_no_action_has_a_wildcard(stage: str, statement: dict[str, Any]) -> None:
    assert not [action for action in statement["Action"] if "*" in action]


@pytest.mark.parametrize(("stage", "statement"), list(statements()))
def test_only_what_aws_cannot_narrow_is_allowed_on_everything(
    stage: str, statement: dict[str, Any]
) -> None:
    if "*" in statement["Resource"]:
        assert set(statement["Action"]) <= set(WITHOUT_RESOURCE)


@pytest.mark.parametrize(("stage", "statement"), list(statements()))
def test_every_resource_is_the_stages_own_or_something_to_ask_about(
    stage: str, statement: dict[str, Any]
) -> None:
    for resource in statement["Resource"]:
        assert f"trailbell-{stage}" in resource or set(statement["Action"]) <= ASKING


@pytest.mark.parametrize("function", FUNCTIONS)
def test_prod_is_dev_under_another_name(function: str) -> None:
    dev = json.dumps(policy("dev", function)).replace("trailbell-dev", "trailbell-prod")

    assert json.loads(dev) == policy("prod", function)


def test_no_stage_holds_a_secret_or_a_machines_choice() -> None:
    for stage in CONFIG["stages"].values():
        names = set(stage["environment_variables"])
        assert not [name for name in names if name.startswith("SLACK_")]
        assert not names & {"API_TOKEN", "ALERT_STORE"}


def test_log_retention_is_set_except_where_chalice_sets_it_on_a_wrong_group() -> None:
    for stage in CONFIG["stages"].values():
        assert "log_retention_in_days" not in stage
        for name, function in stage["lambda_functions"].items():
            assert ("log_retention_in_days" in function) is (name != "api_handler")


def test_no_concurrency_is_reserved() -> None:
    # A new account has ten, all of which must stay unreserved.
    assert "reserved_concurrency" not in json.dumps(CONFIG)


def test_what_the_functions_do_all_day_is_no_misuse_of_their_roles() -> None:
    ruleset = Ruleset.load()
    # By CloudTrail, as management events: S3 objects, DynamoDB items and Lambda's calls are data.
    data = {"logs:PutLogEvents", "lambda:InvokeFunction"}
    recorded = {
        action
        for function in FUNCTIONS
        for statement in policy("dev", function)["Statement"]
        for action in statement["Action"]
        if action.split(":")[0] not in ("dynamodb", "s3") and action not in data
    }

    for action in recorded:
        service, operation = action.split(":")
        record = Record(
            cloudtrail(
                operation,
                source=EVENT_SOURCES.get(service, service),
                userIdentity=assumed_role("trailbell-dev-sweep", "trailbell-dev-sweep"),
                readOnly=True,
                requestParameters=ASKED.get(service),
            )
        )
        fired = [rule.id for rule in ruleset.match(record)]
        assert "trailbell-role-misused" not in fired, action


@pytest.mark.parametrize(
    ("operation", "service", "asked"),
    [
        ("Scan", "dynamodb", {"tableName": "trailbell-dev", "indexName": "by_queue"}),
        ("GetObject", "s3", {"bucketName": "trailbell-dev-failures-1-r", "key": "aws/lambda/1"}),
        ("DeleteObject", "s3", {"bucketName": "trailbell-dev-failures-1-r", "key": "aws/lambda/1"}),
        ("GetObject", "s3", {"bucketName": "company", "key": "p/AWSLogs/1/CloudTrail/r/f.json.gz"}),
        ("ReceiveMessage", "sqs", ASKED["sqs"]),
    ],
)
def test_what_the_functions_do_with_data_is_no_misuse_where_a_trail_records_it(
    operation: str, service: str, asked: dict[str, str]
) -> None:
    assert "trailbell-role-misused" not in fired_by(operation, service, asked)


@pytest.mark.parametrize(
    ("operation", "service", "asked"),
    [
        ("GetObject", "s3", {"bucketName": "company", "key": "payroll.csv"}),
        ("GetQueueAttributes", "sqs", {"queueUrl": "https://sqs.r.amazonaws.com/1/orders"}),
        ("Scan", "dynamodb", {"tableName": "customers"}),
    ],
)
def test_the_same_with_what_is_anothers_is_misuse(
    operation: str, service: str, asked: dict[str, str]
) -> None:
    assert "trailbell-role-misused" in fired_by(operation, service, asked)


def fired_by(operation: str, service: str, asked: dict[str, str]) -> list[str]:
    record = cloudtrail(
        operation,
        source=service,
        userIdentity=assumed_role("trailbell-dev-sweep", "trailbell-dev-sweep"),
        readOnly=True,
        requestParameters=asked,
    )
    return [rule.id for rule in Ruleset.load().match(Record(record))]


def test_anything_else_that_their_roles_do_is_misuse() -> None:
    record = cloudtrail(
        "ListBuckets",
        source="s3",
        userIdentity=assumed_role("trailbell-dev-sweep", "trailbell-dev-sweep"),
        readOnly=True,
    )

    fired = [rule.id for rule in Ruleset.load().match(Record(record))]

    assert "trailbell-role-misused" in fired
