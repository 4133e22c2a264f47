"""Bootstrap: the parts are made from the settings, each once and not before it is needed."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from chalicelib.bootstrap import Program, assembled, current, open_store
from chalicelib.delivery.outcome import OutcomeKind
from chalicelib.rules.place import RulesError
from chalicelib.settings import Settings
from chalicelib.slack.client import SlackTransport
from chalicelib.slack.stand_in import NoTransport, TerminalTransport
from tests.slack.stub import Slack, payload, serving
from tests.stores.factories import alert, post

TOKEN = "xoxb" + "-test"


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    assembled.cache_clear()


def test_a_program_makes_no_part_before_it_is_asked_for(tmp_path: Path) -> None:
    store = tmp_path / "alerts.db"
    missing = str(tmp_path / "missing.toml")
    program = Program(Settings(alert_store=f"sqlite:///{store}", rules_file=missing))
    assert not program.has_store
    with pytest.raises(RulesError, match=r"missing\.toml"):
        _ = program.ruleset
    _ = program.store
    assert program.has_store
    assert not store.exists()  # nor does a store read or make anything before its first call


def test_each_part_is_made_once(tmp_path: Path) -> None:
    program = Program(Settings(alert_store=f"sqlite:///{tmp_path}/alerts.db"))
    assert program.store is program.store
    assert program.archive is program.store.archive
    assert program.ruleset is program.ruleset
    assert program.log is program.log


def test_the_same_environment_is_the_same_program_and_another_is_another(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ALERT_STORE", f"sqlite:///{tmp_path}/alerts.db")
    first = current()
    assert current() is first
    monkeypatch.setenv("ALERT_STORE", f"sqlite:///{tmp_path}/other.db")
    other = current()
    assert other.store is not first.store
    assert other.settings.alert_store.endswith("other.db")


def test_programs_of_equal_settings_are_one() -> None:
    assert assembled(Settings()) is assembled(Settings())
    assert assembled(Settings()) is not assembled(Settings(log_level="ERROR"))


def test_with_a_token_messages_go_to_slack_by_one_client_while_the_token_stays() -> None:
    transport = Program(Settings(slack_token=TOKEN, deployment="trailbell-dev")).transport()
    assert isinstance(transport, SlackTransport)
    assert Program(Settings(slack_token=TOKEN)).transport() is transport
    assert Program(Settings(slack_token=TOKEN + "2")).transport() is not transport


@mock_aws
@pytest.mark.usefixtures("fresh_clients")
def test_a_token_that_was_rotated_in_ssm_works_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(variable, "testing")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    ssm = boto3.client("ssm")
    ssm.put_parameter(Name="/rotated/slack-token", Value=TOKEN, Type="SecureString")
    with serving(Slack(tokens={TOKEN + "2"})) as url:
        program = Program(Settings(slack_token="ssm:/rotated/slack-token", slack_api_url=url))
        transport = program.transport()
        ssm.put_parameter(
            Name="/rotated/slack-token", Value=TOKEN + "2", Type="SecureString", Overwrite=True
        )
        assert transport.post(payload()).kind is OutcomeKind.SENT
        assert program.transport().post(payload()).kind is OutcomeKind.SENT


def test_without_a_token_messages_are_drawn_on_the_screen() -> None:
    screen = io.StringIO()
    transport = Program(Settings(), screen=screen).transport()
    assert isinstance(transport, TerminalTransport)
    transport.post(payload())
    assert "hello" in screen.getvalue()


def test_in_lambda_a_token_that_is_missing_loses_nothing_to_a_screen() -> None:
    assert isinstance(Program(Settings(deployment="trailbell-dev")).transport(), NoTransport)


def test_a_message_has_an_address_only_where_slack_itself_took_it() -> None:
    taken = replace(post(alert()), channel_id="C024BE91L", ts="1732449540.000100")
    assert Program(Settings()).message_url(taken)
    assert Program(Settings(slack_api_url="http://127.0.0.1:9/")).message_url(taken) is None


def test_an_alert_whose_rules_name_no_channel_goes_where_the_settings_say() -> None:
    assert Program(Settings()).default_channel() == "#trailbell"
    assert Program(Settings(slack_channel="")).default_channel() == "#trailbell"
    assert Program(Settings(slack_channel="#ops")).default_channel() == "#ops"


def test_a_url_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    open_store("sqlite:///folder/relative.db").outbox.known([])
    open_store(f"sqlite:///{tmp_path}/absolute.db").outbox.known([])

    assert (tmp_path / "folder" / "relative.db").exists()
    assert (tmp_path / "absolute.db").exists()


@pytest.mark.parametrize("url", ["", "alerts.db", "sqlite:///", "sqlite://host/x", "redis:///x"])
def test_a_url_that_names_no_store_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="names no store"):
        open_store(url)
