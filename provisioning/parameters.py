"""The SSM parameters: what the operator chose, and the secrets."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from provisioning.change import ANYTHING, Call, Found, Part
from provisioning.installation import Installation

WEBHOOK = ("webhook-url", "webhook-secret")
NAMES = (
    "slack-token",
    "slack-channel",
    "slack-username",
    "slack-signing-secret",
    "api-token",
    *WEBHOOK,
)
SECRETS = ("slack-token", "slack-signing-secret", "api-token", *WEBHOOK)
REMEMBERED, CHOSEN = "values", "installation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Values for the parameters; None leaves what is there, or stays open where nothing is."""

    slack_token: str | None = field(default=None, repr=False)
    slack_channel: str | None = None
    slack_username: str | None = None
    slack_signing_secret: str | None = field(default=None, repr=False)
    api_token: str | None = field(default=None, repr=False)
    public_url: str | None = None
    webhook_url: str | None = field(default=None, repr=False)  # its path may hold a token
    webhook_secret: str | None = field(default=None, repr=False)


def values_from_env(env: Mapping[str, str]) -> Values:
    """Those that the environment gives; a reference such as ssm:/path is no value."""

    def value(variable: str) -> str | None:
        text = env.get(variable, "").strip()
        return text if text and not text.startswith("ssm:") else None

    return Values(
        slack_token=value("SLACK_TOKEN"),
        slack_channel=value("SLACK_CHANNEL"),
        slack_username=value("SLACK_USERNAME"),
        slack_signing_secret=value("SLACK_SIGNING_SECRET"),
        api_token=value("API_TOKEN"),
        public_url=value("PUBLIC_URL"),
        webhook_url=value("WEBHOOK_URL"),
        webhook_secret=value("WEBHOOK_SECRET"),
    )


def new_api_token() -> str:
    """A token of 256 random bits."""
    return secrets.token_urlsafe(32)


def memory(at: Installation) -> Part:
    """What the operator chose, for later runs on any machine. It stays with data that only the key
    that was chosen opens: whoever goes on with that, or removes it, must know the key.
    """
    kept = parameter(
        at,
        CHOSEN,
        at.choices.to_json(),
        "later runs need no options",
        secret=False,
        optional=False,
    )
    return replace(kept, data=at.key is not None)


def parameters(at: Installation, values: Values) -> list[Part]:
    """The functions' own parameters; chalicelib/settings.py derives the same names."""
    return [
        parameter(
            at,
            "slack-token",
            values.slack_token,
            "Slack's bot token; apply asks for it, or takes SLACK_TOKEN",
            secret=True,
        ),
        parameter(
            at,
            "slack-channel",
            values.slack_channel,
            "where to tell; #trailbell where it is not set (SLACK_CHANNEL)",
            secret=False,
        ),
        parameter(
            at,
            "slack-username",
            values.slack_username,
            "the name in Slack; the app's own where it is not set (SLACK_USERNAME)",
            secret=False,
        ),
        parameter(
            at,
            "slack-signing-secret",
            values.slack_signing_secret,
            "what Slack signs clicks with; no buttons where it is not set (SLACK_SIGNING_SECRET)",
            secret=True,
        ),
        parameter(
            at,
            "api-token",
            values.api_token,
            "opens the API and the page; apply generates it and shows it once",
            secret=True,
        ),
        *_of_webhook(at, values),
    ]


def _of_webhook(at: Installation, values: Values) -> list[Part]:
    way = "a second way out, see docs/webhook.md (WEBHOOK_URL)"
    key = "what the webhook is signed with (WEBHOOK_SECRET)"
    made = (
        parameter(at, "webhook-url", values.webhook_url, way, secret=True),
        parameter(at, "webhook-secret", values.webhook_secret, key, secret=True),
    )
    return [replace(part, quiet=True) for part in made]


def remembered(at: Installation, values: Values) -> Part:
    """Fingerprints of what is in the other parameters, so that status can say which was changed."""
    known = {**at.values, **given(values), CHOSEN: fingerprint(at.choices.to_json())}
    why = "tells a value that somebody changed by hand"
    text = json.dumps(known, sort_keys=True)
    return parameter(at, REMEMBERED, text, why, secret=False, optional=False)


def given(values: Values) -> dict[str, str]:
    """The fingerprints of the values that are set now, by the parameter's name."""
    named = {field.replace("_", "-"): value for field, value in asdict(values).items()}
    return {name: fingerprint(value) for name, value in named.items() if value is not None}


def with_known(at: Installation, found: Found) -> Installation:
    """With what apply remembered, and what is there and was not remembered yet."""
    try:
        kept = json.loads(found[title(at, REMEMBERED)] or "{}")
    except (TypeError, ValueError):
        kept = {}
    seen = {name: found[title(at, name)] for name in (*NAMES, CHOSEN)}
    there = {name: fingerprint(value) for name, value in seen.items() if isinstance(value, str)}
    return replace(at, values={**there, **(kept if isinstance(kept, dict) else {})})


def fingerprint(value: str) -> str:
    """Enough of a value to see that it is another, too little to find it."""
    return hashlib.sha256(value.encode()).hexdigest()[:8]


def public_url(at: Installation, url: str | None) -> Part:
    """The address that messages link to, known once API Gateway has given it."""
    why = "messages link to the page"
    part = parameter(at, "public-url", url, why, secret=False)
    return replace(part, function=at.function())


def lacks(at: Installation, found: Found, name: str) -> bool:
    """Whether the parameter is not there yet."""
    return found[title(at, name)] is None


def title(at: Installation, name: str) -> str:
    """The title of a parameter's part."""
    return f"SSM parameter {at.parameter(name)}"


def parameter(
    at: Installation,
    name: str,
    value: str | None,
    why: str,
    *,
    secret: bool,
    optional: bool = True,
) -> Part:
    """The parameter as a part; without a value what is there stays."""
    path = {"Name": at.parameter(name)}
    put = {**path, "Value": value, "Type": "SecureString" if secret else "String"}
    if secret and at.key:
        put["KeyId"] = at.key
    # SSM takes tags only where the parameter is new.
    create = _ssm("put_parameter", **put, Tags=at.tag_pairs) if value is not None else None
    change = _ssm("put_parameter", **put, Overwrite=True) if value is not None else None
    return Part(
        title=title(at, name),
        why=why,
        read=_ssm("get_parameter", **path, WithDecryption=True),
        see=lambda response: response["Parameter"]["Value"],
        wanted=ANYTHING if value is None else value,
        absent=("ParameterNotFound",),
        create=(create,) if create else (),
        change=(change,) if change else (),
        remove=(_ssm("delete_parameter", **path),),
        optional=optional,
        secret=secret,
    )


def _ssm(operation: str, **parameters: object) -> Call:
    return Call(service="ssm", operation=operation, parameters=parameters)
