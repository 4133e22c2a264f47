"""What must never be stored or shown: a deep redactor, by key and by value (pure, bounded).

CloudTrail itself hides some secrets; others were seen in public samples in clear: session tokens
of STS, keys of CreateAccessKey, tag values, environment variables, CloudFormation parameters.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from chalicelib.cloudtrail.redacted_texts import redact_text, redacted_within
from chalicelib.cloudtrail.secret_keys import (
    PAIR_NAMES,
    PAIR_VALUES,
    bare_key,
    names_a_secret,
    names_a_text,
)
from chalicelib.cloudtrail.secret_members import secret_members
from chalicelib.cloudtrail.secret_shapes import hide_access_key
from chalicelib.cloudtrail.texts import REDACTED
from chalicelib.ingest.json_text import JSONTextError, fits_in_ascii, loads

# What one stored record may weigh as JSON in ASCII; a DynamoDB item holds 400 KB.
MAX_BYTES = 200_000
MAX_DEPTH = 24
# The keys that trails repeat are looked at once; more or longer ones in each object anew. A key
# may be as long as the narrowest of BOUNDS, which cuts none of those.
REMEMBERED, MOST_KEYS, LONGEST_KEY = 1024, 32, 64
# Integers beyond this are more than a JSON parser of 64 bits takes.
MAX_INTEGER = 2**63 - 1
# Under a key such as maxPasswordAge stands a setting; a longer number may be the secret itself.
LARGEST_SETTING = 99_999
# Where a secret is kept is no secret.
ARN = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:[\w/:+=,.@*-]+$")
# What JSON inside a text begins with.
JSON_BEGINS = frozenset('{["')
# (longest text, most items of an object or array), tried in turn until the record fits.
BOUNDS = ((8192, 400), (1024, 100), (256, 30), (64, 8))


@dataclass(frozen=True, slots=True)
class _Way:
    """How to go through one record: what is too long, and what its operation calls a secret."""

    characters: int
    items: int
    secrets: frozenset[str]


def redact(raw: dict[str, Any]) -> dict[str, Any]:
    """The record without its secrets, in at most MAX_BYTES of JSON; what is cut says so.

    Access key ids keep their last four characters. Texts lose lone surrogates and control
    characters; numbers that JSON parsers disagree about become texts.
    """
    secrets = secret_members(str(raw.get("eventSource")), str(raw.get("eventName")))
    redacted: dict[str, Any] = {}
    for characters, items in BOUNDS:
        redacted = _object(raw, _Way(characters, items, secrets), 0, False)
        if fits_in_ascii(redacted, MAX_BYTES):
            return redacted
    flat = {key: item for key, item in redacted.items() if not isinstance(item, dict | list)}
    return {**flat, "…": "objects and arrays, cut"}


def _value(value: Any, way: _Way, depth: int, secret: bool) -> Any:
    """`secret` says that a key above named this as secret: every text in it goes."""
    if isinstance(value, str):
        return _hidden(value, way) if secret else _shown(value, way)
    if isinstance(value, dict):
        return _object(value, way, depth, secret)
    if isinstance(value, list):
        return _array(value, way, depth, secret)
    return _scalar(value, secret)


def _object(value: dict[str, Any], way: _Way, depth: int, secret: bool) -> dict[str, Any]:
    if depth >= MAX_DEPTH:
        return {"…": "nested deeper, cut"}
    keys = _keys(tuple(value), way)
    if keys.harmless and not (secret or way.secrets or len(value) > way.items):
        below = depth + 1
        return {key: _value(item, way, below, False) for key, item in value.items()}
    return _key_by_key(value, keys, way, depth, secret)


def _key_by_key(
    value: dict[str, Any], keys: _Keys, way: _Way, depth: int, secret: bool
) -> dict[str, Any]:
    paired = _names_a_secret(value, keys.each) or _is_environment(value)
    result: dict[str, Any] = {}
    for key, item in zip(keys.each[: way.items], value.values(), strict=False):
        hides = secret or key.secret or (paired and key.holds) or key.bare in way.secrets
        hides = hides or (key.secret_text and not isinstance(item, dict | list))
        if secret and key.names and isinstance(item, str):
            hides = False  # the name of an environment variable may be read
        result[key.shown] = _value(item, way, depth + 1, hides)
    if len(value) > way.items:
        result["…"] = f"{len(value) - way.items:,} more, cut"
    return result


def _array(value: list[Any], way: _Way, depth: int, secret: bool) -> list[Any]:
    if depth >= MAX_DEPTH:
        return ["… nested deeper, cut"]
    kept = [_value(item, way, depth + 1, secret) for item in value[: way.items]]
    if not secret and any(isinstance(item, str) and item[:1] == "-" for item in value):
        kept = _arguments(kept)
    if len(value) > way.items:
        kept.append(f"… {len(value) - way.items:,} more, cut")
    return kept


def _arguments(kept: list[Any]) -> list[Any]:
    """A command's words: what only shows beside another, as in --password x."""
    shown = redact_text(" ".join(item for item in kept if isinstance(item, str)))
    return [REDACTED if isinstance(item, str) and item not in shown else item for item in kept]


def _hidden(text: str, way: _Way) -> str:
    if text.lower() in ("", "true", "false"):
        return text
    if ARN.match(text):
        return _shown(text, way)
    masked = hide_access_key(text)
    return masked if masked != text and len(masked) <= len("AKIA…0000") else REDACTED


def _shown(text: str, way: _Way) -> str:
    if text[:1] in JSON_BEGINS or (text[:1].isspace() and text.lstrip()[:1] in JSON_BEGINS):
        text = _json_shown(text, way)
    elif "{" in text and '":' in text:
        text = _json_within(text, way)
    return redacted_within(text, way.characters)


def _json_within(text: str, way: _Way) -> str:
    """JSON behind a few words, as error messages quote it."""
    begin, end = text.find("{"), text.rfind("}") + 1
    if 0 < text.find("[") < begin < text.rfind("]"):
        begin, end = text.find("["), text.rfind("]") + 1
    return f"{text[:begin]}{_json_shown(text[begin:end], way)}{text[end:]}"


def _json_shown(text: str, way: _Way) -> str:
    """JSON inside a text is redacted like any other; one without a secret stays as it stands."""
    try:
        inside = loads(text)
    except JSONTextError:
        return text
    # Of what is cut anyway nothing may be cut here: the rest would look unharmed.
    whole = replace(way, characters=len(text), items=len(text))
    shown = _value(inside, whole, 0, False)
    return text if shown == inside else json.dumps(shown, ensure_ascii=False)


def _scalar(value: Any, secret: bool) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        if secret and abs(value) > LARGEST_SETTING:
            return REDACTED
        return value if abs(value) <= MAX_INTEGER else _digits(value)
    return value if isinstance(value, float) and math.isfinite(value) else str(value)


def _digits(value: int) -> str:
    """Python refuses to write integers of thousands of digits."""
    return str(value) if value.bit_length() < 1024 else "… (a number, cut)"


class _Key(NamedTuple):
    """A key as it is shown and as it is compared; whether it names a secret or one that is a text,
    and whether it is the name or the value of a pair such as {"key": "password", "value": …}.
    """

    shown: str
    bare: str
    secret: bool
    secret_text: bool
    names: bool
    holds: bool


class _Keys(NamedTuple):
    """The keys of an object; `harmless` where none is secret or shown otherwise, nor two a pair."""

    each: tuple[_Key, ...]
    harmless: bool


_remembered_keys: dict[tuple[str, ...], _Keys] = {}


def _keys(names: tuple[str, ...], way: _Way) -> _Keys:
    """AWS's objects have few sets of keys: those that are short are looked at once."""
    known = _remembered_keys.get(names)
    if known:
        return known
    if len(names) > MOST_KEYS or max(map(len, names), default=0) > LONGEST_KEY:
        return _judged(names, way)
    if len(_remembered_keys) >= REMEMBERED:
        _remembered_keys.clear()
    return _remembered_keys.setdefault(names, _judged(names, way))


def _judged(names: tuple[str, ...], way: _Way) -> _Keys:
    keys = tuple(_key(name, way) for name in names)
    paired = any(key.names for key in keys) and any(key.holds for key in keys)
    harmless = not paired and not any(
        key.secret or key.secret_text or key.shown != name
        for key, name in zip(keys, names, strict=True)
    )
    return _Keys(keys, harmless)


def _key(key: str, way: _Way) -> _Key:
    shown = redacted_within(key, way.characters)
    bare = bare_key(key)
    names, holds = bare in PAIR_NAMES, bare in PAIR_VALUES
    return _Key(shown, bare, names_a_secret(bare), names_a_text(bare), names, holds)


def _names_a_secret(value: dict[str, Any], keys: tuple[_Key, ...]) -> bool:
    """A name-value pair, a tag or a parameter, whose name says that the value is secret."""
    names = [
        (key, _only(item)) for key, item in zip(keys, value.values(), strict=True) if key.names
    ]
    return any(
        key.bare == "parameterkey" or (isinstance(item, str) and names_a_text(bare_key(item)))
        for key, item in names
    )


def _only(item: Any) -> Any:
    """A name may be wrapped with its kind: {"stringValue": "password"}."""
    return next(iter(item.values())) if isinstance(item, dict) and len(item) == 1 else item


def _is_environment(value: dict[str, Any]) -> bool:
    """An environment variable among Elastic Beanstalk's options, whatever it is called."""
    namespace = value.get("namespace")
    return isinstance(namespace, str) and namespace.endswith(":environment")
