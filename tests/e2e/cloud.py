"""A whole AWS on this machine: the emulator, the Slack stub and a project to deploy."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from cli.pressing import headers
from tests.ports import answers, free_port
from tests.slack.pressing import SECRET

ROOT = Path(__file__).parents[2]
EMULATOR = ROOT / ".venv-emulator" / "bin" / "python"
REGION = "eu-central-1"
ACCOUNT = "000000000000"  # the emulator's
SHIPPED = ("app.py", "setup_resources.py", "trailbell.py", "prices.py", "requirements.txt")
FOLDERS = ("chalicelib", "provisioning", "cli", "terminal", ".chalice", "vendor")
SLACK_TOKEN = "-".join(("xoxb", "e2e", "example"))
# What notes the calls of AWS of every program, where AWS_CALLS names a file.
RECORDING = Path(__file__).parent / "recording"
TRAIL_STREAM = f"{ACCOUNT}_CloudTrail_{REGION}"

Seen = TypeVar("Seen")


@dataclass(frozen=True, slots=True)
class Response:
    """What came back over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(kw_only=True)
class Cloud:
    """One emulator with its Slack; `project` is a copy, so the clone's .chalice stays clean."""

    project: Path
    folder: Path
    port: int
    slack_port: int
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def slack(self) -> str:
        return f"http://127.0.0.1:{self.slack_port}"

    @property
    def environment(self) -> dict[str, str]:
        keep = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        return {
            **keep,
            **{k: v for k, v in os.environ.items() if k.startswith(("PIP_", "SSL_", "HTTP"))},
            **recorded(),
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "SLACK_TOKEN": SLACK_TOKEN,
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_CHANNEL": "#alerts",
            "SLACK_API_URL": f"{self.slack}/api/",
        }

    # Programs, as an operator runs them
    def run(self, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            command,
            cwd=self.project,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        if check and done.returncode != 0:
            raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}")
        return done

    def setup(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "setup_resources.py", *arguments, check=check)

    def chalice(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(str(Path(sys.executable).with_name("chalice")), *arguments)

    def ship(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Chalice, as make deploy and make package run it."""
        return self.run(sys.executable, "-m", "provisioning.shipping", *arguments)

    def run_trailbell(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "trailbell.py", *arguments)

    def deploy(self, stage: str) -> None:
        """What make deploy does."""
        self.setup("apply", "--stage", stage, "--yes")
        self.ship("deploy", "--stage", stage)
        self.setup("apply", "--stage", stage, "--yes")

    # AWS
    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 1}),
        )

    def put_records(self, *records: dict[str, Any], stage: str = "dev") -> None:
        """What CloudTrail does: a line of JSON for each record."""
        logs, group = self.client("logs"), f"trailbell-{stage}-cloudtrail"
        streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
        if not streams:
            logs.create_log_stream(logGroupName=group, logStreamName=TRAIL_STREAM)
        now = int(time.time() * 1000)
        lines = [{"timestamp": now, "message": json.dumps(record)} for record in records]
        logs.put_log_events(logGroupName=group, logStreamName=TRAIL_STREAM, logEvents=lines)

    def put_event(self, detail_type: str, record: dict[str, Any]) -> None:
        """What EventBridge carries for CloudTrail: the record is the detail.

        Nobody but AWS may put an event whose source begins with "aws.", here as there: the rule
        that is deployed is asked whether it lets the event through, and then its target invoked.
        """
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": detail_type,
            "source": f"aws.{record['eventSource'].partition('.')[0]}",
            "account": ACCOUNT,
            "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "region": REGION,
            "resources": [],
            "detail": record,
        }
        assert self._lets_through(event), event
        answer = self.client("lambda").invoke(
            FunctionName="trailbell-dev-ingest_events",
            InvocationType="Event",
            Payload=json.dumps(event),
        )
        assert answer["StatusCode"] == 202, answer

    def put_forged_event(self, detail_type: str, record: dict[str, Any]) -> None:
        """What anybody in the account may put; a source of AWS's own is refused."""
        entry = {"Source": "mine", "DetailType": detail_type, "Detail": json.dumps(record)}
        aws = {**entry, "Source": "aws.signin"}
        answer = self.client("events").put_events(Entries=[entry, aws])
        assert answer["FailedEntryCount"] == 1, answer

    def _lets_through(self, event: dict[str, Any]) -> bool:
        events = self.client("events")
        patterns = [rule.get("EventPattern", "") for rule in events.list_rules()["Rules"]]
        carrying = [pattern for pattern in patterns if "via CloudTrail" in pattern]
        return any(
            events.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"]
            for pattern in carrying
        )

    def sweep(self) -> Any:
        """What EventBridge's schedule does every minute."""
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": ACCOUNT,
            "time": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
            "region": REGION,
            "resources": [],
            "detail": {},
        }
        answer = self.client("lambda").invoke(
            FunctionName="trailbell-dev-sweep", Payload=json.dumps(event)
        )
        payload = answer["Payload"].read()
        assert "FunctionError" not in answer, payload
        return json.loads(payload)

    def items(self, stage: str = "dev") -> list[dict[str, Any]]:
        pages = self.client("dynamodb").get_paginator("scan")
        return [
            item
            for page in pages.paginate(TableName=f"trailbell-{stage}")
            for item in page["Items"]
        ]

    def parameter(self, name: str, stage: str = "dev") -> str:
        found = self.client("ssm").get_parameter(
            Name=f"/trailbell-{stage}/{name}", WithDecryption=True
        )
        return str(found["Parameter"]["Value"])

    def get(self, path: str, token: str | None = None, stage: str = "dev") -> Response:
        """One request through API Gateway."""
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        return self._ask(path, authorization, None, stage)

    def click(self, body: bytes, stage: str = "dev") -> Response:
        """What Slack sends of a button, signed, through API Gateway."""
        return self._ask("/slack/actions", headers(SECRET, body, datetime.now(UTC)), body, stage)

    def _ask(self, path: str, sending: dict[str, str], body: bytes | None, stage: str) -> Response:
        deployed = self.project / ".chalice" / "deployed" / f"{stage}.json"
        resources = json.loads(deployed.read_text())["resources"]
        api = next(one["rest_api_id"] for one in resources if one["name"] == "rest_api")
        url = f"{self.endpoint}/_aws/execute-api/{api}/api{path}"
        request = urllib.request.Request(url, body, sending)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return Response(answer.status, dict(answer.headers), _plain(answer))
        except urllib.error.HTTPError as error:
            return Response(error.code, dict(error.headers), _plain(error))

    # Slack
    def journal(self) -> list[dict[str, Any]]:
        with urllib.request.urlopen(f"{self.slack}/stub/journal", timeout=10) as answer:
            found: list[dict[str, Any]] = json.loads(answer.read())
        return found

    def told(self, word: str) -> list[dict[str, Any]]:
        """The messages that Slack took and that hold the word."""
        return [
            one
            for one in self.journal()
            if one["taken"] and one["method"] == "chat.postMessage" and word in json.dumps(one)
        ]

    def start_slack(self) -> None:
        command = ["-m", "tests.slack.stub", "--port", str(self.slack_port)]
        journal = ["--journal", str(self.folder / "slack.jsonl")]
        self._start("slack", [sys.executable, *command, *journal], dict(os.environ))
        until(lambda: answers(f"{self.slack}/stub/journal"), "the Slack stub answers")

    def behave(self, **wanted: Any) -> None:
        """How Slack is from now on; see tests/slack/stub.py."""
        body = json.dumps(wanted).encode()
        with urllib.request.urlopen(f"{self.slack}/stub/behave", body, timeout=10) as answer:
            assert answer.status == 200

    def stop(self, name: str) -> None:
        process = self.processes.pop(name)
        process.terminate()
        process.wait(10)

    def start_emulator(self) -> None:
        scratch = self.folder / "tmp"
        scratch.mkdir()
        environment = {
            **os.environ,
            "GATEWAY_PORT": str(self.port),
            "BIND_HOST": "127.0.0.1",
            "AWS_ENDPOINT_URL": self.endpoint,
            "TMPDIR": str(scratch),
            "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "0.05",
            "PYTHONPATH": f"{RECORDING}{os.pathsep}{ROOT}",
        }
        self._start("emulator", [str(EMULATOR), "-m", "tests.e2e.emulator"], environment)
        until(lambda: answers(f"{self.endpoint}/_ministack/ready"), "the emulator is ready")

    def _start(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
            )


@contextmanager
def whole_cloud(folder: Path) -> Iterator[Cloud]:
    """A running emulator and Slack, with nothing deployed."""
    if not EMULATOR.exists():
        raise AssertionError("the emulator is not installed: make emulator")
    cloud = Cloud(
        project=_copy(folder / "project"), folder=folder, port=free_port(), slack_port=free_port()
    )
    _configure(cloud)
    try:
        cloud.start_slack()
        cloud.start_emulator()
        yield cloud
    finally:
        for name in list(cloud.processes):
            cloud.stop(name)


def recorded() -> dict[str, str]:
    """What a program's environment holds besides, so that its calls are noted."""
    path = os.environ.get("AWS_CALLS")
    return {"AWS_CALLS": path, "PYTHONPATH": str(RECORDING)} if path else {}


def until(look: Callable[[], Seen], what: str, seconds: float = 30) -> Seen:
    """Look until something true is seen; it is returned."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if seen := look():
            return seen
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} seconds: {what}")


def _copy(project: Path) -> Path:
    project.mkdir()
    for name in SHIPPED:
        shutil.copy(ROOT / name, project / name)
    ignored = shutil.ignore_patterns("__pycache__", "deployed", "deployments")
    for name in FOLDERS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, project / name, ignore=ignored)
    return project


def _configure(cloud: Cloud) -> None:
    """Point the deployed functions at the stub, and switch EventBridge on for dev."""
    path = cloud.project / ".chalice" / "config.json"
    config = json.loads(path.read_text())
    for stage in config["stages"].values():
        stage["environment_variables"]["SLACK_API_URL"] = f"{cloud.slack}/api/"
    config["stages"]["dev"]["environment_variables"]["TRAILBELL_EVENTBRIDGE"] = "all"
    path.write_text(json.dumps(config))


def _plain(answer: Any) -> bytes:
    body: bytes = answer.read()
    return gzip.decompress(body) if answer.headers.get("Content-Encoding") == "gzip" else body
