"""Each policy allows exactly what its function does: the calls of the real handlers, recorded.

boto3 talks to moto; Slack is the stub. What Lambda itself does in the role's name is listed.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import boto3
import pytest
from chalice.test import Client
from click.testing import CliRunner

from chalicelib import aws, bootstrap
from chalicelib import parameters as secrets
from chalicelib.alerts.clicks import Action
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.stores.dynamodb import marks
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.usecases.account_names import held_by
from cli.parked import parked
from cli.pressing import Message
from cli.redrive import redrive
from cli.replay import replay
from provisioning.cost import READS_A_SWEEP, READS_AN_ALERT, WRITES_A_SWEEP, WRITES_AN_ALERT
from tests.events import cloudtrail, iam_user
from tests.provisioning.account import ACCOUNT, REGION, Account, Recorder
from tests.provisioning.capacity import reads, writes
from tests.provisioning.iam import actions
from tests.provisioning.test_operating import OPERATOR
from tests.provisioning.test_policies import FUNCTIONS, policy
from tests.slack.pressing import SECRET, Presser
from tests.slack.stub import Slack, serving
from tests.stores.factories import alert, stored, tell
from tests.subscriptions import generate_log_subscription_event

ROOT = Path(__file__).parents[2]
FAILURES = f"trailbell-dev-failures-{ACCOUNT}-{REGION}"
OWN_LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
DESTINATION = {"s3:ListBucket", "s3:PutObject"}
# What Lambda uses in the role's name. Sources: Lambda developer guide, "Sending Lambda function
# logs to CloudWatch Logs" and "Capturing records of asynchronous Lambda invocations". Chalice
# makes the log groups of the others.
BY_LAMBDA = {
    "api_handler": OWN_LOG | {"logs:CreateLogGroup"},
    "ingest_logs": OWN_LOG | DESTINATION,
    "ingest_events": OWN_LOG | DESTINATION,
    "ingest_files": OWN_LOG | {"sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"},
    "sweep": OWN_LOG,
}
# What `setup_resources.py apply` allows besides, for the one bucket that was chosen.
BY_APPLY = {"ingest_files": {"s3:GetObject"}}


@dataclass(frozen=True, slots=True)
class Deployed:
    """The application as one of its functions sees it, and what it calls."""

    app: ModuleType
    session: boto3.Session
    recorder: Recorder

    @property
    def used(self) -> set[str]:
        return {action for call in self.recorder.calls for action in actions(call)}


SHOWN = Message("CSECURITY", "1767225600.000100")


class Context:
    """Lambda's, as far as handlers look at it."""

    invoked_function_arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:trailbell-dev-sweep"

    def get_remaining_time_in_millis(self) -> int:
        return 55_000


@contextmanager
def deployed(function: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployed]:
    """app.py loaded afresh under the function's name, against the account in moto."""
    name = "trailbell-dev" if function == "api_handler" else f"trailbell-dev-{function}"
    with serving(Slack()) as url:
        environment = {
            "AWS_LAMBDA_FUNCTION_NAME": name,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "SLACK_API_URL": url,
            "TRAILBELL_EVENTBRIDGE": "all",
            "TRAILBELL_FILES": "trailbell-dev-files",
        }
        for key, value in environment.items():
            monkeypatch.setenv(key, value)
        _forget()
        session = boto3.Session(region_name=REGION)
        monkeypatch.setattr(boto3, "DEFAULT_SESSION", session)
        yield Deployed(_load(), session, Recorder(session))
        _forget()


def _forget() -> None:
    for kept in (aws.client, bootstrap.assembled, secrets._parameters, held_by):
        kept.cache_clear()


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("deployed_app", ROOT / "app.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _batch(*records: dict[str, Any]) -> dict[str, Any]:
    return generate_log_subscription_event(records)


def _bridged(record: dict[str, Any]) -> dict[str, Any]:
    return _event("AWS API Call via CloudTrail", record)


def _event(kind: str, detail: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "0",
        "id": "0",
        "detail-type": kind,
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-03-02T09:15:00Z",
        "region": REGION,
        "resources": [],
        "detail": detail,
    }


def _now(**changes: Any) -> dict[str, Any]:
    return cloudtrail("StopLogging", eventTime=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", **changes)


def _addendum(record: dict[str, Any]) -> dict[str, Any]:
    addendum = {"reason": "UPDATED_DATA", "originalEventID": record["eventID"]}
    return {**record, "eventID": "another", "addendum": addendum, "errorCode": "AccessDenied"}


def use_ingest_logs(there: Deployed) -> None:
    first = _now(userIdentity=iam_user("alice"))
    there.app.ingest_logs(_batch(first), Context())
    there.app.ingest_logs(_batch(first, _addendum(first)), Context())
    _read_anew()


def _read_anew() -> None:
    """What is done with a token that Slack has refused: it may have been rotated."""
    secrets.secret_anew("ssm:/trailbell-dev/slack-token", bootstrap.now())


def use_ingest_events(there: Deployed) -> None:
    first = _now(userIdentity=iam_user("alice"))
    there.app.ingest_events(_bridged(first), Context())
    there.app.ingest_events(_bridged(_addendum(first)), Context())
    _read_anew()


def use_ingest_files(there: Deployed) -> None:
    unseen = boto3.Session(region_name=REGION)
    source = {"Name": "/trailbell-dev/trail-bucket", "Value": f"{ACCOUNT}/company"}
    unseen.client("ssm").put_parameter(**source, Type="String")
    where = {"LocationConstraint": REGION}
    unseen.client("s3").create_bucket(Bucket="company", CreateBucketConfiguration=where)
    first = _now(userIdentity=iam_user("alice"))
    for name, records in (("one", [first]), ("two", [first, _addendum(first)])):
        key = f"AWSLogs/{ACCOUNT}/CloudTrail/{REGION}/2026/01/02/{name}.json.gz"
        packed = gzip.compress(json.dumps({"Records": records}).encode())
        unseen.client("s3").put_object(Bucket="company", Key=key, Body=packed)
        told = {"s3Bucket": "company", "s3ObjectKey": [key]}
        message = {"body": json.dumps(told), "receiptHandle": "handle"}
        there.app.ingest_files({"Records": [message]}, Context())


def use_sweep(there: Deployed) -> None:
    def delivered(parsed: dict[str, Any], **_: Any) -> None:
        """Moto's trails never deliver; only where one does are the later questions asked."""
        parsed["LatestCloudWatchLogsDeliveryTime"] = datetime.now(UTC)

    there.session.events.register("after-call.cloudtrail.GetTrailStatus", delivered)
    _fail(boto3.Session(region_name=REGION).client("s3"), "failed", _batch(_now()))
    _deploy_files()
    there.app.sweep(_event("Scheduled Event", {}), Context())


def _deploy_files() -> None:
    """Where records come by S3, its queue is asked about."""
    role = (
        boto3.Session(region_name=REGION)
        .client("iam")
        .get_role(RoleName="trailbell-dev-fn")["Role"]["Arn"]
    )
    boto3.Session(region_name=REGION).client("lambda").create_function(
        FunctionName="trailbell-dev-ingest_files",
        Runtime="python3.11",
        Role=role,
        Handler="app.app",
        Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
    )


def use_api_handler(there: Deployed) -> None:
    # Moto would run the function in a container.
    taken: tuple[Any, dict[str, Any]] = SimpleNamespace(status_code=202), {}
    there.session.events.register("before-call.lambda.Invoke", lambda **_: taken)
    clicked = _told_to_be_clicked()
    token = secrets.secret("ssm:/trailbell-dev/api-token", bootstrap.now())
    headers = {"Authorization": f"Bearer {token}"}
    with Client(there.app.app, stage_name="dev", project_dir=str(ROOT)) as client:
        for path in ("/health", "/", "/alerts?limit=1", "/summary", "/rules", "/openapi.json"):
            answer = client.http.get(path, headers=headers)
            assert answer.status_code in (200, 503), (path, answer.body)
        found = client.http.get("/alerts?limit=1", headers=headers).json_body
        client.http.get(f"/alerts/{found['alerts'][0]['alert_id']}", headers=headers)
        client.http.get(f"/alerts?limit=1&cursor={found['next_cursor']}", headers=headers)
        presser = Presser(Slack(), client)
        for button, value in ((Action.ACKNOWLEDGE, clicked), (Action.MUTE, f"{clicked} 1h")):
            assert presser.send(button, value, SHOWN).status_code == 200
        mute = client.http.get("/mutes", headers=headers).json_body["mutes"][0]["mute_id"]
        assert presser.send(Action.MUTE_END, mute, SHOWN).status_code == 200
        assert presser.ask("last", SHOWN.channel)


def _told_to_be_clicked() -> str:
    """An alert whose message is SHOWN, and what Slack signs clicks with; its id."""
    session = boto3.Session(region_name=REGION)
    name = "/trailbell-dev/slack-signing-secret"
    session.client("ssm").put_parameter(Name=name, Value=SECRET, Type="SecureString")
    store = dynamodb_store(session.client("dynamodb"), "trailbell-dev")
    one = alert(20, seen_at=datetime.now(UTC))
    store.outbox.add([stored(one)], datetime.now(UTC))
    tell(store, [one], channel_id=SHOWN.channel, ts=SHOWN.ts)
    return one.alert_id


@pytest.fixture
def filled(account: Account) -> Account:
    """An installation with two alerts that nobody was told of yet."""
    account.apply_in_full()
    account.schedule()
    store = dynamodb_store(account.client("dynamodb"), "trailbell-dev")
    moment = datetime.now(UTC) - timedelta(minutes=5)
    waiting = [
        alert(number, event_time=moment, seen_at=moment, channels=("#alerts",), actor=actor)
        for number, actor in enumerate(("bert", "carol"))
    ]
    store.outbox.add([stored(one) for one in waiting], moment)
    left = {
        "pk": {"S": "OPEN##alerts"},
        "sk": {"S": "0" * 32},
        "post_id": {"S": "0" * 32},
        "channel": {"S": "#alerts"},
        "kind": {"S": "digest"},
        "alert_ids": {"S": "[]"},
        "attempted_at": {"N": str(int(moment.timestamp()) * 1_000_000)},
        "outcome": {"S": "sent"},
        "settled": {"N": "0"},
        "repeats": {"N": "1"},
    }  # what an earlier version left behind, which is removed
    account.client("dynamodb").put_item(TableName="trailbell-dev", Item=left)
    return account


@pytest.mark.parametrize("function", FUNCTIONS)
def test_the_policy_allows_exactly_what_the_function_does(
    filled: Account, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    with deployed(function, monkeypatch) as there:
        globals()[f"use_{function}"](there)
        used = there.used

    allowed = {one for each in policy("dev", function)["Statement"] for one in each["Action"]}
    assert (used | BY_LAMBDA[function]) - BY_APPLY.get(function, set()) == allowed


def _fail(s3: Any, key: str, batch: dict[str, Any]) -> None:
    """What Lambda does with a payload that it gave up on."""
    s3.delete_bucket_policy(Bucket=FAILURES)  # moto overlooks its condition on TLS
    s3.put_object(Bucket=FAILURES, Key=key, Body=json.dumps(batch).encode())


def use_as_operator(account: Account) -> None:
    """What docs/operating.md has operators do: redrive, parked, replay from the log group."""
    two = ("#alerts", "#audit")
    parking = [alert(10, actor="dora", channels=two), alert(11, actor="emil")]
    store = dynamodb_store(account.client("dynamodb"), "trailbell-dev")
    store.outbox.add(
        [stored(one, state=DeliveryState.PARKED) for one in parking], datetime.now(UTC)
    )
    first = _now(userIdentity=iam_user("alice"))
    for key, batch in enumerate((_batch(first), _batch(first, _addendum(first)))):
        _fail(account.client("s3"), f"{key}", batch)
    kept = ("--store", "dynamodb:///trailbell-dev")
    group = ("--from-log-group", "trailbell-dev-cloudtrail", "--since", "1h")
    for command, arguments in (
        (redrive, (f"s3://{FAILURES}", *kept)),
        (parked, ("--discard", parking[0].alert_id, *kept)),
        (parked, ("--all", *kept)),
        (replay, (*group, *kept, "--post")),
    ):
        done = CliRunner().invoke(command, arguments)
        assert done.exit_code == 0, done.output


def test_the_deployers_policy_allows_what_operators_do_later(
    filled: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    with deployed("ingest_logs", monkeypatch) as there:
        use_as_operator(filled)
        used = there.used

    # Several parameters are read in one call where that is allowed, else one by one.
    reading = {"ssm:GetParameter", "ssm:GetParameters"}
    assert used - {"s3:ListBucket", "s3:DeleteObject"} - reading == OPERATOR


def test_the_costs_count_what_an_alert_and_a_sweep_take(
    filled: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(marks, "STANDS_SECONDS", 0.0)  # as after an hour without alerts
    with deployed("sweep", monkeypatch) as there:
        for _ in range(4):  # until nothing is due
            there.recorder.reset()
            there.app.sweep(_event("Scheduled Event", {}), Context())
        swept = there.recorder.calls
    with deployed("ingest_logs", monkeypatch) as there:
        there.app.ingest_logs(_batch(_now(userIdentity=iam_user("alice"))), Context())
        alerted = there.recorder.calls

    for counted, taken in (
        (WRITES_AN_ALERT, writes(alerted)),
        (READS_AN_ALERT, reads(alerted)),
        (WRITES_A_SWEEP, writes(swept)),
        (READS_A_SWEEP, reads(swept)),
    ):
        assert 0.8 * counted <= taken <= counted
