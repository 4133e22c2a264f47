"""An AWS account in process (moto), a recorder of every call, and what Chalice would deploy."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.s3.models import s3_backends
from rich.console import Console

from chalicelib.delivery.outcome import Outcome, sent
from chalicelib.monitoring.channels import Place, Token
from chalicelib.stores.dynamodb.store import dynamodb_store
from provisioning import commands
from provisioning.aws import Aws
from provisioning.operator import Operator
from provisioning.parameters import Values
from provisioning.status import Status, status
from provisioning.survey import Request, survey
from provisioning.watching import Outside
from tests.provisioning.by_hand import ACCOUNT as ACCOUNT
from tests.provisioning.by_hand import FUNCTIONS as FUNCTIONS
from tests.provisioning.by_hand import REGION as REGION
from tests.provisioning.by_hand import ByHand
from tests.provisioning.gateway import API, Gateway, Simulation

CHANNEL = "C0ALERTS001"
ALL_SCOPES = frozenset({"chat:write", "chat:write.customize", "channels:history", "channels:read"})
SLACK_TOKEN = "-".join(("xoxb", "1", "2", "example"))
READS = re.compile(r"^(Get|Describe|List|Head|Query|Scan|BatchGet|Simulate)")
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
        session.events.register("before-call.apigateway.*", self._answer)
        session.events.register("before-call.iam.SimulatePrincipalPolicy", self._simulated)
        session.events.register("after-call.*.*", self._after)

    def reset(self) -> None:
        self.calls: list[Made] = []
        self.gateway = Gateway()
        self.simulation = Simulation()
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

    def _answer(self, **call: Any) -> Any:
        return self.gateway(**call)

    def _simulated(self, **call: Any) -> Any:
        return self.simulation(self.calls[-1].parameters)

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
    # Not boto3.Session, which some tests replace by the recorded one.
    return boto3.session.Session(**keys, region_name=REGION).client(service)


class FakeSlack:
    """Slack as the test wants it; everything is well to begin with."""

    skew: float | None = None

    def __init__(self) -> None:
        self.said = Token(scopes=ALL_SCOPES)
        self.known: Place | None = Place()
        self.posted: list[dict[str, Any]] = []
        self.outcomes: list[Outcome] = []  # of the next messages; then it takes them

    def token(self) -> Token:
        return self.said

    def post(self, payload: dict[str, Any]) -> Outcome:
        self.posted.append(payload)
        return self.outcomes.pop(0) if self.outcomes else sent("1.1", CHANNEL)

    def place(self, channel_id: str) -> Place | None:
        return self.known if channel_id == CHANNEL else Place(refusal="channel_not_found")


class Account(ByHand):
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
            values=Values(slack_token=SLACK_TOKEN, slack_channel=CHANNEL),
            pattern=PATTERN,
        )
        self.answer = True
        self.slack = FakeSlack()

    def operator(self) -> Operator:
        return Operator(
            console=Console(file=self.printed, width=400),
            ask=lambda _: "",
            ask_secret=lambda _: "",
            confirm=lambda _: self.answer,
            slack=lambda _: self.slack,
        )

    def client(self, service: str) -> Any:
        """A client that the recorder does not see."""
        return _unseen(service)

    def choose(self, **given: Any) -> None:
        self.request = replace(self.request, given=given)

    def plan(self) -> str:
        return self._printing(self.planned)

    def planned(self) -> bool:
        return commands.show_what_would_change(self.aws, self.request, self.operator())

    def apply(self) -> bool:
        return commands.apply(self.aws, self.request, self.operator())

    def destroy(self, *, data: bool = False) -> bool:
        return commands.destroy(self.aws, self.request, self.operator(), data=data)

    def outside(self) -> Outside:
        return Outside(
            slack=lambda _: self.slack,
            store=lambda table: dynamodb_store(self.aws.client("dynamodb"), table),
        )

    def status(self) -> Status:
        seen = survey(self.aws, self.request, lenient=True)
        return status(self.aws, seen, self.request, self.outside())

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

    def api(self) -> str:
        return API

    def put_object(self, bucket: str) -> None:
        """Past the bucket's policy, whose condition on TLS moto does not know."""
        s3_backends[ACCOUNT]["aws"].put_object(bucket, "aws/lambda/async/one", b"{}")

    def delete_object(self, bucket: str) -> None:
        """The same object again."""
        s3_backends[ACCOUNT]["aws"].delete_object(bucket, "aws/lambda/async/one")


@contextmanager
def fresh_account() -> Iterator[Account]:
    """An empty account."""
    with mock_aws():
        yield Account()
