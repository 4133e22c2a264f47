"""The Slack app's manifest: what it asks for, and where its clicks go."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

import setup_resources
from chalicelib.monitoring.channels import CUSTOMIZE, HISTORY, NEEDED
from provisioning.errors import OperatorError
from provisioning.slack_app import PLACEHOLDER, address

URL = "https://abc123.execute-api.eu-central-1.amazonaws.com/api/"


def run(*arguments: str, **env: str) -> Result:
    return CliRunner().invoke(setup_resources.main, ["slack-manifest", *arguments], env=env)


def manifest(done: Result) -> Any:
    assert done.exit_code == 0
    return json.loads(done.stdout)


def test_its_clicks_and_its_command_go_to_the_url_that_is_given() -> None:
    made = manifest(run("--url", URL.rstrip("/")))

    assert made["settings"]["interactivity"]["request_url"] == URL + "slack/actions"
    assert made["features"]["slash_commands"][0]["url"] == URL + "slack/commands"


def test_without_an_option_the_url_is_public_url() -> None:
    made = manifest(run(PUBLIC_URL=URL))

    assert made["settings"]["interactivity"]["request_url"].startswith(URL)


def test_without_any_url_a_placeholder_stands_there_and_is_said() -> None:
    done = run(PUBLIC_URL="")

    assert manifest(done)["features"]["slash_commands"][0]["url"].startswith(PLACEHOLDER)
    assert f"{PLACEHOLDER} stands in its place" in done.stderr


def test_it_is_printed_without_credentials_or_region_and_stdout_is_the_manifest_alone() -> None:
    done = run(AWS_ACCESS_KEY_ID="", AWS_DEFAULT_REGION="", AWS_PROFILE="nobody")

    assert set(manifest(done)) >= {"display_information", "features", "oauth_config", "settings"}
    assert "From a manifest" in done.stderr


def test_it_asks_for_every_scope_that_the_checks_name() -> None:
    scopes = manifest(run())["oauth_config"]["scopes"]["bot"]

    assert {NEEDED, CUSTOMIZE, *HISTORY, "commands"} <= set(scopes)
    assert len(scopes) == len(set(scopes))


@pytest.mark.parametrize(
    "wrong",
    [
        "http://example.com/api/",
        "example.com",
        "https://",
        "https://example.com/?a=1",
        "https://[",
        "https://example.com/a b",
    ],
)
def test_an_address_that_slack_cannot_call_is_refused_with_what_it_takes(wrong: str) -> None:
    with pytest.raises(OperatorError, match="it takes https://host/path/"):
        address(wrong)
