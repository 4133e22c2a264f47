"""Settings: every choice that the environment makes, read once from a mapping."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

# Chalice names a function `<app>-<stage>-<function>` and the REST function `<app>-<stage>`.
FUNCTIONS = ("ingest_logs", "ingest_events", "ingest_files", "sweep")
LOCAL_STORE = "sqlite:///.trailbell/alerts.db"
DEFAULT_CHANNEL = "#trailbell"
# No channel of Slack's: what goes there leaves by WEBHOOK_URL (docs/webhook.md). Slack's of that
# name is #webhook.
WEBHOOK = "webhook"
DEFAULT_RETENTION_DAYS = 90
DEFAULT_RETENTION = timedelta(days=DEFAULT_RETENTION_DAYS)
STORES = ("sqlite", "dynamodb")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_LOOPBACK = re.compile(r"localhost|::1|127(\.(25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}")


class SettingsError(ValueError):
    """A variable whose value cannot be used; names the variable and what it may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the environment chose. A value may be `ssm:/path`, read when it is needed.

    In Lambda, what is unset derives from the function's name (`trailbell-dev-ingest_logs`:
    the table trailbell-dev, parameters under /trailbell-dev/); elsewhere from SQLite.
    """

    slack_token: str | None = field(default=None, repr=False)
    slack_channel: str = DEFAULT_CHANNEL
    slack_username: str | None = None
    slack_api_url: str | None = None
    slack_signing_secret: str | None = field(default=None, repr=False)
    alert_store: str = LOCAL_STORE
    webhook_url: str | None = field(default=None, repr=False)  # its path may hold a token
    webhook_secret: str | None = field(default=None, repr=False)
    trail_bucket: str | None = None
    api_token: str | None = field(default=None, repr=False)
    public_url: str | None = None
    retention_days: int = DEFAULT_RETENTION_DAYS
    rules_file: str | None = None
    log_level: str = "INFO"
    deployment: str | None = None  # "<app>-<stage>" in Lambda, None elsewhere
    sample: bool = False  # marks every message SAMPLE
    swept: bool = False  # another process on this machine sweeps already, every second

    @property
    def retention(self) -> timedelta:
        """How long alerts are kept; an older record becomes an alert that is never sent."""
        return timedelta(days=self.retention_days)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read the environment; an empty variable counts as unset, and blanks around what SSM may
        hold are none of it, as in SSM. Raises SettingsError.
        """
        name = env.get("AWS_LAMBDA_FUNCTION_NAME") or None
        deployment = _deployment(name) if name else None

        def parameter(variable: str, path: str) -> str | None:
            default = f"ssm:/{deployment}/{path}" if deployment else None
            return env.get(variable, "").strip() or default

        table = f"dynamodb:///{deployment}" if deployment else LOCAL_STORE
        return cls(
            slack_token=parameter("SLACK_TOKEN", "slack-token"),
            slack_channel=parameter("SLACK_CHANNEL", "slack-channel") or DEFAULT_CHANNEL,
            slack_username=parameter("SLACK_USERNAME", "slack-username"),
            slack_api_url=_slack_api_url(env.get("SLACK_API_URL") or None),
            slack_signing_secret=parameter("SLACK_SIGNING_SECRET", "slack-signing-secret"),
            alert_store=_store(env.get("ALERT_STORE") or table),
            webhook_url=_webhook_url(
                parameter("WEBHOOK_URL", "webhook-url"), plain=deployment is None
            ),
            webhook_secret=parameter("WEBHOOK_SECRET", "webhook-secret"),
            trail_bucket=parameter("TRAIL_BUCKET", "trail-bucket"),
            api_token=parameter("API_TOKEN", "api-token"),
            public_url=_url(env, "PUBLIC_URL") or parameter("PUBLIC_URL", "public-url"),
            retention_days=_days(env.get("RETENTION_DAYS") or str(DEFAULT_RETENTION_DAYS)),
            rules_file=env.get("RULES_FILE") or None,
            log_level=_level(env.get("LOG_LEVEL") or "INFO"),
            deployment=deployment,
            sample=bool(env.get("TRAILBELL_SAMPLE")),
            swept=bool(env.get("TRAILBELL_SWEPT")),
        )


def store_of(url: str) -> tuple[str, str] | None:
    """The kind of store that an ALERT_STORE names, and its path or table; None of any other."""
    kind, _, name = url.partition(":///")
    return (kind, name) if kind in STORES and name else None


def is_loopback(host: str) -> bool:
    """Whether that is this machine itself: what is said to it passes nobody."""
    return bool(_LOOPBACK.fullmatch(host))


def failure_bucket(deployment: str, account: str, region: str) -> str:
    """The bucket where Lambda puts the payloads that it gave up on."""
    return f"{deployment}-failures-{account}-{region}"


def _deployment(function_name: str) -> str:
    for function in FUNCTIONS:
        if function_name.endswith(f"-{function}"):
            return function_name.removesuffix(f"-{function}")
    return function_name


def _store(url: str) -> str:
    if store_of(url):
        return url
    raise SettingsError(
        f"ALERT_STORE is {url!r}; it takes sqlite:///path/to/file.db or dynamodb:///table"
    )


def _url(env: Mapping[str, str], variable: str) -> str | None:
    value = env.get(variable)
    if not value or value.startswith("ssm:"):
        return None
    if urlsplit(value).scheme not in ("http", "https"):
        raise SettingsError(f"{variable} is {value!r}; it takes an http or https address")
    return value.rstrip("/") + "/"


def may_have_a_secret(value: str, *, plain: bool = True, query: bool = False) -> bool:
    """Whether that is an address which what is secret may be sent to: https, or with `plain` http
    on this machine; without a user or a fragment, and without a query unless one may be there.
    """
    # urlsplit drops line breaks and tabs, and takes a backslash for a part of the host.
    if not re.fullmatch(r"[!-~]+", value) or re.search(r"[\\@#]" if query else r"[\\@?#]", value):
        return False
    try:
        address = urlsplit(value)
        host, _ = address.hostname, address.port
    except ValueError:  # brackets or a port that are none
        return False
    if not host:
        return False
    return address.scheme == "https" or (plain and address.scheme == "http" and is_loopback(host))


def _webhook_url(value: str | None, *, plain: bool) -> str | None:
    if value is None or value.startswith("ssm:"):
        return value
    if may_have_a_secret(value, plain=plain, query=True):
        return value
    # Not the value: a token may stand in it.
    raise SettingsError(
        "WEBHOOK_URL is no address that alerts may go to; it takes https://host/path (on this "
        "machine, as localhost or 127.0.0.1, http too) without user or fragment, or ssm:/path"
    )


def _slack_api_url(value: str | None) -> str | None:
    if value is None:
        return None
    if not may_have_a_secret(value):
        # Not the value: a name and password may stand in it.
        raise SettingsError(
            "SLACK_API_URL is no address that the token may go to; it takes https://host/path/ "
            "(on this machine, as localhost or 127.0.0.1, http too) without user, query or "
            "fragment. Unset it for Slack itself; GovSlack is https://slack-gov.com/api/"
        )
    return value.rstrip("/") + "/"


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 3650:
        return int(text)
    raise SettingsError(f"RETENTION_DAYS is {text!r}; it takes a whole number from 1 to 3650")


def _level(text: str) -> str:
    if text.upper() in LOG_LEVELS:
        return text.upper()
    raise SettingsError(f"LOG_LEVEL is {text!r}; it takes {', '.join(LOG_LEVELS)}")
