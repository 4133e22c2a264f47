"""An AWS account in process (moto), a recorder of every call, and what Chalice would deploy."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.s3.models import s3_backends
from rich.console import Console

from provisioning import commands
from provisioning.aws import Aws
from provisioning.commands import Operator
from provisioning.parameters import Values
from provisioning.status import Status, status
from provisioning.survey import Request, survey

REGION = "eu-central-1"
ACCOUNT = "123456789012"  # moto's own
SLACK_TOKEN = "-".join(("xoxb", "1", "2", "example"))
READS = re.compile(r"^(Get|Describe|List|Head)")
FUNCTIONS = ("trailbell-dev", "trailbell-dev-ingest_logs", "trailbell-dev-sweep")
PATTERN = '{ $.eventSource = "iam.amazonaws.com" }'


class KilledError(BaseException):
    """The operator's machine went away."""


@dataclass(frozen=True, slots=True)
class Made:
    """One call as botocore made it."""

    service: str
    operation: str
    parameters: dict[str, Any] = field(compare=False)

    @property
    def action(self) -> str:
        return f"{self.service}:{self.operation}"

    @property
    def mutates(self) -> bool:
        return not READS.match(self.operation)


class Recorder:
    """Notes every call of a session; kills after the nth change; fails chosen calls first."""

    def __init__(self, session: Any) -> None:
        self.reset()
        session.events.register("provide-client-params.*.*", self._before)
        session.events.register("after-call.*.*", self._after)

    def reset(self) -> None:
        self.calls: list[Made] = []
        self.kill_after: int | None = None
        self.failures: dict[str, list[tuple[str, str]]] = {}

    @property
    def changes(self) -> list[Made]:
        return [call for call in self.calls if call.mutates]

    def _before(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        failing = self.failures.get(model.name)
        if failing:
            code, message = failing.pop(0)
            raise ClientError({"Error": {"Code": code, "Message": message}}, model.name)
        self.calls.append(Made(model.service_model.service_name, model.name, dict(params)))

    def _after(self, **_: Any) -> None:
        if self.kill_after is not None and len(self.changes) >= self.kill_after:
            raise KilledError


@cache
def _shared() -> tuple[Recorder, Aws]:
    """Clients take longer to make than all else, so the accounts share them."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    session = boto3.Session(**keys, region_name=REGION)
    return Recorder(session), Aws(session)


@cache
def _unseen(service: str) -> Any:
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.Session(**keys, region_name=REGION).client(service)


class Account:
    """One fresh account; everything that a test does to it goes through here."""

    def __init__(self) -> None:
        self.recorder, self.aws = _shared()
        self.recorder.reset()
        self.slept: list[float] = []
        self.aws.sleep = self.slept.append
        self.aws.now = lambda: datetime.now(UTC)
        self.printed = io.StringIO()
        self.request = Request(
            app="trailbell",
            stage="dev",
            given={},
            values=Values(slack_token=SLACK_TOKEN, slack_channel="#alerts"),
            pattern=PATTERN,
        )
        self.answer = True

    def operator(self) -> Operator:
        return Operator(
            console=Console(file=self.printed, width=400),
            ask=lambda _: "",
            ask_secret=lambda _: "",
            confirm=lambda _: self.answer,
        )

    def client(self, service: str) -> Any:
        """A client that the recorder does not see."""
        return _unseen(service)

    def choose(self, **given: Any) -> None:
        self.request = replace(self.request, given=given)

    def plan(self) -> str:
        return self._printing(
            lambda: commands.show_what_would_change(self.aws, self.request, self.operator())
        )

    def apply(self) -> bool:
        return commands.apply(self.aws, self.request, self.operator())

    def destroy(self, *, data: bool = False) -> bool:
        return commands.destroy(self.aws, self.request, self.operator(), data=data)

    def status(self) -> Status:
        return status(self.aws, survey(self.aws, self.request))

    def apply_in_full(self) -> None:
        """What make deploy comes to, with one apply instead of two since each takes a while."""
        self.deploy()
        self.apply()

    def changes_of(self, command: Callable[[], object]) -> list[Made]:
        before = len(self.recorder.changes)
        command()
        return self.recorder.changes[before:]

    def output_of(self, command: Callable[[], object]) -> str:
        return self._printing(command)

    def _printing(self, command: Callable[[], object]) -> str:
        before = len(self.printed.getvalue())
        command()
        return self.printed.getvalue()[before:]

    def deploy(self, *functions: str) -> None:
        """What chalice deploy leaves, as far as setup_resources.py looks at it."""
        role = self._function_role()
        made = {one["FunctionName"] for one in self._functions()}
        for name in functions or FUNCTIONS:
            if name not in made:
                self.client("lambda").create_function(
                    FunctionName=name,
                    Runtime="python3.11",
                    Role=role,
                    Handler="app.app",
                    Code={"ZipFile": _zip()},
                )
        self._gateway()

    def _gateway(self) -> None:
        """Chalice lets API Gateway invoke the REST function."""
        client = self.client("lambda")
        with suppress(client.exceptions.ResourceConflictException):
            client.add_permission(
                FunctionName=FUNCTIONS[0],
                StatementId="gateway",
                Action="lambda:InvokeFunction",
                Principal="apigateway.amazonaws.com",
                SourceArn=f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc123/*",
            )

    def schedule(self, function: str = "trailbell-dev-sweep") -> str:
        """What chalice deploy makes besides: the rule that invokes the sweep; its name."""
        events, client = self.client("events"), self.client("lambda")
        rule, arn = f"{function}-event", f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{function}"
        events.put_rule(Name=rule, ScheduleExpression="rate(1 minute)", State="ENABLED")
        events.put_targets(Rule=rule, Targets=[{"Id": "1", "Arn": arn}])
        client.add_permission(
            FunctionName=function,
            StatementId="schedule",
            Action="lambda:InvokeFunction",
            Principal="events.amazonaws.com",
            SourceArn=f"arn:aws:events:{REGION}:{ACCOUNT}:rule/{rule}",
        )
        return rule

    def put_object(self, bucket: str) -> None:
        """Past the bucket's policy, whose condition on TLS moto does not know."""
        s3_backends[ACCOUNT]["aws"].put_object(bucket, "aws/lambda/async/one", b"{}")

    def delete_object(self, bucket: str) -> None:
        """The same object again."""
        s3_backends[ACCOUNT]["aws"].delete_object(bucket, "aws/lambda/async/one")

    def undeploy(self) -> None:
        for one in self._functions():
            self.client("lambda").delete_function(FunctionName=one["FunctionName"])

    def _functions(self) -> list[dict[str, Any]]:
        return list(self.client("lambda").list_functions()["Functions"])

    def _function_role(self) -> str:
        iam = self.client("iam")
        try:
            made = iam.create_role(RoleName="trailbell-dev-fn", AssumeRolePolicyDocument="{}")
        except iam.exceptions.EntityAlreadyExistsException:
            made = iam.get_role(RoleName="trailbell-dev-fn")
        return str(made["Role"]["Arn"])


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("app.py", "")
    return packed.getvalue()


@contextmanager
def fresh_account() -> Iterator[Account]:
    """An empty account."""
    with mock_aws():
        yield Account()
