"""Slack asked plainly, without slack_sdk: what it says, or nothing."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from chalicelib.slack.asking import asking
from tests.ports import free_port
from tests.slack.stub import BROKEN, REFUSED, TEAM, Slack, serving
from tests.test_layout import ROOT

TOKEN = "xoxb-" + "test"


def test_an_answer_that_is_ok_comes_back_and_the_token_goes_along() -> None:
    slack = Slack(tokens={TOKEN})
    slack.scopes.add("users:read")
    with serving(slack) as url:
        ask = asking(f"{TOKEN}\n", url, 2.0)
        answer = ask("auth.test", {})
        assert answer
        assert answer["team_id"] == TEAM
        assert ask("users.info", {"user": "UÄ&b=c"}) == {
            "ok": True,
            "user": {"id": "UÄ&b=c", "team_id": TEAM, "is_restricted": False},
        }
        assert asking("another", url, 2.0)("auth.test", {}) is None


@pytest.mark.parametrize("behaviour", [*REFUSED, *BROKEN, "429", "reset", "drop_after", "partial"])
def test_whatever_else_slack_does_is_no_answer(behaviour: str) -> None:
    with serving(Slack(behaviour=behaviour)) as url:
        assert asking(TOKEN, url, 2.0)("auth.test", {}) is None


def test_it_takes_no_longer_than_it_may() -> None:
    with serving(Slack(latency_seconds=3.0)) as url:
        began = time.monotonic()
        assert asking(TOKEN, url, 0.3)("auth.test", {}) is None
        assert time.monotonic() - began < 2.5


def test_nobody_there_is_no_answer() -> None:
    assert asking(TOKEN, f"http://127.0.0.1:{free_port()}/api/", 1.0)("auth.test", {}) is None


def test_it_costs_no_slack_sdk() -> None:
    program = "import sys; import chalicelib.usecases.clicks; print('slack_sdk' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"
