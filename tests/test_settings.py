"""Settings: what the environment chooses."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.settings import Settings, SettingsError, is_loopback


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


def test_blanks_around_a_secret_are_none_of_it_and_alone_are_no_secret() -> None:
    for pasted, secret in (("abc\n", "abc"), (" ", None)):
        settings = Settings.from_env({"SLACK_SIGNING_SECRET": pasted, "SLACK_TOKEN": pasted})
        assert (settings.slack_signing_secret, settings.slack_token) == (secret, secret)


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


@pytest.mark.parametrize(
    "value",
    [
        "https://slack-gov.com/api/",
        "https://slack.example.com:8443/api",
        "http://127.0.0.1:8099/api/",
        "http://127.1.2.3/",
        "http://localhost:8099/api/",
        "http://[::1]:8099/api/",
        "HTTPS://SLACK-GOV.COM/api/",
    ],
)
def test_slacks_address_may_be_https_or_this_machine(value: str) -> None:
    settings = Settings.from_env({"SLACK_API_URL": value})
    assert settings.slack_api_url == value.rstrip("/") + "/"


@pytest.mark.parametrize(
    "value",
    [
        "http://slack.example.com/api/",
        "http://127.0.0.1.example.com/",
        "http://127.0.0.999/",
        "http://127.0.0.1@example.com/",
        "http://127.0.0.1\\@example.com/",
        "http://localhost.example.com/",
        "http://0.0.0.0/",
        "http://[::ffff:192.0.2.1]/",
        "https://name:word@slack.example.com/",
        "https://name@slack.example.com/",
        "https://slack.example.com/?a=b",
        "https://slack.example.com/?",
        "https://slack.example.com/#a",
        "https://slack.exa\nmple.com/",
        "https://slack.example.com /",
        "https://släck.example.com/",
        "https://slack.example.com:port/",
        "https://[slack/",
        "https:///api/",
        "https:slack.com",
        "ftp://slack.example.com/",
        "file:///etc/passwd",
        "ssm:/trailbell-dev/slack-api-url",
        "slack.com",
    ],
)
def test_the_token_goes_to_no_other_address_and_the_error_says_what_to_do(value: str) -> None:
    with pytest.raises(SettingsError, match=r"SLACK_API_URL is no address.*Unset it") as caught:
        Settings.from_env({"SLACK_API_URL": value})
    assert "word" not in str(caught.value)


@given(st.text())
def test_whatever_is_given_as_slacks_address_plain_http_stays_on_this_machine(text: str) -> None:
    for value in (text, f"http://{text}", f"http://127.0.0.1{text}", f"http://localhost{text}"):
        try:
            url = Settings.from_env({"SLACK_API_URL": value}).slack_api_url
        except SettingsError:
            continue
        assert (
            url is None or url.startswith("https://") or is_loopback(urlsplit(url).hostname or "")
        )
