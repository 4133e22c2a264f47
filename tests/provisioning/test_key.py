"""A KMS key of one's own, made or adopted, for all that is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner

import setup_resources
from provisioning.rows import State
from tests.provisioning.account import ACCOUNT, REGION, Account

NAME = "trailbell-dev"
ALIAS = f"alias/{NAME}"
BUCKETS = tuple(f"{NAME}-{kind}-{ACCOUNT}-{REGION}" for kind in ("trail", "failures"))
ROLES = tuple(f"{NAME}-{name}" for name in ("api_handler", "ingest_logs", "sweep"))


def own(account: Account) -> str:
    found = account.client("kms").describe_key(KeyId=ALIAS)["KeyMetadata"]
    return str(found["Arn"])


def keys_of_all(account: Account) -> dict[str, str | None]:
    """The key of each thing that is kept."""
    table = account.client("dynamodb").describe_table(TableName=NAME)["Table"]
    groups = account.client("logs").describe_log_groups(logGroupNamePrefix=f"{NAME}-cloudtrail")
    found = {
        "table": table.get("SSEDescription", {}).get("KMSMasterKeyArn"),
        "log group": groups["logGroups"][0].get("kmsKeyId"),
        "trail": account.client("cloudtrail").get_trail(Name=NAME)["Trail"].get("KmsKeyId"),
    }
    for parameter in account.client("ssm").describe_parameters()["Parameters"]:
        if parameter["Type"] == "SecureString":
            found[parameter["Name"]] = parameter["KeyId"]
    for bucket in BUCKETS:
        rules = account.client("s3").get_bucket_encryption(Bucket=bucket)
        rule = rules["ServerSideEncryptionConfiguration"]["Rules"][0]
        found[bucket] = rule["ApplyServerSideEncryptionByDefault"].get("KMSMasterKeyID")
    return found


@contextmanager
def logs_that_take_keys(account: Account) -> Iterator[list[dict[str, Any]]]:
    """Moto knows no AssociateKmsKey."""
    asked: list[dict[str, Any]] = []

    def answer(params: dict[str, Any], **_: Any) -> tuple[Any, dict[str, Any]]:
        asked.append(json.loads(params["body"]))
        return SimpleNamespace(status_code=200), {}

    events = account.aws.client("logs").meta.events
    events.register("before-call.cloudwatch-logs.AssociateKmsKey", answer)
    try:
        yield asked
    finally:
        events.unregister("before-call.cloudwatch-logs.AssociateKmsKey", answer)


def states(account: Account) -> dict[str, State]:
    return {row.part: row.state for row in account.status().rows}


def with_roles(account: Account) -> None:
    account.deploy()
    for name in ROLES:
        account.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument="{}")


def test_a_key_of_our_own_is_made_first_and_encrypts_all_that_is_kept(account: Account) -> None:
    account.choose(kms_key="own")
    with_roles(account)

    account.apply()

    assert set(keys_of_all(account).values()) == {own(account)}
    made = [call.operation for call in account.recorder.changes]
    assert made.count("CreateKey") == 1
    assert made.index("CreateKey") < min(map(made.index, ("CreateBucket", "CreateTable")))
    assert made.index("PutRolePolicy") < made.index("CreateTable")


def test_the_choice_sticks_and_a_second_apply_changes_nothing(account: Account) -> None:
    account.choose(kms_key="own")
    with_roles(account)
    account.apply()
    account.choose()

    assert account.changes_of(account.apply) == []
    assert [part for part, state in states(account).items() if state is not State.OK] == []


def test_its_policy_lets_in_this_account_this_trail_and_this_log_group_alone(
    account: Account,
) -> None:
    account.choose(kms_key="own")
    account.apply()

    text = account.client("kms").get_key_policy(KeyId=own(account), PolicyName="default")["Policy"]
    allowed = {one["Sid"]: one for one in json.loads(text)["Statement"]}
    assert allowed.keys() == {"AllowThisAccountsPolicies", "AllowThisTrail", "AllowThisLogGroup"}
    root = f"arn:aws:iam::{ACCOUNT}:root"
    assert allowed["AllowThisAccountsPolicies"]["Principal"] == {"AWS": root}
    trail = {"aws:SourceArn": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/{NAME}"}
    assert allowed["AllowThisTrail"]["Condition"] == {"StringEquals": trail}
    assert allowed["AllowThisLogGroup"]["Principal"] == {"Service": f"logs.{REGION}.amazonaws.com"}


def test_each_function_may_use_it_by_the_services_that_keep_things(account: Account) -> None:
    account.choose(kms_key="own")
    with_roles(account)
    account.apply()

    for role in ROLES:
        found = account.client("iam").get_role_policy(RoleName=role, PolicyName="use-key")
        (statement,) = found["PolicyDocument"]["Statement"]
        assert statement["Resource"] == [own(account)]
        assert f"dynamodb.{REGION}.amazonaws.com" in str(statement["Condition"])
        assert not [action for action in statement["Action"] if "*" in action]


@pytest.mark.parametrize("given", ["own", "adopted"])
def test_chosen_later_it_encrypts_what_is_there(account: Account, given: str) -> None:
    with_roles(account)
    account.apply()
    before = account.client("ssm").get_parameter(Name=f"/{NAME}/api-token", WithDecryption=True)
    theirs = account.client("kms").create_key()["KeyMetadata"]["Arn"]
    account.choose(kms_key="own" if given == "own" else theirs)

    with logs_that_take_keys(account) as asked:
        account.apply()

    wanted = own(account) if given == "own" else theirs
    found = keys_of_all(account)
    del found["log group"], found["table"]  # said to moto, which does not keep it
    (table,) = [one for one in account.recorder.changes if one.operation == "UpdateTable"]
    assert table.parameters["SSESpecification"]["KMSMasterKeyId"] == wanted
    assert set(found.values()) == {wanted}
    assert asked == [{"logGroupName": f"{NAME}-cloudtrail", "kmsKeyId": wanted}]
    after = account.client("ssm").get_parameter(Name=f"/{NAME}/api-token", WithDecryption=True)
    assert before["Parameter"]["Value"] == after["Parameter"]["Value"]


def test_what_somebody_encrypts_otherwise_shows(account: Account) -> None:
    account.choose(kms_key="own")
    with_roles(account)
    account.apply()
    account.client("ssm").put_parameter(
        Name=f"/{NAME}/api-token",
        Value="x" * 20,
        Type="SecureString",
        Overwrite=True,
        KeyId="alias/aws/ssm",
    )
    account.client("kms").disable_key_rotation(KeyId=own(account))

    found = states(account)

    assert found[f"SSM parameter /{NAME}/api-token: key"] is State.DIFFERS
    assert found[f"KMS key {ALIAS}: rotation"] is State.MISSING


def test_a_key_that_is_disabled_says_that_nothing_can_be_read(account: Account) -> None:
    account.choose(kms_key="own")
    with_roles(account)
    account.apply()
    account.client("kms").disable_key(KeyId=own(account).rpartition("/")[2])

    said = account.plan()

    assert f"! blocked KMS key {ALIAS}  aws kms enable-key" in said


def test_destroy_keeps_the_key_with_the_data_and_removes_both_when_told(account: Account) -> None:
    account.choose(kms_key="own")
    account.apply()
    arn = own(account)

    account.destroy()
    assert own(account) == arn
    account.destroy(data=True)

    state = account.client("kms").describe_key(KeyId=arn)["KeyMetadata"]["KeyState"]
    assert state == "PendingDeletion"
    aliases = {one["AliasName"] for one in account.client("kms").list_aliases()["Aliases"]}
    assert ALIAS not in aliases


def test_an_adopted_key_that_is_not_there_is_said_before_anything_is_made(
    account: Account,
) -> None:
    account.choose(kms_key=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0000-aaaa")

    said = account.plan()

    assert "! --kms-key" in said
    assert "there is no such key" in said


@pytest.mark.parametrize("key", ["own", f"arn:aws:kms:{REGION}:{ACCOUNT}:key/0000-aaaa"])
def test_a_template_has_it_too(key: str) -> None:
    done = CliRunner().invoke(setup_resources.main, ["template", "--kms-key", key])
    resources = json.loads(done.stdout)["Resources"]

    table = resources["TableTrailbellDev"]["Properties"]["SSESpecification"]
    wanted = {"Fn::Sub": "${Key.Arn}"} if key == "own" else key
    assert table == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": wanted}
    assert ("Key" in resources) is (key == "own")
    assert not re.findall(r"\$\{!Key", done.stdout)


def test_destroy_leaves_what_says_which_key_opens_the_data_and_removes_both_with_it(
    account: Account,
) -> None:
    account.choose(kms_key="own")
    with logs_that_take_keys(account):
        with_roles(account)
        account.apply()
    account.choose()

    account.destroy()
    account.undeploy()
    kept = account.client("ssm").describe_parameters()["Parameters"]
    account.destroy(data=True)

    assert [one["Name"] for one in kept] == [f"/{NAME}/installation"]
    assert account.client("ssm").describe_parameters()["Parameters"] == []
    aliases = account.client("kms").list_aliases()["Aliases"]
    assert ALIAS not in {one["AliasName"] for one in aliases}


def test_an_adopted_key_that_was_switched_off_is_said_by_status_and_plan(account: Account) -> None:
    made = account.client("kms").create_key()["KeyMetadata"]
    account.choose(kms_key=made["Arn"])
    with logs_that_take_keys(account):
        with_roles(account)
        account.apply()
        well = account.status().troubles
        account.client("kms").disable_key(KeyId=made["KeyId"])
        (row,) = account.status().troubles

    assert well == ()
    assert (row.part, row.state, row.how) == (
        f"KMS key {made['Arn']}",
        State.DIFFERS,
        "it is Disabled",
    )
    assert "it is Disabled, and cannot be used" in account.plan()
