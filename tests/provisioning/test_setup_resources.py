"""The command itself: what is asked, what is printed, with which code it ends."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result

import setup_resources
from tests.provisioning.account import CHANNEL, REGION, SLACK_TOKEN, Account
from tests.provisioning.test_status_of_each import configure
from tests.slack.stub import Slack, serving


@pytest.fixture(scope="module")
def slack() -> Iterator[str]:
    """Where a Slack answers that takes everything."""
    with serving(Slack()) as url:
        yield url


@pytest.fixture
def command(account: Account, monkeypatch: pytest.MonkeyPatch, slack: str) -> Any:
    """Runs setup_resources.py with its arguments against the account."""
    monkeypatch.setenv("SLACK_API_URL", slack)
    monkeypatch.setattr(boto3, "Session", lambda **_: account.aws.session)
    environment = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "SLACK_TOKEN": SLACK_TOKEN,
    }

    def run(*arguments: str, answer: str = "") -> Result:
        return CliRunner().invoke(setup_resources.main, arguments, env=environment, input=answer)

    return run


def test_without_a_command_it_plans(command: Any, account: Account) -> None:
    done = command()

    assert done.exit_code == 0
    assert "+ create  Trail trailbell-dev" in done.output
    assert account.client("cloudtrail").describe_trails()["trailList"] == []


def test_options_without_a_command_are_the_plans(command: Any) -> None:
    assert "trailbell-prod in account" in command("--stage", "prod").output


def test_apply_asks_first_and_a_no_changes_nothing(command: Any, account: Account) -> None:
    done = command("apply", answer="n\n")

    assert done.exit_code == 1
    assert "Make these changes? [y/N]" in done.output
    assert account.client("ssm").describe_parameters()["Parameters"] == []


def test_apply_with_yes_makes_it_and_says_what_comes_next(command: Any) -> None:
    done = command("apply", "--yes")

    assert done.exit_code == 0
    assert "chalice deploy --stage dev" in done.output
    assert "trailbell.py learn --from-log-group trailbell-dev-cloudtrail" in done.output
    assert SLACK_TOKEN not in done.output


def test_apply_without_anybody_to_ask_leaves_the_slack_token_open(command: Any) -> None:
    done = CliRunner().invoke(
        setup_resources.main,
        ["apply", "--yes", "--region", REGION],
        env={"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "SLACK_TOKEN": ""},
    )

    assert done.exit_code == 0
    assert "? open    SSM parameter /trailbell-dev/slack-token" in done.output


def test_status_ends_with_1_until_all_is_well(
    command: Any, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    slack = Slack(scopes={"chat:write", "channels:history", "channels:read"})
    with serving(slack) as url:
        monkeypatch.setenv("SLACK_API_URL", url)
        monkeypatch.setenv("SLACK_CHANNEL", CHANNEL)
        monkeypatch.setattr(boto3, "Session", lambda **_: account.aws.session)
        assert command("status").exit_code == 1

        account.deploy()
        account.schedule()
        configure(account)
        command("apply", "--yes")

        done = command("status")
        assert (done.exit_code, "trailbell-dev is healthy" in done.output) == (0, True)

        slack.behaviour = "invalid_auth"
        done = command("status", "--json")
        assert (done.exit_code, json.loads(done.output)["verdict"]) == (1, "broken")


def test_every_mistake_is_said_at_once_and_aws_is_not_asked(command: Any, account: Account) -> None:
    done = command("apply", "--yes", "--email", "x", "--log-days", "2", "--bucket", "B")

    assert done.exit_code == 2
    assert "3 things are wrong, and nothing was done" in done.output
    assert account.recorder.calls == []


def test_destroy_asks_first(command: Any, account: Account) -> None:
    command("apply", "--yes")

    done = command("destroy", answer="n\n")

    assert done.exit_code == 1
    assert account.client("cloudtrail").describe_trails()["trailList"] != []


def test_a_test_alert_before_a_deployment_says_what_comes_first(command: Any) -> None:
    done = command("test-alert")

    assert done.exit_code == 1
    assert "make deploy STAGE=dev comes first" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("apply", "--tag", "team"), "--tag takes KEY=VALUE"),
        (("plan", "--stage", "staging"), "'staging' is not one of 'dev', 'prod'"),
        (("plan", "--log-days", "0"), "CloudWatch Logs keeps records 1, 3, 5"),
    ],
)
def test_wrong_use_ends_with_2(command: Any, arguments: tuple[str, ...], words: str) -> None:
    done = command(*arguments)

    assert done.exit_code == 2
    assert words in done.output


@pytest.mark.parametrize("goal", ["deploy", "destroy"])
@pytest.mark.parametrize("option", ["--region eu-west-1", "--profile=audit", "--stage prod"])
def test_make_goes_to_one_place_in_all_its_steps(goal: str, option: str) -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", goal, f"ARGS={option} --log-days 7"],
        cwd=Path(setup_resources.__file__).parent,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "export AWS_PROFILE and AWS_DEFAULT_REGION, and give STAGE=" in done.stderr
    assert done.stdout == ""


def test_a_webhook_is_asked_of_nobody_and_kept_as_secrets_where_it_is_given(
    command: Any, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "webhook" not in command("plan").output
    url, secret = "https://example.com/in?token=abc", "whsec_" + "QUFB" * 8
    monkeypatch.setenv("WEBHOOK_URL", url)
    monkeypatch.setenv("WEBHOOK_SECRET", secret)
    done = command("apply", "--yes")

    assert done.exit_code == 0
    assert url not in done.output
    assert secret not in done.output
    for name, value in (("webhook-url", url), ("webhook-secret", secret)):
        name = f"/trailbell-dev/{name}"
        kept = account.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
        assert (kept["Type"], kept["Value"]) == ("SecureString", value)
