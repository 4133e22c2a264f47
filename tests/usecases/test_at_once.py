"""What a click has done at once, after its answer."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chalicelib import aws
from chalicelib.bootstrap import Program
from chalicelib.settings import Settings
from chalicelib.slack.whisper import Whisper
from chalicelib.usecases.at_once import Turn, at_once, whisper, whispered_by
from tests.slack.stub import Slack, serving

SAID = Whisper("CALERTS", "UANNA", "Somebody else is looking at it.")


def test_what_comes_while_a_sweep_runs_is_swept_once_more_after_it() -> None:
    turn, began, go_on = Turn(), threading.Event(), threading.Event()
    swept: list[str] = []

    def sweep() -> None:
        swept.append("began")
        began.set()
        go_on.wait(5)

    first = threading.Thread(target=turn.take, args=(sweep,))
    first.start()
    began.wait(5)
    for _ in range(20):
        turn.take(sweep)  # returns at once
    go_on.set()
    first.join(5)
    assert len(swept) == 2
    turn.take(sweep)
    assert len(swept) == 3


def test_a_sweep_that_fails_lets_the_next_one_run() -> None:
    turn, swept = Turn(), []

    def fail() -> None:
        raise RuntimeError("no rules")

    with pytest.raises(RuntimeError):
        turn.take(fail)
    turn.take(lambda: swept.append(1))
    assert swept == [1]


@pytest.fixture
def functions(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, str], Any]]]:
    """Lambda's API, which takes every invocation: path, headers and payload of each."""
    came: list[tuple[str, dict[str, str], Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.path, dict(self.headers), json.loads(body)))
            self.send_response(202 if "prod" not in self.path else 429)
            self.send_header("x-amzn-errortype", "TooManyRequestsException")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_address[1]}")
    aws.client.cache_clear()
    yield came
    aws.client.cache_clear()
    server.shutdown()
    server.server_close()


DEPLOYED = Settings(
    slack_token="xoxb-" + "test", slack_channel="#alerts", deployment="trailbell-dev"
)


def test_in_lambda_the_sweep_is_invoked_asynchronously_as_eventbridge_would(
    functions: list[tuple[str, dict[str, str], Any]],
) -> None:
    at_once(Program(DEPLOYED), SAID)
    ((path, headers, event),) = functions
    assert path == "/2015-03-31/functions/trailbell-dev-sweep/invocations"
    assert headers["X-Amz-Invocation-Type"] == "Event"
    assert event["source"] == "trailbell"
    assert whispered_by(event["detail"]) == SAID


def test_an_invocation_that_is_refused_is_only_logged_the_minute_comes(
    functions: list[tuple[str, dict[str, str], Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    at_once(Program(replace(DEPLOYED, deployment="trailbell-prod")), None)
    assert len(functions) == 1
    line = json.loads(capsys.readouterr().out)
    assert (line["message"], line["reason"]) == ("not swept at once", "TooManyRequestsException")


@pytest.mark.parametrize("detail", [None, {}, {"whisper": None}, {"whisper": {"text": 7}}, "x"])
def test_another_event_is_answered_to_nobody(detail: Any) -> None:
    assert whispered_by(detail) is None


def test_a_whisper_is_tried_once_and_nothing_is_lost_with_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    slack = Slack(script=["500"])
    with serving(slack) as url:
        program = Program(replace(DEPLOYED, slack_api_url=url, alert_store="sqlite:///:memory:"))
        whisper(program, SAID)
        assert [entry["method"] for entry in slack.journal] == ["chat.postEphemeral"]
        assert json.loads(capsys.readouterr().out)["message"] == "not whispered"
        whisper(program, SAID)
    assert slack.whispers[-1]["text"] == SAID.text
