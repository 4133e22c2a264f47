"""The roles: a boundary and a path, where a company asks for them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from provisioning.function_roles import deployed_by
from provisioning.permissions import resource
from provisioning.refusals import refusals
from provisioning.rows import State
from provisioning.survey import survey
from tests.provisioning.account import ACCOUNT, Account
from tests.provisioning.by_hand import CONFIG

ROLES = tuple(f"trailbell-dev-{name}" for name in ("api_handler", "ingest_logs", "sweep"))
ALL = ("trailbell-dev-cloudtrail", *ROLES)


@pytest.fixture
def boundary(account: Account) -> str:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    made = account.client("iam").create_policy(PolicyName="ours", PolicyDocument=document)
    return str(made["Policy"]["Arn"])


def role(account: Account, name: str) -> dict[str, Any]:
    found: dict[str, Any] = account.client("iam").get_role(RoleName=name)["Role"]
    return found


def states(account: Account) -> dict[str, State]:
    return {row.part: row.state for row in account.status().rows}


def test_every_role_is_made_with_the_boundary_and_the_path_before_chalice_needs_it(
    account: Account, boundary: str
) -> None:
    account.choose(permissions_boundary=boundary, role_path="/security/")

    account.apply()

    for name in ALL:
        found = role(account, name)
        assert found["Path"] == "/security/"
        assert found["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary
    trail = account.client("cloudtrail").describe_trails()["trailList"][0]
    assert trail["CloudWatchLogsRoleArn"] == (
        f"arn:aws:iam::{ACCOUNT}:role/security/trailbell-dev-cloudtrail"
    )


def test_the_choice_sticks_and_a_second_apply_changes_nothing(
    account: Account, boundary: str
) -> None:
    account.choose(permissions_boundary=boundary, role_path="/security/")
    account.apply_in_full()
    account.choose()

    assert account.changes_of(account.apply) == []


def test_a_boundary_chosen_later_is_put_on_the_roles_that_chalice_made(
    account: Account, boundary: str
) -> None:
    account.apply_in_full()
    for name in ROLES:
        account.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")
    account.choose(permissions_boundary=boundary)

    said = account.plan()
    account.apply()

    assert "~ change  IAM role trailbell-dev-sweep: permissions boundary" in said
    for name in ALL:
        assert role(account, name)["PermissionsBoundary"]["PermissionsBoundaryArn"] == boundary


def test_a_boundary_that_somebody_takes_off_shows(account: Account, boundary: str) -> None:
    account.choose(permissions_boundary=boundary)
    account.apply_in_full()
    part = "IAM role trailbell-dev-sweep: permissions boundary"
    assert states(account)[part] is State.OK

    account.client("iam").delete_role_permissions_boundary(RoleName="trailbell-dev-sweep")

    assert states(account)[part] is State.DIFFERS
    account.client("iam").delete_role(RoleName="trailbell-dev-sweep")
    assert states(account)[part] is State.MISSING


def test_the_path_of_a_role_that_is_there_cannot_be_changed_and_says_what_does(
    account: Account,
) -> None:
    account.apply_in_full()
    account.choose(role_path="/security/")

    said = account.plan()

    assert "! blocked IAM role trailbell-dev-cloudtrail: path  IAM changes no role's path" in said


def test_roles_that_chalice_never_took_are_removed_by_destroy(
    account: Account, boundary: str
) -> None:
    account.choose(permissions_boundary=boundary)
    account.apply()

    account.destroy(data=True)

    assert account.client("iam").list_roles()["Roles"] == []


def test_a_role_whose_function_is_there_stays_until_chalice_delete(
    account: Account, boundary: str
) -> None:
    account.choose(permissions_boundary=boundary)
    account.apply_in_full()

    account.destroy(data=True)

    left = {one["RoleName"] for one in account.client("iam").list_roles()["Roles"]}
    assert set(ROLES) <= left


def test_a_boundary_that_does_not_exist_is_said_before_anything_is_made(account: Account) -> None:
    gone = f"arn:aws:iam::{ACCOUNT}:policy/gone"
    account.choose(permissions_boundary=gone)

    seen = survey(account.aws, account.request, lenient=True)

    assert refusals(account.aws, seen, {}) == [
        f"--permissions-boundary {gone}: there is no such policy; check its account"
    ]


def test_what_a_stage_switches_off_needs_no_role() -> None:
    config = CONFIG["stages"]["dev"]
    assert deployed_by(config) == ("api_handler", "ingest_logs", "sweep")
    on = {"TRAILBELL_EVENTBRIDGE": "all", "TRAILBELL_FILES": "trailbell-dev-files"}
    switched = {**config, "environment_variables": on}
    assert {*deployed_by(switched)} == {*config["lambda_functions"]}


@pytest.mark.parametrize("source", ["logs", "s3"])
def test_every_call_is_checked_on_what_it_is_about(account: Account, source: str) -> None:
    account.choose(source=source, email="ops@example.com")
    seen = survey(account.aws, account.request)

    checked = {
        part.title: resource(seen.at, call)
        for part in seen.parts
        for call in (part.read, *part.create)
        if call.service in ("sns", "sqs")
    }

    assert checked["SNS topic trailbell-dev-alarms"].endswith(":trailbell-dev-alarms")
    if source == "s3":
        assert checked["SNS topic trailbell-dev-files"].endswith(":trailbell-dev-files")
        assert checked["SQS queue trailbell-dev-files-failed"].endswith("dev-files-failed")


def test_a_stage_with_x_ray_lets_every_function_send_its_traces(account: Account) -> None:
    account.request = replace(account.request, config={"xray": True})
    account.deploy()
    for name in ROLES:
        account.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")

    account.apply()

    for name in ROLES:
        found = account.client("iam").get_role_policy(RoleName=name, PolicyName="trace")
        assert "xray:PutTraceSegments" in str(found["PolicyDocument"])
    account.client("iam").delete_role_policy(RoleName=ROLES[-1], PolicyName="trace")
    assert states(account)[f"IAM role {ROLES[-1]}: traces"] is State.MISSING


def test_x_ray_that_somebody_switched_off_shows(account: Account) -> None:
    account.apply_in_full()
    account.configure()
    account.request = replace(account.request, config={**CONFIG["stages"]["dev"], "xray": True})
    part = "Function trailbell-dev-sweep: settings"
    assert states(account)[part] is State.DIFFERS

    def traced(parsed: dict[str, Any], **_: Any) -> None:
        parsed["TracingConfig"] = {"Mode": "Active"}  # which moto does not keep

    events = account.aws.client("lambda").meta.events
    events.register("after-call.lambda.GetFunctionConfiguration", traced)
    try:
        assert states(account)[part] is State.OK
    finally:
        events.unregister("after-call.lambda.GetFunctionConfiguration", traced)


def test_concurrency_that_is_to_be_reserved_and_is_not_shows(account: Account) -> None:
    account.apply_in_full()
    config = {"lambda_functions": {"ingest_logs": {"reserved_concurrency": 5}}}
    account.request = replace(account.request, config=config)
    part = "Function trailbell-dev-ingest_logs: reserved concurrency"
    assert states(account)[part] is State.MISSING

    put = account.client("lambda").put_function_concurrency
    for reserved, state in ((2, State.DIFFERS), (5, State.OK)):
        put(FunctionName="trailbell-dev-ingest_logs", ReservedConcurrentExecutions=reserved)
        assert states(account)[part] is state
