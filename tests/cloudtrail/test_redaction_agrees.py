"""What is remembered from record to record changes nothing: the plain rules agree."""

from __future__ import annotations

import copy
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail.redaction import ARN, redact
from chalicelib.cloudtrail.secret_keys import (
    PAIR_NAMES,
    PAIR_VALUES,
    bare_key,
    names_a_secret,
    names_a_text,
)
from chalicelib.cloudtrail.secret_members import secret_members
from chalicelib.cloudtrail.secret_shapes import hide_access_key, hide_secrets
from chalicelib.cloudtrail.texts import REDACTED

KEY_ID = "AKIA" + "IOSFODNN7" + "EXAMPLE"
# With secrets of their own, and without.
OPERATIONS = (
    ("ssm", "PutParameter"), ("ssm", "GetParameter"), ("events", "CreateConnection"),
    ("cognito-idp", "InitiateAuth"), ("geo", "CreateKey"), ("iam", "CreateUser"),
)  # fmt: skip
KEYS = st.sampled_from(
    (
        "password", "secretId", "tokenType", "accessKey", "accessKeyId", "session", "value",
        "Value", "name", "key", "parameterKey", "namespace", "userName", "environment", "note",
        KEY_ID, f"Bearer {'Ab1' * 8}",
    )
)  # fmt: skip
TEXTS = st.sampled_from(
    (
        "", "true", "orders", "search-c0c896c4", "password", "DB_PASSWORD", KEY_ID, f"by {KEY_ID}",
        "arn:aws:iam::111122223333:user/alice", "2026-03-01T12:00:00Z", "x:environment",
        "password=" + "swordfish", "wJ4" + "rXu1tnFEMI/K7MDENG" + "+bPxRfiCY7KEY12cAnA",
        "ghp" + "_" + "Ab1" * 12,
        "\x00a\ud800", "-p", "--password", "a failed: {\"value\": \"x1\"}",
    )
) | st.text(max_size=30)  # fmt: skip
VALUES = st.recursive(
    TEXTS | st.integers(-(10**30), 10**30) | st.booleans() | st.none(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=4)
        | st.dictionaries(KEYS, inner, max_size=3).map(json.dumps)
    ),
    max_leaves=12,
)
OPERATION = st.sampled_from(OPERATIONS)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(st.lists(OPERATION, min_size=2, max_size=3, unique=True), VALUES)
def test_records_are_redacted_as_the_rules_say_whatever_was_seen_before(
    asked: list[tuple[str, str]], request: Any
) -> None:
    for service, operation in asked:
        raw = {"eventSource": f"{service}.amazonaws.com", "eventName": operation, "asked": request}
        before = copy.deepcopy(raw)
        secrets = secret_members(f"{service}.amazonaws.com", operation)
        assert redact(raw) == plain(raw, secrets)
        assert raw == before


def plain(value: Any, secrets: frozenset[str], secret: bool = False) -> Any:
    """The rules of redaction for what is neither too long nor too deep."""
    if isinstance(value, dict):
        return plain_object(value, secrets, secret)
    if isinstance(value, list):
        kept = [plain(item, secrets, secret) for item in value]
        begins = any(isinstance(item, str) and item.startswith("-") for item in value)
        return arguments(kept) if begins and not secret else kept
    if isinstance(value, str):
        return hidden(value, secrets) if secret else shown(value, secrets)
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    if secret and abs(value) > 99_999:
        return REDACTED
    return value if abs(value) < 2**63 else str(value)


def plain_object(value: dict[str, Any], secrets: frozenset[str], secret: bool) -> dict[str, Any]:
    bare = {key: bare_key(key) for key in value}
    paired = any(
        bare[key] == "parameterkey" or (isinstance(only(item), str) and names_text(only(item)))
        for key, item in value.items()
        if bare[key] in PAIR_NAMES
    )
    paired = paired or str(value.get("namespace", "")).endswith(":environment")
    result = {}
    for key, item in value.items():
        hides = secret or bare[key] in secrets or names_a_secret(bare[key])
        hides = hides or (paired and bare[key] in PAIR_VALUES)
        hides = hides or (names_a_text(bare[key]) and not isinstance(item, dict | list))
        if secret and bare[key] in PAIR_NAMES and isinstance(item, str):
            hides = False
        result[shown(key, secrets)] = plain(item, secrets, hides)
    return result


def only(item: Any) -> Any:
    return next(iter(item.values())) if isinstance(item, dict) and len(item) == 1 else item


def names_text(name: str) -> bool:
    return names_a_text(bare_key(name))


def arguments(kept: list[Any]) -> list[Any]:
    line = look(" ".join(item for item in kept if isinstance(item, str)))
    return [REDACTED if isinstance(item, str) and item not in line else item for item in kept]


def hidden(text: str, secrets: frozenset[str]) -> str:
    if text.lower() in ("", "true", "false"):
        return text
    if ARN.match(text):
        return shown(text, secrets)
    masked = hide_access_key(text)
    return masked if masked != text and len(masked) <= 9 else REDACTED


def shown(text: str, secrets: frozenset[str]) -> str:
    if text.strip()[:1] in ("{", "[", '"'):
        text = json_shown(text, secrets)
    elif "{" in text and '":' in text:
        begin, end = text.index("{"), text.rindex("}") + 1
        text = text[:begin] + json_shown(text[begin:end], secrets) + text[end:]
    return look(text)


def json_shown(text: str, secrets: frozenset[str]) -> str:
    try:
        inside = json.loads(text)
    except ValueError:
        return text
    found = plain(inside, secrets)
    return text if found == inside else json.dumps(found, ensure_ascii=False)


def look(text: str) -> str:
    """Without what shows by its shape, nor what cannot be stored."""
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    controls = {*range(32), *range(127, 160)} - set(map(ord, "\t\n\r"))
    return hide_secrets(text.translate(dict.fromkeys(controls)))
