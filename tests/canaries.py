"""Secrets of every kind that a record may carry, none of them real, each made from parts.

`planted(record)` yields the record with one canary in a place where such a secret is found; a
test looks for `canary.needle` in what came of it: a piece of 16 characters or more.
"""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]

# No entropy that a scanner would take for a secret in this file; enough for our own detector.
_TAIL = "Ab1" + "Cd2Ef3Gh4Ij5" + "Kl6Mn7Op8Qr9"
_LONG = "wJ4" + "rXu1tnFEMI/K7MDENG" + "+bPxRfiCY" + "7KEY12cAnA"


@dataclass(frozen=True, slots=True)
class Canary:
    """A planted secret: the record, where it was planted, and what must not be found again."""

    place: str
    record: Json
    needle: str


def planted(record: Json) -> Iterator[Canary]:
    """The record with each canary in turn."""
    for place, key, value in BY_KEY:
        changed = copy.deepcopy(record)
        _put(changed, key, value)
        yield Canary(place, changed, _needle(value))
    for name, value in BY_VALUE.items():
        for section in ("userAgent", "errorMessage", "requestParameters", "responseElements"):
            changed = copy.deepcopy(record)
            text = f"before {value} after"
            changed[section] = text if section in TEXTS else {"bucketName": text, "note": text}
            yield Canary(f"{name} in {section}", changed, _needle(value))


def _put(record: Json, path: str, value: Any) -> None:
    *steps, last = path.split(".")
    place = record
    for step in steps:
        inner = place.get(step)
        place[step] = inner if isinstance(inner, dict) else {}
        place = place[step]
    place[last] = value


def _needle(value: Any) -> str:
    """The longest run of word characters of what was planted."""
    text = value if isinstance(value, str) else json.dumps(value)
    runs = "".join(c if c.isalnum() or c in "/+" else " " for c in text).split()
    needle = max(runs, key=len)
    assert len(needle) >= 12, text
    return needle


TEXTS = ("userAgent", "errorMessage")
_PASSWORD = "correct" + "Horse" + "BatteryStaple" + "99"

# (what, where, value): secrets that the key betrays
BY_KEY: tuple[tuple[str, str, Any], ...] = (
    ("password of a user", "requestParameters.password", _PASSWORD),
    ("new password", "requestParameters.newPassword", _PASSWORD),
    ("master password", "requestParameters.masterUserPassword", _PASSWORD),
    ("secret string", "requestParameters.secretString", _PASSWORD),
    ("secret binary", "requestParameters.secretBinary", _PASSWORD),
    ("client secret", "requestParameters.client_secret", _PASSWORD),
    ("secret access key", "responseElements.accessKey.secretAccessKey", _LONG),
    ("session token", "responseElements.credentials.sessionToken", "Fw" + "oG" + _TAIL * 3),
    ("credentials", "responseElements.credentials.anything", _PASSWORD),
    ("user data", "requestParameters.userData", "IyEvYmluL2Jhc2gK" + _TAIL),
    ("private key", "responseElements.privateKey", _PASSWORD),
    ("key material", "responseElements.keyMaterial", _PASSWORD),
    ("API key", "requestParameters.apiKey", _PASSWORD),
    ("API key with a dash", "requestParameters.x-api-key", _PASSWORD),
    ("authorization", "requestParameters.headers.Authorization", _PASSWORD),
    ("plaintext", "requestParameters.plaintext", _PASSWORD),
    ("token", "requestParameters.authToken", _PASSWORD),
    ("web identity token", "requestParameters.webIdentityToken", _PASSWORD),
    ("SAML assertion", "requestParameters.sAMLAssertion", _PASSWORD),
    ("function's environment", "requestParameters.environment.variables.DB", _PASSWORD),
    (
        "task's environment",
        "requestParameters.containerDefinitions",
        [{"environment": [{"name": "DB", "value": _PASSWORD}]}],
    ),
    (
        "build's environment",
        "requestParameters.environmentVariablesOverride",
        [{"name": "DB", "value": _PASSWORD, "type": "PLAINTEXT"}],
    ),
    (
        "stack's parameter",
        "requestParameters.parameters",
        [{"parameterKey": "Db", "parameterValue": _PASSWORD}],
    ),
    ("tag", "requestParameters.tags", [{"key": "db-password", "value": _PASSWORD}]),
    ("tag set", "requestParameters.tagSet", {"items": [{"key": "token", "value": _PASSWORD}]}),
    ("commands", "requestParameters.parameters.commands", [f"mysql {_PASSWORD}"]),
    ("MFA seed", "responseElements.virtualMFADevice.base32StringSeed", _PASSWORD),
    ("MFA picture", "responseElements.virtualMFADevice.qRCodePNG", _PASSWORD),
    ("presigned address", "responseElements.presignedUrl", f"https://example.com/{_PASSWORD}"),
    ("stream address", "responseElements.streamUrl", f"wss://example.com/{_PASSWORD}"),
    ("deep in arrays", "requestParameters.a", [[{"b": [{"passwd_x": [[_PASSWORD]]}]}]]),
    ("additional data", "additionalEventData.sessionToken", _PASSWORD),
    ("identity's own token", "userIdentity.sessionContext.token", _PASSWORD),
    ("connection string", "requestParameters.connectionString", _PASSWORD),
    ("pass phrase", "requestParameters.certificatePassphrase", _PASSWORD),
    ("pass", "requestParameters.dbPass", _PASSWORD),
    ("pass code", "requestParameters.passcode", _PASSWORD),
    ("key of a VPN", "requestParameters.tunnelOptions", [{"preSharedKey": _PASSWORD}]),
    ("key of a BGP peer", "requestParameters.newBGPPeer.authKey", _PASSWORD),
    ("login of Docker", "requestParameters.auths", {"example.com": {"auth": _PASSWORD}}),
    ("header", "requestParameters.h", [{"headerName": "X-Auth", "headerValue": _PASSWORD}]),
    ("option", "requestParameters.o", [{"optionName": "DB_PASSWORD", "value": _PASSWORD}]),
    (
        "Elastic Beanstalk's environment",
        "requestParameters.optionSettings",
        [{"namespace": "aws:eb:application:environment", "optionName": "X", "value": _PASSWORD}],
    ),
    ("password of digits", "requestParameters.password", 9_876_543_210_123_456),
    ("value of an API key", "responseElements.value", {"apiKey": _PASSWORD}),
    (
        "stack's parameter in a text",
        "requestParameters.parameters",
        json.dumps([{"ParameterKey": "Db", "ParameterValue": _PASSWORD}]),
    ),
    (
        "task's environment in a text",
        "requestParameters.containerDefinitions",
        json.dumps([{"environment": [{"name": "DB", "value": _PASSWORD}]}]),
    ),
    (
        "body in an input",
        "requestParameters.input",
        json.dumps({"body": json.dumps({"headers": {"Authorization": _PASSWORD}})}),
    ),
)

_JWT = ".".join(("eyJhbGciOiJI" + "UzI1NiJ9", "eyJzdWIiOiIx" + "MjM0NTY3ODkwIn0", _TAIL))
_PEM = f"-----BEGIN RSA {'PRIVATE'} KEY-----\n{_TAIL}\n{_TAIL}\n-----END RSA {'PRIVATE'} KEY-----"
_ACCESS_KEY = "AKIA" + "IOSFODNN7" + "EXAMPLQ"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


_SCRIPT = _base64(f"#!/bin/sh\nexport DB_PASSWORD={_PASSWORD}\n" + "echo done\n" * 9)

# Secrets that their shape betrays, wherever they stand
BY_VALUE: dict[str, str] = {
    "access key id": _ACCESS_KEY,
    "temporary key id": "ASIA" + "IOSFODNN7" + "EXAMPLQ",
    "key id in a policy": quote(json.dumps({"k": _ACCESS_KEY})),
    "secret key": _LONG,
    "secret key after an equals sign": f"k={_LONG}",
    "session token": "IQoJb3JpZ2lu" + "X2Vj" + _TAIL * 4,
    "JSON web token": _JWT,
    "private key": _PEM,
    "private key on one line": _PEM.replace("\n", "\\n"),
    "Slack's bot token": "-".join(("xox" + "b", "123456789012", "123456789012", _TAIL)),
    "Slack's app token": "-".join(("xapp", "1", "A0123456789", _TAIL)),
    "Slack's webhook": "https://hooks.slack" + ".com/services/T0123/B0123/" + _TAIL,
    "GitHub's token": "gh" + "p_" + _TAIL + "abcdefghi",
    "GitHub's fine token": "github" + "_pat_" + _TAIL,
    "GitLab's token": "glp" + "at-" + _TAIL,
    "Stripe's key": "sk" + "_live_" + _TAIL,
    "Google's key": "AI" + "za" + _TAIL + "abcdefgh",
    "an AI's key": "sk" + "-ant-" + _TAIL,
    "npm's token": "npm" + "_" + _TAIL + "abcdef",
    "Vault's token": "hv" + "s." + _TAIL,
    "SendGrid's key": "SG" + "." + _TAIL + "." + _TAIL,
    "password in an address": f"postgres://app:{_PASSWORD}@db.example.com/x",
    "signature": f"https://b.s3.amazonaws.com/k?X-Amz-Signature={_TAIL * 2}",
    "bearer": f"Bearer {_TAIL}",
    "basic": f"Basic {_TAIL}==",
    "assignment": f"DB_PASSWORD={_PASSWORD}",
    "JSON in a text": json.dumps({"password": _PASSWORD}),
    "JSON in JSON": json.dumps(json.dumps({"token": _PASSWORD})),
    "colon": f"secret: {_PASSWORD}",
    "flag": f"mysql --password {_PASSWORD}",
    "JSON three deep": json.dumps(json.dumps(json.dumps({"password": _PASSWORD}))),
    "JSON encoded twice": quote(quote(json.dumps({"password": _PASSWORD}))),
    "environment in a text": json.dumps([{"name": "DB_PASSWORD", "value": _PASSWORD}]),
    "password with a slash": f"postgres://app:a/{_PASSWORD}@db.example.com/x",
    "token in place of a user": f"https://{_TAIL}@example.com/r.git",
    "curl's user": f"curl -u admin:{_PASSWORD} https://example.com",
    "mysql's password": f"mysql -uroot -p{_PASSWORD} db",
    "sshpass": f"sshpass -p {_PASSWORD} ssh host",
    "Docker's login": json.dumps({"auths": {"x": {"auth": _base64(f"app:{_PASSWORD}")}}}),
    "JSON in base64": _base64(json.dumps({"password": _PASSWORD})),
    "script in base64": _SCRIPT,
    "script in lines of base64": "\n".join(_SCRIPT[n : n + 76] for n in range(0, 200, 76)),
    "blob for an address": "-".join((_TAIL, _TAIL, _TAIL, _TAIL)),
    "GitLab's runner token": "GR" + "1348941" + _TAIL,
    "Google's refresh token": "1/" + "/0g" + _TAIL + "abcdefgh",
    "Grafana's token": "gl" + "sa_" + _TAIL,
    "Sentry's token": "sntry" + "s_" + _TAIL,
    "Brevo's key": "xkey" + "sib-" + _TAIL + "-" + _TAIL,
    "Terraform Cloud's token": "Ab1Cd2Ef3Gh4Ij" + ".atlas" + "v1." + _TAIL,
    "AppSync's key": "da" + "2-" + "abcdefghijklm" * 2,
    "half a web token": "eyJ" + "rIjoi" + _TAIL + "abcdefghij",
}
