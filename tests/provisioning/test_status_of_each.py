"""`status` against each part deleted and each changed by hand: none is falsely ok.

Prints a table, part x (deleted, changed) -> what it said: `pytest -s` shows it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chalicelib.monitoring.channels import Place, Token
from provisioning.rows import Row, State
from provisioning.status import Status, Verdict
from tests.provisioning.account import (
    ACCOUNT,
    ALL_SCOPES,
    CHANNEL,
    FUNCTIONS,
    REGION,
    Account,
    fresh_account,
)
from tests.provisioning.by_hand import CONFIG
from tests.reliability.proof import figure

NAME, INGEST, SWEEP = "trailbell-dev", "trailbell-dev-ingest_logs", "trailbell-dev-sweep"
GROUP, RULE, ROLE = f"{NAME}-cloudtrail", f"{SWEEP}-event", f"{NAME}-cloudtrail"
BUCKET, FAILURES = (f"{NAME}-{kind}-{ACCOUNT}-{REGION}" for kind in ("trail", "failures"))
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:{NAME}-alarms"
EVERYTHING = [{"ReadWriteType": "All", "IncludeManagementEvents": True}]
NOBODY = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": f"arn:aws:s3:::{BUCKET}/*",
            }
        ],
    }
)
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "ec2.amazonaws.com"},
            }
        ],
    }
)
RIGHTS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": "logs:*", "Resource": "*"}],
    }
)

NO_ALARMS = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC}
        ],
    }
)

Act = Callable[[Account], object]


def call(service: str, operation: str, **arguments: Any) -> Act:
    return lambda account: getattr(account.client(service), operation)(**arguments)


def also(*acts: Act) -> Act:
    return lambda account: [act(account) for act in acts]


def apply(account: Account) -> None:
    """The mend of most ways; where the trail was new, a second run sees what it records."""
    account.apply()


@dataclass(frozen=True, slots=True)
class Way:
    """A part broken by hand: which row must say it, and how it is mended."""

    part: str
    kind: str
    act: Act
    row: str
    state: State
    mend: Act = apply

    @property
    def id(self) -> str:
        return f"{self.part}: {self.kind}"


def deleted(part: str, act: Act, row: str, mend: Act = apply) -> Way:
    return Way(part, "deleted", act, row, State.MISSING, mend)


def changed(part: str, act: Act, row: str, mend: Act = apply, kind: str = "changed") -> Way:
    return Way(part, kind, act, row, State.DIFFERS, mend)


def _set_slack(account: Account, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(account.slack, name, value)


def _well(account: Account) -> None:
    scopes = ALL_SCOPES
    _set_slack(account, said=Token(scopes=scopes), known=Place())


def slack(**fields: Any) -> Act:
    return lambda account: _set_slack(account, **fields)


def gateway(**fields: Any) -> Act:
    def act(account: Account) -> None:
        for name, value in fields.items():
            setattr(account.recorder.gateway, name, value)

    return act


def _new_stage(account: Account) -> None:
    gateway(stage={"stageName": "api"})(account)
    account.apply()


def configure(account: Account) -> None:
    account.configure()


def _redeploy(account: Account) -> None:
    account.deploy()
    account.schedule()
    configure(account)
    account.apply()


def _without_index(account: Account) -> None:
    remove = [{"Delete": {"IndexName": "by_queue"}}]
    call("dynamodb", "update_table", TableName=NAME, GlobalSecondaryIndexUpdates=remove)(account)


def _index_of_keys(account: Account) -> None:
    client = account.client("dynamodb")
    keys = [("day", "HASH"), ("at", "RANGE")]
    index = {
        "IndexName": "by_day",
        "KeySchema": [{"AttributeName": name, "KeyType": kind} for name, kind in keys],
        "Projection": {"ProjectionType": "KEYS_ONLY"},
    }
    for change in ({"Delete": {"IndexName": "by_day"}}, {"Create": index}):
        client.update_table(
            TableName=NAME,
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name, _ in keys
            ],
            GlobalSecondaryIndexUpdates=[change],
        )


def _expires_by_day(account: Account) -> None:
    _expiry(account, "expires_at", on=False)
    _expiry(account, "day", on=True)


def _no_expiry_by_day(account: Account) -> None:
    _expiry(account, "day", on=False)
    account.apply()


def _expiry(account: Account, attribute: str, *, on: bool) -> None:
    account.client("dynamodb").update_time_to_live(
        TableName=NAME, TimeToLiveSpecification={"Enabled": on, "AttributeName": attribute}
    )


def _to_the_archive(account: Account) -> None:
    client = account.client("s3")
    rules = client.get_bucket_lifecycle_configuration(Bucket=FAILURES)["Rules"]
    rules[0]["Transitions"] = [{"Days": 0, "StorageClass": "DEEP_ARCHIVE"}]
    client.put_bucket_lifecycle_configuration(
        Bucket=FAILURES, LifecycleConfiguration={"Rules": rules}
    )


def _counts_bytes(account: Account) -> None:
    client, name = account.client("cloudwatch"), f"{NAME}-ingest-errors"
    (alarm,) = client.describe_alarms(AlarmNames=[name])["MetricAlarms"]
    kept = client.meta.service_model.operation_model("PutMetricAlarm").input_shape.members
    same = {key: value for key, value in alarm.items() if key in kept and value}
    client.put_metric_alarm(**{**same, "Unit": "Bytes"})


def slowed(**methods: float) -> Act:
    """The API's methods that somebody gave a rate of their own."""

    def act(account: Account) -> None:
        settings = account.recorder.gateway.stage["methodSettings"]
        settings.pop("slack/actions/POST", None)
        for rate in methods.values():
            settings["slack/actions/POST"] = {"throttlingRateLimit": rate}

    return act


def _new_table(account: Account) -> None:
    account.client("dynamodb").delete_table(TableName=NAME)
    account.apply()


def _another_source(account: Account) -> None:
    client = account.client("lambda")
    policy = json.loads(client.get_policy(FunctionName=INGEST)["Policy"])
    sid = next(one["Sid"] for one in policy["Statement"] if one["Sid"].startswith("logs-"))
    client.remove_permission(FunctionName=INGEST, StatementId=sid)
    client.add_permission(
        FunctionName=INGEST,
        StatementId=sid,
        Action="lambda:InvokeFunction",
        Principal="logs.amazonaws.com",
        SourceArn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:another:*",
        SourceAccount=ACCOUNT,
    )


def _of_another_account(account: Account) -> None:
    client = account.client("lambda")
    policy = json.loads(client.get_policy(FunctionName=INGEST)["Policy"])
    sid = next(one["Sid"] for one in policy["Statement"] if one["Sid"].startswith("logs-"))
    client.remove_permission(FunctionName=INGEST, StatementId=sid)
    client.add_permission(
        FunctionName=INGEST,
        StatementId=sid,
        Action="lambda:InvokeFunction",
        Principal="logs.amazonaws.com",
        SourceArn=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{GROUP}:*",
        SourceAccount="444455556666",
    )


def role(name: str) -> Act:
    """Another role than chalice deploy gave the function."""

    def act(account: Account) -> None:
        iam = account.client("iam")
        with suppress(iam.exceptions.EntityAlreadyExistsException):
            iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}")
        account.client("lambda").update_function_configuration(
            FunctionName=INGEST, Role=f"arn:aws:iam::{ACCOUNT}:role/{name}"
        )

    return act


def _without_permission(account: Account) -> None:
    client = account.client("lambda")
    for one in json.loads(client.get_policy(FunctionName=INGEST)["Policy"])["Statement"]:
        client.remove_permission(FunctionName=INGEST, StatementId=one["Sid"])


def _unsubscribe(account: Account) -> None:
    client = account.client("sns")
    for one in client.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]:
        client.unsubscribe(SubscriptionArn=one["SubscriptionArn"])


def topic(name: str, value: str) -> Act:
    return call(
        "sns", "set_topic_attributes", TopicArn=TOPIC, AttributeName=name, AttributeValue=value
    )


def _new_topic(account: Account) -> None:
    call("sns", "delete_topic", TopicArn=TOPIC)(account)
    account.apply()


def mailbox(policy: str) -> Act:
    """What the mailbox lets through."""

    def act(account: Account) -> None:
        client = account.client("sns")
        for one in client.list_subscriptions_by_topic(TopicArn=TOPIC)["Subscriptions"]:
            client.set_subscription_attributes(
                SubscriptionArn=one["SubscriptionArn"],
                AttributeName="FilterPolicy",
                AttributeValue=policy,
            )

    return act


def _drop_bucket(name: str) -> Act:
    return call("s3", "delete_bucket", Bucket=name)


def _no_rule(account: Account) -> None:
    events = account.client("events")
    events.remove_targets(Rule=RULE, Ids=["1"])
    events.delete_rule(Name=RULE)


def rule(expression: str = "rate(1 minute)", state: str = "ENABLED") -> Act:
    return call("events", "put_rule", Name=RULE, ScheduleExpression=expression, State=state)


def _put_filter(pattern: str, function: str = INGEST) -> Act:
    return call(
        "logs",
        "put_subscription_filter",
        logGroupName=GROUP,
        filterName=NAME,
        filterPattern=pattern,
        destinationArn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}",
    )


def _put(name: str, value: str, kind: str = "String") -> Act:
    path = f"/{NAME}/{name}"
    return call("ssm", "put_parameter", Name=path, Value=value, Type=kind, Overwrite=True)


UNKEPT = call("lambda", "delete_function_event_invoke_config", FunctionName=INGEST)
# Moto keeps the first that was ever put.
ELSEWHERE = also(
    UNKEPT,
    call(
        "lambda",
        "put_function_event_invoke_config",
        FunctionName=INGEST,
        MaximumRetryAttempts=2,
        MaximumEventAgeInSeconds=21600,
        DestinationConfig={"OnFailure": {"Destination": f"arn:aws:s3:::{BUCKET}"}},
    ),
)


def _parameters() -> Iterator[Way]:
    for name, secret in (
        ("slack-token", True),
        ("slack-channel", False),
        ("slack-username", False),
        ("api-token", True),
        ("installation", False),
        ("values", False),
    ):
        row = f"SSM parameter /{NAME}/{name}"
        kind = "SecureString" if secret else "String"
        yield deleted(
            f"parameter {name}", call("ssm", "delete_parameter", Name=f"/{NAME}/{name}"), row
        )
        value = CHANNEL[:-1] + "9" if name == "slack-channel" else '{"x": "other"}'
        yield changed(f"parameter {name}", _put(name, value, kind), row, _restore(name))
    row = f"SSM parameter /{NAME}/installation"
    lost = also(Account.choose, _put("installation", "{}"))
    yield changed("parameter installation", lost, row, _choose_again, "choices taken back")
    row = f"SSM parameter /{NAME}/public-url"
    path = f"/{NAME}/public-url"
    yield deleted("parameter public-url", call("ssm", "delete_parameter", Name=path), row)
    url = "https://other.execute-api.eu-central-1.amazonaws.com/api/"
    yield changed("parameter public-url", _put("public-url", url), row)


def _choose_again(account: Account) -> None:
    account.choose(email="ops@example.com")
    account.apply()


def _restore(name: str) -> Act:
    """Apply gives back what it was given; the API's token it made itself."""

    def act(account: Account) -> None:
        if name == "api-token":
            call("ssm", "delete_parameter", Name=f"/{NAME}/{name}")(account)
            call("ssm", "delete_parameter", Name=f"/{NAME}/values")(account)
        account.apply()

    return act


def _buckets() -> Iterator[Way]:
    for bucket in (BUCKET, FAILURES):
        row = f"S3 bucket {bucket}"
        yield deleted(row, _drop_bucket(bucket), row)
        for what, remove in (
            ("encryption", "delete_bucket_encryption"),
            ("public access blocked", "delete_public_access_block"),
            ("lifecycle", "delete_bucket_lifecycle"),
            ("policy", "delete_bucket_policy"),
            ("tags", "delete_bucket_tagging"),
        ):
            yield deleted(f"{row}: {what}", call("s3", remove, Bucket=bucket), f"{row}: {what}")
        if bucket == FAILURES:
            yield changed(f"{row}: lifecycle", _to_the_archive, f"{row}: lifecycle")
        yield changed(
            f"{row}: policy",
            call("s3", "put_bucket_policy", Bucket=bucket, Policy=NOBODY),
            f"{row}: policy",
        )


def _alarms() -> Iterator[Way]:
    for name in ("sweep-stopped", "ingest-errors"):
        row = f"Alarm {NAME}-{name}"
        yield deleted(
            f"alarm {name}", call("cloudwatch", "delete_alarms", AlarmNames=[f"{NAME}-{name}"]), row
        )
        off = call("cloudwatch", "disable_alarm_actions", AlarmNames=[f"{NAME}-{name}"])
        yield changed(f"alarm {name}", off, row)
    yield changed(
        "alarm ingest-errors", _counts_bytes, f"Alarm {NAME}-ingest-errors", kind="another unit"
    )
    ringing = {"StateValue": "ALARM", "StateReason": "a test"}
    yield changed(
        "alarm ingest-errors",
        call("cloudwatch", "set_alarm_state", AlarmName=f"{NAME}-ingest-errors", **ringing),
        f"Alarm {NAME}-ingest-errors: state",
        call(
            "cloudwatch",
            "set_alarm_state",
            AlarmName=f"{NAME}-ingest-errors",
            StateValue="OK",
            StateReason="over",
        ),
        "rings",
    )


def _functions() -> Iterator[Way]:
    for full in FUNCTIONS:
        gone = call("lambda", "delete_function", FunctionName=full)
        yield deleted(f"function {full}", gone, f"Function {full}", _redeploy)
        yield changed(
            f"function {full}",
            call("lambda", "update_function_configuration", FunctionName=full, Timeout=3),
            f"Function {full}: settings",
            configure,
        )
    yield changed(
        f"function {INGEST}",
        role("another"),
        f"Function {INGEST}: rights",
        role("trailbell-dev-fn"),
        "another role",
    )
    yield changed(
        f"function {INGEST}",
        call(
            "lambda",
            "put_function_concurrency",
            FunctionName=INGEST,
            ReservedConcurrentExecutions=0,
        ),
        f"Function {INGEST}",
        call("lambda", "delete_function_concurrency", FunctionName=INGEST),
        "stopped",
    )


WAYS = (
    deleted("trail", call("cloudtrail", "delete_trail", Name=NAME), f"Trail {NAME}"),
    changed(
        "trail",
        call("cloudtrail", "update_trail", Name=NAME, IsMultiRegionTrail=False),
        f"Trail {NAME}",
    ),
    Way(
        "trail",
        "stopped",
        call("cloudtrail", "stop_logging", Name=NAME),
        f"Trail {NAME}: logging",
        State.MISSING,
    ),
    changed(
        "selectors",
        call(
            "cloudtrail",
            "put_event_selectors",
            TrailName=NAME,
            EventSelectors=[{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}],
        ),
        f"Trail {NAME}: management events",
    ),
    deleted("CloudTrail's role", also(
        call("iam", "delete_role_policy", RoleName=ROLE, PolicyName="write-log"),
        call("iam", "delete_role", RoleName=ROLE),
    ), f"IAM role {ROLE}"),
    changed(
        "CloudTrail's role",
        call("iam", "update_assume_role_policy", RoleName=ROLE, PolicyDocument=TRUST),
        f"IAM role {ROLE}",
    ),
    changed(
        "CloudTrail's role: policy",
        call(
            "iam",
            "put_role_policy",
            RoleName=ROLE,
            PolicyName="write-log",
            PolicyDocument=RIGHTS,
        ),
        f"IAM role {ROLE}: policy",
    ),
    deleted(
        "log group",
        call("logs", "delete_log_group", logGroupName=GROUP),
        f"Log group {GROUP}",
    ),
    changed(
        "log group",
        call("logs", "put_retention_policy", logGroupName=GROUP, retentionInDays=1),
        f"Log group {GROUP}: retention",
    ),
    deleted(
        "filter",
        call("logs", "delete_subscription_filter", logGroupName=GROUP, filterName=NAME),
        f"Subscription filter {NAME} on {GROUP}",
    ),
    changed("filter", _put_filter("{ $.x = 1 }"), f"Subscription filter {NAME} on {GROUP}"),
    changed(
        "filter",
        _put_filter("", FUNCTIONS[0]),
        f"Subscription filter {NAME} on {GROUP}",
        kind="goes elsewhere",
    ),
    deleted("permission", _without_permission, f"Function {INGEST}: permission for {GROUP}"),
    changed(
        "permission",
        _of_another_account,
        f"Function {INGEST}: permission for {GROUP}",
        kind="of another account",
    ),
    changed("permission", _another_source, f"Function {INGEST}: permission for {GROUP}"),
    *_functions(),
    Way("schedule", "deleted", _no_rule, f"Schedule of {SWEEP}", State.DIFFERS, _redeploy),
    changed("schedule", rule("rate(1 day)"), f"Schedule of {SWEEP}", rule()),
    changed("schedule", rule(state="DISABLED"), f"Schedule of {SWEEP}", rule(), "disabled"),
    deleted("API", gateway(api={}), "API abc123", gateway(api={"id": "abc123"})),
    deleted("API's stage", gateway(stage={}), "API abc123: stage api", _new_stage),
    deleted(
        "API's throttling",
        lambda account: account.recorder.gateway.stage.pop("methodSettings"),
        "API abc123: throttling",
    ),
    changed(
        "API's kind",
        gateway(api={"id": "abc123", "endpointConfiguration": {"types": ["EDGE"]}}),
        "API abc123",
        gateway(api={"id": "abc123"}),
    ),
    changed(
        "API",
        gateway(api={"id": "abc123", "policy": NOBODY}),
        "API abc123",
        gateway(api={"id": "abc123"}),
        "a policy",
    ),
    changed(
        "API's throttling",
        slowed(clicks=0.0),
        "API abc123: stage api",
        slowed(),
        "a method's own",
    ),
    changed(
        "API",
        gateway(api={"id": "abc123", "disableExecuteApiEndpoint": True}),
        "API abc123",
        gateway(api={"id": "abc123"}),
    ),
    deleted("table", call("dynamodb", "delete_table", TableName=NAME), f"DynamoDB table {NAME}"),
    changed(
        "table", _index_of_keys, f"DynamoDB table {NAME}", _new_table, "index carries keys alone"
    ),
    changed(
        "table",
        _expires_by_day,
        f"DynamoDB table {NAME}: expiry",
        _no_expiry_by_day,
        "expires by another attribute",
    ),
    changed("table", _without_index, f"DynamoDB table {NAME}", _new_table),
    Way("table", "expiry off", call("dynamodb", "update_time_to_live", TableName=NAME,
        TimeToLiveSpecification={"Enabled": False, "AttributeName": "expires_at"}),
        f"DynamoDB table {NAME}: expiry", State.MISSING),
    Way("table", "recovery off", call("dynamodb", "update_continuous_backups", TableName=NAME,
        PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": False}),
        f"DynamoDB table {NAME}: point-in-time recovery", State.MISSING),
    *_parameters(),
    *_buckets(),
    *_alarms(),
    changed(
        "topic",
        topic("Policy", NO_ALARMS),
        f"SNS topic {NAME}-alarms",
        _new_topic,
        "policy keeps alarms out",
    ),
    changed(
        "topic",
        topic("KmsMasterKeyId", "alias/aws/sns"),
        f"SNS topic {NAME}-alarms",
        topic("KmsMasterKeyId", ""),
        "key keeps alarms out",
    ),
    changed(
        "e-mail",
        mailbox('{"of": ["nothing"]}'),
        "SNS subscription of ops@example.com",
        mailbox("{}"),
        "filtered",
    ),
    deleted("topic", call("sns", "delete_topic", TopicArn=TOPIC), f"SNS topic {NAME}-alarms"),
    deleted("e-mail", _unsubscribe, "SNS subscription of ops@example.com"),
    deleted("failure destination", UNKEPT, f"Function {INGEST}: failure destination"),
    changed(
        "failure destination",
        ELSEWHERE,
        f"Function {INGEST}: failure destination",
        also(UNKEPT, apply),
    ),
    changed("Slack's token", slack(said=Token("token_revoked")), "Slack: token", _well, "revoked"),
    changed(
        "Slack's token",
        slack(said=Token(scopes=frozenset({"chat:write"}))),
        "Slack: scopes of the token",
        _well,
        "scopes taken",
    ),
    changed(
        "Slack's channel",
        slack(known=Place(refusal="channel_not_found")),
        "Slack: channels",
        _well,
        "deleted",
    ),
    changed(
        "Slack's channel",
        slack(known=Place(is_archived=True)),
        "Slack: channels",
        _well,
        "archived",
    ),
    changed(
        "Slack's channel",
        slack(known=Place(is_member=False)),
        "Slack: channels",
        _well,
        "app removed",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """One for all, mended after each way."""
    with fresh_account() as fresh:
        values = replace(fresh.request.values, slack_username="Bell")
        fresh.request = replace(fresh.request, values=values, config=CONFIG["stages"]["dev"])
        fresh.choose(email="ops@example.com")
        fresh.apply_in_full()
        configure(fresh)
        yield fresh


def _said(found: Status, part: str) -> Row:
    return next(row for row in found.rows if row.part == part)


def test_as_it_was_made_every_part_is_ok(account: Account) -> None:
    found = account.status()

    assert found.troubles == ()
    assert found.verdict is Verdict.HEALTHY


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.id)
def test_what_somebody_deletes_or_changes_by_hand_shows(account: Account, way: Way) -> None:
    way.act(account)
    found = account.status()
    way.mend(account)

    row = _said(found, way.row)
    figure("status", part=way.part, by_hand=way.kind, said=row.state.value, how=row.how)
    assert found.verdict is not Verdict.HEALTHY
    assert row.state is way.state, row
    assert row.next_step


def test_mended_every_part_is_ok_again(account: Account) -> None:
    assert account.status().troubles == ()
