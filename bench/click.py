"""The first answer to a click, in a process that has just begun.

    python -m bench.click [--quick]

The deployed zip in a fresh process, with AWS's emulator behind a proxy that adds 50 ms to each call
of SSM, DynamoDB and Lambda, and the tests' stub of Slack, which takes 50 ms too. From the first
line of the program to the answer; the interpreter's own start is left out, as Lambda's is before it
loads the handler, and so is what the emulator takes by itself. By the clock, and as the processor
time and the waits that were added, which other programs do not lengthen. Real AWS is not measured:
its own start of a process comes on top.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch
from urllib.parse import urlsplit

import boto3

from bench import events
from bench.cold_start import package
from bench.figure import Figure, bounded, compared, print_all
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.clicks import Action
from chalicelib.bootstrap import Program
from chalicelib.settings import Settings
from chalicelib.stores.dynamodb.table import table_definition
from cli.pressing import Message, action, headers
from tests.slack.stub import TEAM, Slack, serving
from tests.stores.emulator import Emulator

ADDED_SECONDS = 0.05
SLOWEST_SECONDS = 1.0
DEPLOYMENT, SECRET = "trailbell-dev", "bench" * 6
CLICK = """
import sys, time
began, busy = time.perf_counter(), time.process_time()
sys.path.insert(0, sys.argv[1])
class Context:
    function_name = "bench"
    aws_request_id = "bench"
    def get_remaining_time_in_millis(self): return 29_000
import json
import app
answer = app.app(json.load(open(sys.argv[2])), Context())
took = time.perf_counter() - began
busy = time.process_time() - busy
assert answer["statusCode"] == 200, answer
ours = sum(name.split(".")[0] in ("app", "chalicelib") for name in sys.modules)
print(json.dumps([took, len(sys.modules), ours, busy]))
"""


IMPORT = """
import time
began = time.process_time()
import boto3
print(time.process_time() - began)
"""


class Slowing(BaseHTTPRequestHandler):
    """Hands each request on after ADDED_SECONDS, and counts it by service."""

    behind: str
    counts: ClassVar[Counter[str]] = Counter()
    own: ClassVar[list[float]] = []  # how long the service itself took
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        target = self.headers.get("X-Amz-Target", "")
        self.counts[target.partition("_")[0].partition(".")[0] or "Lambda"] += 1
        time.sleep(ADDED_SECONDS)
        began = time.perf_counter()
        connection = HTTPConnection(urlsplit(self.behind).netloc, timeout=30)
        connection.request("POST", self.path, body, dict(self.headers))
        answer = connection.getresponse()
        said = answer.read()
        self.own.append(time.perf_counter() - began)
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
        connection.close()

    def log_message(self, *args: Any) -> None:
        """Quiet."""


@contextmanager
def slowed(behind: str) -> Iterator[tuple[str, type[Slowing]]]:
    """The same service, slower, and what counts its calls."""
    kept: dict[str, Any] = {"behind": behind, "counts": Counter(), "own": []}
    handler = type("Handler", (Slowing,), kept)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", handler
    finally:
        server.shutdown()
        server.server_close()


def figures(quick: bool) -> Iterator[Figure]:
    """Raises RuntimeError where the emulator is not installed."""
    slack = Slack(latency_seconds=ADDED_SECONDS)
    slack.scopes.add("users:read")
    with tempfile.TemporaryDirectory() as name, serving(slack) as slack_url:
        folder = Path(name)
        package(folder)
        emulator = Emulator.installed(folder)
        if emulator is None:
            raise RuntimeError("the emulator is not installed: make emulator")
        with emulator, slowed(emulator.url) as (url, proxy):
            direct = _environment(emulator.url, slack_url)
            alert_id = _told(direct)
            (channel, shown), *_ = slack.channels.items()
            message = Message(channel, shown[0]["ts"])
            yield from _measured(
                folder, _environment(url, slack_url), alert_id, message, proxy, 5 if quick else 20
            )


def _measured(
    folder: Path,
    environment: dict[str, str],
    alert_id: str,
    message: Message,
    proxy: type[Slowing],
    rounds: int,
) -> Iterator[Figure]:
    found: list[list[float]] = []
    boto: list[float] = []
    for number in range(rounds):
        button = Action.RELEASE if number % 2 else Action.ACKNOWLEDGE
        body = action(button, alert_id, message, "UANNA", team=TEAM)
        request = folder / "click.json"
        request.write_text(json.dumps(_request(body)))
        proxy.counts.clear()
        proxy.own.clear()
        whole, *rest = _fresh(folder, environment, request)
        found.append([whole - sum(proxy.own), *rest])
        boto.append(_import(folder))
    name = "first answer to a click in a cold process"
    added = ADDED_SECONDS * sum(proxy.counts.values())  # Slack is asked while the store is
    busy = sorted(each[3] for each in found)
    at = math.ceil(0.95 * rounds) - 1
    yield bounded(f"{name}, processor time and 50 ms a call: p95", busy[at] + added, "s",
                  SLOWEST_SECONDS, rounds)  # fmt: skip
    took = sorted(each[0] for each in found)
    yield Figure(name=f"{name}, by the clock of this machine: p95", value=took[at], unit="s",
                 n=rounds)  # fmt: skip
    spent = [each[3] for each in found]
    yield compared(f"{name}: processor time, against import boto3", "s", spent, boto)
    yield Figure(name=f"{name}: modules imported", value=found[-1][1], unit="")
    yield Figure(name=f"{name}: of them our own", value=found[-1][2], unit="")
    for service, count in sorted(proxy.counts.items()):
        yield Figure(name=f"{name}: calls of {service}", value=count, unit="")


def _environment(aws_url: str, slack_url: str) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "AWS_LAMBDA_FUNCTION_NAME": DEPLOYMENT,
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "SLACK_API_URL": slack_url,
    }


def _told(environment: dict[str, str]) -> str:
    """Deploy a table and parameters, and tell Slack of one alert; its id."""
    parameters = {"slack-token": "xoxb-" + "bench", "slack-signing-secret": SECRET}
    with patch.dict(os.environ, environment), redirect_stdout(sys.stderr):
        boto3.client("dynamodb").create_table(**table_definition(DEPLOYMENT))
        for name, value in parameters.items():
            path = f"/{DEPLOYMENT}/{name}"
            boto3.client("ssm").put_parameter(Name=path, Value=value, Type="SecureString")
        program = Program(Settings.from_env(os.environ))
        program.ingest([events.stop_logging()], lambda: 60_000.0)
        program.sweep(lambda: 60_000.0)  # which learns whose workspace it is
        (alert,) = program.archive.search(AlertQuery(), 1).alerts
    return alert.alert.alert_id


def _request(body: bytes) -> dict[str, Any]:
    """As API Gateway hands it to Lambda."""
    return {
        "resource": "/slack/actions",
        "path": "/slack/actions",
        "headers": headers(SECRET, body, datetime.now(UTC)),
        "multiValueHeaders": {},
        "multiValueQueryStringParameters": None,
        "pathParameters": None,
        "stageVariables": None,
        "body": body.decode(),
        "isBase64Encoded": False,
        "requestContext": {
            "httpMethod": "POST",
            "resourcePath": "/slack/actions",
            "path": "/api/slack/actions",
        },
    }


def _import(folder: Path) -> float:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT], cwd=folder, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def _fresh(folder: Path, environment: dict[str, str], request: Path) -> list[float]:
    """Seconds, modules, and our own of them, in a process that has the zip's contents."""
    done = subprocess.run(
        [sys.executable, "-c", CLICK, folder / "unpacked", request],
        env=environment, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: list[float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    print_all(figures)
