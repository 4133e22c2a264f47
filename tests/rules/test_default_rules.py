"""The default rules: well formed, grounded, each proved by a record and a near miss."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.default_rules import COMPILED, DEFAULT, load_defaults
from chalicelib.rules.derivation import derive
from chalicelib.rules.filter_pattern import compile_pattern
from chalicelib.rules.loading import load
from chalicelib.rules.prose import PROSE, with_prose
from chalicelib.rules.rule import Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.ruleset import Ruleset
from cli.rule_compiler import compile_defaults, compile_prose, written_defaults
from cli.rule_completeness import amiss
from cli.rule_examples import Example, examples, failures
from cli.rule_mutants import near, needless
from tests.events import assumed_role, cloudtrail, console_login, root, sso_user

DEFAULTS, KEYS = load_defaults()
RULESET = Ruleset(load(DEFAULTS, []), KEYS)
FOUND = examples()
RULES = {rule.id: rule for rule in DEFAULTS}


def fired(record: dict[str, Any]) -> list[str]:
    return [rule.id for rule in RULESET.match(Record(record))]


def test_the_compiled_files_hold_what_the_toml_says() -> None:
    written = written_defaults()
    remedy = "run: .venv/bin/python trailbell.py rules --compile"
    assert COMPILED.read_text(encoding="utf-8") == compile_defaults(written), remedy
    assert PROSE.read_text(encoding="utf-8") == compile_prose(written), remedy
    assert with_prose(DEFAULTS) == written


def test_there_are_rules_for_every_theme() -> None:
    themes = {rule.theme for rule in DEFAULTS}
    assert themes == {path.stem for path in DEFAULT.glob("*.toml")}
    assert len(DEFAULTS) >= 60


def test_every_rule_has_a_record_that_fires_it_and_a_near_miss() -> None:
    firing = {example.rule for example in FOUND if example.fires}
    missing = {example.rule for example in FOUND if not example.fires}
    assert firing == missing == set(RULES)


def test_every_example_does_what_it_is_for() -> None:
    assert failures(RULESET, FOUND) == []


def test_an_example_that_does_not_do_what_it_is_for_is_told() -> None:
    fires = next(example for example in FOUND if example.fires)
    wrong = Example(fires.rule, fires.record, fires=False, field="nothing")
    assert failures(RULESET, [wrong]) == [f"{fires.rule}: fires although nothing differs"]


def test_nothing_is_amiss_with_a_default_rule() -> None:
    assert list(amiss(with_prose(DEFAULTS), FOUND)) == []


def test_every_condition_of_a_default_rule_is_needed() -> None:
    dead = {}
    for rule in DEFAULTS:
        own = [example.record for example in FOUND if example.rule == rule.id]
        dead[rule.id] = needless(rule, near(rule, own))
    assert {rule: texts for rule, texts in dead.items() if texts} == {}


def test_every_rule_names_a_technique_and_every_title_is_its_own() -> None:
    # The operator's own test alert is no attack.
    assert [rule.id for rule in with_prose(DEFAULTS) if not rule.attack] == ["trailbell-test"]
    assert len({rule.title for rule in DEFAULTS}) == len(DEFAULTS)


def test_the_keys_of_a_compiled_rule_are_those_of_its_pattern() -> None:
    for rule in DEFAULTS:
        assert KEYS[rule.pattern] == derive(compile_pattern(rule.pattern).expression), rule.id


def test_the_rule_this_began_with_is_as_it_was() -> None:
    rule = RULES["iam-user-operations"]
    assert rule.pattern == (
        '{ ($.userIdentity.type = "IAMUser") && (($.eventSource = "ec2.amazonaws.com") || '
        '($.eventSource = "s3.amazonaws.com") || ($.eventSource = "iam.amazonaws.com") || '
        '($.eventSource = "rds.amazonaws.com") || ($.eventSource = "signin.amazonaws.com")) }'
    )
    assert (rule.severity, rule.skip_reads) == (Severity.LOW, True)


@pytest.mark.parametrize("read_only", [True, "true", "True", None])
def test_a_successful_read_by_an_iam_user_is_silent_however_it_is_marked(read_only: Any) -> None:
    record = cloudtrail("DescribeInstances", readOnly=read_only)
    assert fired(record) == []
    assert fired(cloudtrail("DescribeInstances", without=["readOnly"])) == []


@pytest.mark.parametrize("read_only", [False, "false", "False"])
def test_a_change_by_an_iam_user_alerts_however_it_is_marked(read_only: Any) -> None:
    assert "iam-user-operations" in fired(cloudtrail("CreateTags", readOnly=read_only))


def test_a_read_that_fails_alerts() -> None:
    assert "iam-user-operations" in fired(cloudtrail("GetObject", errorCode="NoSuchKey"))


def test_the_founding_rule_fires_on_a_read_once_the_setting_brings_reads_back() -> None:
    rules = [RULES["iam-user-operations"]]
    record = Record(cloudtrail("DescribeInstances"))
    assert Ruleset(load(rules, [])).match(record) == ()
    with_reads = load(rules, [parse("[settings]\nreads = true\n", "mine.toml")])
    assert len(Ruleset(with_reads).match(record)) == 1


# The 15 patterns of the CIS benchmark, each in the form that does not alarm falsely.


def test_a_sign_in_without_mfa_by_an_iam_user_alarms() -> None:
    assert fired(console_login())[0] == "iam-user-sign-in-without-mfa"


def test_a_sign_in_without_mfa_by_an_sso_user_is_silent() -> None:
    assert [rule_id for rule_id in fired(console_login(sso_user())) if "mfa" in rule_id] == []


def test_a_sign_in_with_mfa_or_one_that_failed_is_not_one_without_mfa() -> None:
    assert "iam-user-sign-in-without-mfa" not in fired(console_login(mfa="Yes"))
    assert "iam-user-sign-in-without-mfa" not in fired(console_login(failed=True))


def test_a_failed_sign_in_as_root_is_not_the_root_user_in_use() -> None:
    assert fired(console_login(root(), failed=True))[0] == "root-sign-in-failed"
    assert "root-use" in fired(console_login(root()))


@pytest.mark.parametrize(
    "reason", ["Failed authentication", "No username found in supplied account"]
)
def test_a_failed_sign_in_is_headed_by_what_it_is(reason: str) -> None:
    record = console_login(failed=True) | {"errorMessage": reason}
    assert fired(record)[0] == "console-sign-in-failed"


def test_the_record_of_usual_changes_heads_no_alert_that_a_rule_of_its_own_describes() -> None:
    assert fired(cloudtrail("CreateRoute"))[0] == "route-changed"
    assert fired(cloudtrail("PutBucketPolicy"))[0] == "bucket-policy-changed"


def test_a_sign_in_that_does_not_say_whether_mfa_was_used_counts_as_without() -> None:
    assert "iam-user-sign-in-without-mfa" in fired(console_login(mfa=None))


def test_an_aws_service_that_probes_is_not_a_person_refused() -> None:
    refused = cloudtrail("CreateTags", errorCode="Client.UnauthorizedOperation")
    assert "person-refused-change" in fired(refused)
    assert "person-refused-change" not in fired(
        refused | {"sourceIPAddress": "autoscaling.amazonaws.com"}
    )


def test_a_workload_refused_a_change_is_listed_and_a_service_s_probe_is_not() -> None:
    refused = cloudtrail(
        "StopInstances",
        errorCode="Client.UnauthorizedOperation",
        userIdentity=assumed_role("app", "1"),
    )
    assert fired(refused) == ["workload-refused-change"]
    assert fired(refused | {"sourceIPAddress": "cloudformation.amazonaws.com"}) == []
    assert fired(refused | {"readOnly": True}) == []


def test_autoscaling_that_terminates_instances_is_not_a_person() -> None:
    service = assumed_role(
        "AWSServiceRoleForAutoScaling", "AutoScaling", invokedBy="autoscaling.amazonaws.com"
    )
    assert "instances-terminated" in fired(cloudtrail("TerminateInstances"))
    assert fired(cloudtrail("TerminateInstances", userIdentity=service)) == []


CIS = {
    "Root": cloudtrail("CreateTags", userIdentity=root()),
    "DeleteRolePolicy": cloudtrail("DeleteRolePolicy", source="iam"),
    "StopLogging": cloudtrail("StopLogging"),
    "UpdateTrail": cloudtrail("UpdateTrail", source="cloudtrail"),
    "Failed authentication": console_login(failed=True),
    "ScheduleKeyDeletion": cloudtrail("ScheduleKeyDeletion", source="kms"),
    "PutBucketPolicy": cloudtrail("PutBucketPolicy"),
    "StopConfigurationRecorder": cloudtrail("StopConfigurationRecorder", source="config"),
    "AuthorizeSecurityGroupIngress": cloudtrail("AuthorizeSecurityGroupIngress"),
    "CreateNetworkAclEntry": cloudtrail("CreateNetworkAclEntry"),
    "AttachInternetGateway": cloudtrail("AttachInternetGateway"),
    "CreateRoute": cloudtrail("CreateRoute"),
    "DeleteVpc": cloudtrail("DeleteVpc"),
    "CreateAccount": cloudtrail("CreateAccount", source="organizations"),
}
COVERED_BY = {
    "Root": "root-use",
    "DeleteRolePolicy": "iam-policy-removed",
    "StopLogging": "trail-stopped",
    "UpdateTrail": "trail-changed",
    "Failed authentication": "console-sign-in-failed",
    "ScheduleKeyDeletion": "kms-key-disabled",
    "PutBucketPolicy": "bucket-policy-changed",
    "StopConfigurationRecorder": "config-stopped",
    "AuthorizeSecurityGroupIngress": "security-group-changed",
    "CreateNetworkAclEntry": "network-acl-changed",
    "AttachInternetGateway": "gateway-changed",
    "CreateRoute": "route-changed",
    "DeleteVpc": "vpc-changed",
    "CreateAccount": "organization-changed",
}


@pytest.mark.parametrize("name", sorted(CIS))
def test_what_cis_wants_watched_alerts(name: str) -> None:
    assert COVERED_BY[name] in fired(CIS[name])


# Trailbell's own roles: their daily calls are left out, and nothing else of theirs.


def by_trailbell(name: str, source: str) -> dict[str, Any]:
    identity = assumed_role("trailbell-dev-ingest_logs", "trailbell-dev-ingest_logs")
    return cloudtrail(name, source=source, userIdentity=identity)


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("GetParameter", "ssm"),
        ("GetParameters", "ssm"),
        ("Decrypt", "kms"),
        ("CreateLogStream", "logs"),
    ],
)
def test_what_trailbell_does_all_day_is_left_out(name: str, source: str) -> None:
    assert fired(by_trailbell(name, source)) == []


OWN_TABLE = {"requestParameters": {"tableName": "trailbell-dev"}}
OWN_TABLE_IN_BATCH = {
    "resources": [{"ARN": "arn:aws:dynamodb:eu-central-1:111122223333:table/trailbell-dev"}]
}
OWN_SWEEP = {
    "requestParameters": {
        "functionName": "arn:aws:lambda:eu-central-1:111122223333:function:trailbell-dev-sweep"
    }
}
OWN_BUCKET = {"requestParameters": {"bucketName": "trailbell-dev-failures-111122223333"}}


@pytest.mark.parametrize(
    ("name", "source", "fields"),
    [
        ("PutItem", "dynamodb", OWN_TABLE),
        ("Query", "dynamodb", OWN_TABLE),
        ("BatchGetItem", "dynamodb", OWN_TABLE_IN_BATCH),
        ("TransactWriteItems", "dynamodb", OWN_TABLE_IN_BATCH),
        ("PutObject", "s3", OWN_BUCKET),
        ("Invoke", "lambda", OWN_SWEEP),
    ],
)
def test_where_a_trail_records_data_events_trailbell_s_own_are_no_endless_alarm(
    name: str, source: str, fields: dict[str, Any]
) -> None:
    record = by_trailbell(name, source) | {"readOnly": name in ("Query", "BatchGetItem")}
    assert fired(record | fields) == []
    elsewhere = json.loads(json.dumps(fields).replace("trailbell-", "shop-"))
    assert fired(record | elsewhere)[0] == "trailbell-role-misused"


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("GetParameter", "s3"),
        ("GetCallerIdentity", "sts"),
        ("UpdateFunctionCode20150331v2", "lambda"),
    ],
)
def test_trailbell_s_role_doing_anything_else_wakes_someone(name: str, source: str) -> None:
    rules = RULESET.match(Record(by_trailbell(name, source)))
    assert (rules[0].id, rules[0].severity) == ("trailbell-role-misused", Severity.CRITICAL)


def test_one_record_that_several_rules_match_lists_the_most_severe_first() -> None:
    matched = RULESET.match(
        Record(
            cloudtrail(
                "AttachUserPolicy",
                source="iam",
                requestParameters={
                    "userName": "alice",
                    "policyArn": "arn:aws:iam::aws:policy/AdministratorAccess",
                },
            )
        )
    )
    assert [rule.id for rule in matched] == [
        "admin-policy-granted",
        "iam-policy-changed",
        "iam-user-operations",
        "iam-user-change",
    ]
