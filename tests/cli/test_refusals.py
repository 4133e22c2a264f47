"""Without credentials or a region a command says in one line what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from chalicelib.alerts.outbox import StoreError
from chalicelib.aws_errors import explained
from cli.main import main

TABLE = ("--store", "dynamodb:///trailbell-dev")
COMMANDS = [
    ("parked", *TABLE),
    ("redrive", "s3://trailbell-dev-failures"),
    ("replay", "--from-log-group", "trail", "--since", "1h"),
    ("rules", "--verify-live"),
]


@pytest.fixture(autouse=True)
def nobody(fresh_clients: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that has never heard of AWS."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("ALERT_STORE", f"sqlite:///{tmp_path}/alerts.db")


@pytest.mark.parametrize("command", COMMANDS)
def test_without_credentials_a_command_says_to_sign_in(
    command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2
    assert "sign in (aws sso login, aws configure) or set AWS_PROFILE" in done.output
    assert "--help" not in done.output


@pytest.mark.parametrize("command", [COMMANDS[0], COMMANDS[2]])
def test_without_a_region_a_command_says_where_to_name_one(command: tuple[str, ...]) -> None:
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 2
    assert "set AWS_DEFAULT_REGION" in done.output


def test_aws_s_own_refusal_gets_its_next_step_too() -> None:
    refusal = ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "Query")
    error = StoreError("trailbell-dev: query: ResourceNotFoundException")
    error.__cause__ = refusal
    assert "AWS_PROFILE and AWS_DEFAULT_REGION?" in explained(error)


def test_a_key_that_aws_does_not_know_asks_to_sign_in_again() -> None:
    refusal = ClientError({"Error": {"Code": "InvalidClientTokenId"}}, "Query")
    assert explained(refusal).endswith("sign in again, or set another AWS_PROFILE")


def test_an_error_of_our_own_stays_as_it_is() -> None:
    assert explained(ValueError("--since 5: say 30m")) == "--since 5: say 30m"
