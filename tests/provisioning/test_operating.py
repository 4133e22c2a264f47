"""docs/operating.md says what is so: the deployer's policy, the costs, the alarms."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import setup_resources
from provisioning.alarms import event_alarms
from provisioning.cost import ALARMS, eventbridge, organizations, table, terms, total
from provisioning.file_alarms import every_alarm
from provisioning.permissions import CHALICE
from provisioning.survey import survey
from tests.provisioning.account import Account
from tests.provisioning.iam import actions
from tests.provisioning.test_key import logs_that_take_keys
from tests.reliability.proof import figure

DOCUMENT = (Path(__file__).parents[2] / "docs" / "operating.md").read_text()
# What the programs that operators run later do besides; test_functions.py records it.
OPERATOR = (
    {"logs:FilterLogEvents", "s3:GetObject"}
    | {f"dynamodb:{name}Item" for name in ("BatchGet", "Delete", "Get", "Put", "Update")}
    | {"dynamodb:Query", "dynamodb:Scan"}
)
ANOTHER_TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "x.amazonaws.com"},
            }
        ],
    }
)
# With --organization, where a trail of another is priced, where concurrency is reserved.
SOMETIMES = {
    "organizations:DescribeOrganization",
    "cloudwatch:GetMetricStatistics",
    "lambda:GetAccountSettings",
}


def deployers_policy() -> dict[str, Any]:
    section = DOCUMENT.partition("## Permissions of who deploys")[2]
    block = re.findall(r"```json\n(.*?)```", section, re.DOTALL)[0]
    policy: dict[str, Any] = json.loads(block)
    return policy


def _used(account: Account) -> dict[str, set[str]]:
    """Each IAM action that the commands need, with those that do, by recording their calls."""
    used = dict[str, set[str]]()

    def record(name: str, command: Callable[[], object]) -> None:
        before = len(account.recorder.calls)
        command()
        for call in account.recorder.calls[before:]:
            for action in actions(call):
                used.setdefault(action, set()).add(name)

    account.choose(email="ops@example.com")
    account.recorder.simulation.denied = {}
    record("plan", account.plan)
    account.deploy()
    record("apply", account.apply)
    record("status", account.status)
    account.choose(log_days=7)
    account.client("cloudtrail").update_trail(Name="trailbell-dev", IsMultiRegionTrail=False)
    account.client("cloudtrail").put_event_selectors(
        TrailName="trailbell-dev", EventSelectors=[{"ReadWriteType": "WriteOnly"}]
    )
    account.client("iam").update_assume_role_policy(
        RoleName="trailbell-dev-cloudtrail", PolicyDocument=ANOTHER_TRUST
    )
    record("apply", account.apply)
    for kind in ("trail", "failures"):
        bucket = f"trailbell-dev-{kind}-123456789012-eu-central-1"
        account.put_object(bucket)
        account.client("s3").delete_bucket_policy(Bucket=bucket)
    record("destroy", lambda: account.destroy(data=True))
    return used


def test_the_deployers_policy_is_what_deploying_and_destroying_call(account: Account) -> None:
    used = _used(account)
    for name, others in (
        ("chalice", CHALICE),
        ("trailbell.py, test-alert", OPERATOR),
        ("options", SOMETIMES),
    ):
        for action in others:
            used.setdefault(action, set()).add(name)
    for action, by in sorted(used.items()):
        figure("IAM action", action=action, used_by=sorted(by))

    allowed = {one for each in deployers_policy()["Statement"] for one in each["Action"]}
    assert allowed == set(used)


def test_the_deployers_policy_has_no_wildcard_action() -> None:
    for statement in deployers_policy()["Statement"]:
        assert not [action for action in statement["Action"] if "*" in action]
        assert statement["Resource"] != "*" or statement["Sid"] == "Look"


def test_the_table_of_costs_is_what_the_arithmetic_prints() -> None:
    assert table() in DOCUMENT


def test_the_costs_of_eventbridge_are_what_the_arithmetic_says() -> None:
    for events in (1_000_000, 200_000, 20_000_000):
        assert f"{eventbridge(events):.2f} USD" in DOCUMENT


def test_what_deploying_by_s3_needs_besides_is_named(account: Account) -> None:
    account.choose(source="s3")
    account.deploy("trailbell-dev", "trailbell-dev-ingest_logs", "trailbell-dev-ingest_files")
    account.client("iam").create_role(
        RoleName="trailbell-dev-ingest_files", AssumeRolePolicyDocument="{}"
    )
    account.apply()
    account.choose(log_days=7, source="s3")
    account.apply()
    account.destroy(data=True)
    account.apply()  # once more, since nothing is left

    needed = {action for call in account.recorder.calls for action in actions(call)}
    allowed = {one for each in deployers_policy()["Statement"] for one in each["Action"]}
    sentence = DOCUMENT.partition("Whoever deploys it needs, besides")[2].partition("\n")[0]
    named = set(re.findall(r"`((?:sqs|sns):[A-Za-z]+)`", sentence))
    assert needed - allowed <= named
    of_adopted = {"sns:Unsubscribe"}
    assert named - {"sqs:SetQueueAttributes", "sqs:TagQueue"} - of_adopted <= needed


def test_what_deploying_with_a_boundary_and_a_key_needs_besides_is_named(account: Account) -> None:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    made = account.client("iam").create_policy(PolicyName="ours", PolicyDocument=document)
    account.apply()
    account.choose(permissions_boundary=made["Policy"]["Arn"], kms_key="own")
    with logs_that_take_keys(account):
        account.apply()
        key = account.client("kms").describe_key(KeyId="alias/trailbell-dev")["KeyMetadata"]
        account.client("kms").disable_key_rotation(KeyId=key["KeyId"])
        account.client("kms").put_key_policy(
            KeyId=key["KeyId"], PolicyName="default", Policy=document
        )
        account.apply()
    account.destroy(data=True)

    needed = {action for call in account.recorder.calls for action in actions(call)}
    allowed = {one for each in deployers_policy()["Statement"] for one in each["Action"]}
    sentence = DOCUMENT.partition("Whoever deploys with these needs")[2].partition("\n")[0]
    named = set(re.findall(r"`([a-z]+:[A-Za-z]+)`", sentence))
    assert needed - allowed <= named
    # The services use the key with the rights of whoever calls them.
    used = {f"kms:{name}" for name in ("Encrypt", "Decrypt", "GenerateDataKey", "CreateGrant")}
    assert named - used - {"kms:TagResource"} <= needed


@pytest.mark.parametrize("source", ["logs", "s3"])
def test_the_alarms_are_counted(account: Account, source: str) -> None:
    account.choose(source=source)
    counted = next(t for t in terms(1, source=source) if t.what == "CloudWatch: alarms").number

    assert counted == ALARMS[source] == len(every_alarm(survey(account.aws, account.request).at))


def test_the_table_of_organizations_is_what_the_arithmetic_prints() -> None:
    assert organizations() in DOCUMENT


def test_the_command_prints_every_term_and_their_sum() -> None:
    asked = ["cost", "--accounts", "50", "--records-per-day", "2000000", "--source", "s3"]
    said = CliRunner().invoke(setup_resources.main, asked).stdout
    sums = [float(line.split()[0].replace(",", "")) for line in said.splitlines()[1:-1]]
    assert sum(sums[:-1]) == pytest.approx(sums[-1], abs=0.01 * len(sums))
    assert "ingest_files" in said
    assert "CloudWatch Logs" not in said


def test_by_s3_the_intake_of_the_log_group_is_saved() -> None:
    assert total(100_000_000, source="s3") < total(100_000_000) / 4


def test_costs_grow_with_the_records() -> None:
    assert total(10_000) < total(1_000_000) < total(100_000_000)


@pytest.mark.parametrize("source", ["logs", "s3"])
def test_every_alarm_is_explained(account: Account, source: str) -> None:
    account.choose(source=source)
    at = survey(account.aws, account.request).at
    for alarm in (*every_alarm(at), *event_alarms(at)):
        assert f"| `{alarm.name}` |" in DOCUMENT
