"""Settings: what the environment chooses."""

from __future__ import annotations

import pytest

from chalicelib.settings import Settings, SettingsError


def test_nothing_set_means_sqlite_and_no_secret() -> None:
    settings = Settings.from_env({})
    assert settings.alert_store == "sqlite:///.trailbell/alerts.db"
    assert (settings.slack_token, settings.api_token, settings.deployment) == (None, None, None)
    assert settings.retention_days == 90


@pytest.mark.parametrize(
    "function", ["trailbell-dev", "trailbell-dev-ingest_logs", "trailbell-dev-sweep"]
)
def test_in_lambda_table_and_parameters_derive_from_the_functions_name(function: str) -> None:
    settings = Settings.from_env({"AWS_LAMBDA_FUNCTION_NAME": function})
    assert settings.deployment == "trailbell-dev"
    assert settings.alert_store == "dynamodb:///trailbell-dev"
    assert settings.slack_token == "ssm:/trailbell-dev/slack-token"
    assert settings.slack_channel == "ssm:/trailbell-dev/slack-channel"
    assert settings.api_token == "ssm:/trailbell-dev/api-token"
    assert settings.public_url == "ssm:/trailbell-dev/public-url"


def test_what_is_set_wins_over_what_derives() -> None:
    settings = Settings.from_env(
        {
            "AWS_LAMBDA_FUNCTION_NAME": "trailbell-dev",
            "ALERT_STORE": "sqlite:///x.db",
            "SLACK_CHANNEL": "#ops",
            "PUBLIC_URL": "https://example.com/api",
        }
    )
    assert settings.alert_store == "sqlite:///x.db"
    assert settings.slack_channel == "#ops"
    assert settings.public_url == "https://example.com/api/"


def test_an_empty_variable_counts_as_unset() -> None:
    assert Settings.from_env({"SLACK_TOKEN": "", "RETENTION_DAYS": ""}) == Settings.from_env({})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ALERT_STORE", "mysql://x"),
        ("ALERT_STORE", "sqlite:///"),
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS", "a week"),
        ("RETENTION_DAYS", "²"),
        ("LOG_LEVEL", "loud"),
        ("SLACK_API_URL", "slack.example.com"),
        ("PUBLIC_URL", "javascript:alert(1)"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused_by_name(variable: str, value: str) -> None:
    with pytest.raises(SettingsError, match=variable):
        Settings.from_env({variable: value})


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    token = "xoxb" + "-canary-token"
    shown = repr(Settings.from_env({"SLACK_TOKEN": token, "API_TOKEN": token}))
    assert token not in shown
