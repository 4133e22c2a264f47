"""What must never be stored or shown: a deep redactor, by key and by value (pure, bounded).

CloudTrail itself hides some secrets; others were seen in public samples in clear: session tokens
of STS, keys of CreateAccessKey, tag values, environment variables, CloudFormation parameters.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, replace
from typing import Any

from chalicelib.cloudtrail.redacted_keys import Key, Keys, judged, keys_known_by
from chalicelib.cloudtrail.redacted_texts import (
    LONGEST_TEXT,
    is_harmless,
    looked_at,
    redact_text,
    redacted_within,
)
from chalicelib.cloudtrail.secret_keys import bare_key, names_a_text
from chalicelib.cloudtrail.secret_members import secret_members
from chalicelib.cloudtrail.secret_shapes import hide_access_key
from chalicelib.cloudtrail.texts import REDACTED
from chalicelib.ingest.json_text import JSONTextError, fits_in_ascii, loads

# What one stored record may weigh as JSON in ASCII; a DynamoDB item holds 400 KB.
MAX_BYTES = 200_000
MAX_DEPTH = 24
# So many short texts are remembered.
MOST_TEXTS = 4096
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
    """How to go through one record: what is too long, and what its operation calls a secret.

    `known` are the keys of objects that were judged by the same secrets, `seen` the texts that
    were looked at, where none of them is too long.
    """

    characters: int
    items: int
    secrets: frozenset[str]
    known: dict[tuple[str, ...], Keys]
    seen: dict[str, str]


def redact(raw: dict[str, Any]) -> dict[str, Any]:
    """The record without its secrets, in at most MAX_BYTES of JSON; what is cut says so.

    Access key ids keep their last four characters. Texts lose lone surrogates and control
    characters; numbers that JSON parsers disagree about become texts.
    """
    secrets = secret_members(str(raw.get("eventSource")), str(raw.get("eventName")))
    known = keys_known_by(secrets)
    redacted: dict[str, Any] = {}
    for characters, items in BOUNDS:
        way = _Way(characters, items, secrets, known, _seen if characters >= LONGEST_TEXT else {})
        redacted = _object(raw, way, 0, False)
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
    """The object itself where nothing in it is secret."""
    if depth >= MAX_DEPTH:
        return {"…": "nested deeper, cut"}
    names = tuple(value)
    keys = way.known.get(names) or judged(names, way.known, way.secrets, way.characters)
    if secret or not keys.harmless or len(value) > way.items:
        return _key_by_key(value, keys, way, depth, secret)
    seen, below, shown = way.seen, depth + 1, value
    found: Any
    for name, item in value.items():
        kind = type(item)  # the kinds that most values are of, without a call for each
        if kind is str:
            found = seen.get(item)
            if found is None:
                found = _shown(item, way)
            if found == item:
                continue
        elif kind is dict:
            found = _object(item, way, below, False)
        elif kind is bool or item is None:
            continue
        else:
            found = _value(item, way, below, False)
        if found is not item:
            if shown is value:
                shown = value.copy()
            shown[name] = found
    return shown


def _key_by_key(
    value: dict[str, Any], keys: Keys, way: _Way, depth: int, secret: bool
) -> dict[str, Any]:
    paired = keys.holds and (_names_a_secret(value, keys.each) or _is_environment(value))
    result: dict[str, Any] = {}
    for key, item in zip(keys.each[: way.items], value.values(), strict=False):
        hides = secret or key.secret or (paired and key.holds)
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
    below = depth + 1
    kept = [
        _object(item, way, below, secret)
        if type(item) is dict
        else _value(item, way, below, secret)
        for item in (value if len(value) <= way.items else value[: way.items])
    ]
    texts = [item for item in value if type(item) is str]
    if texts and not secret and any(item[:1] == "-" for item in texts):
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
    known = way.seen.get(text)
    if known is not None:
        return known
    if is_harmless(text):
        return text
    if text[:1] in JSON_BEGINS or (text[:1].isspace() and text.lstrip()[:1] in JSON_BEGINS):
        text = _json_shown(text, way)
    elif "{" in text and '":' in text:
        text = _json_within(text, way)
    elif len(text) <= LONGEST_TEXT and way.characters >= LONGEST_TEXT:
        return _remembered(text)
    return redacted_within(text, way.characters)


def _remembered(text: str) -> str:
    """A short text, kept as it was found: what JSON it holds would depend on the operation."""
    if len(_seen) >= MOST_TEXTS:
        _seen.clear()
    found = _seen[text] = looked_at(text)
    return found


_seen: dict[str, str] = {}


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
    whole = replace(way, characters=len(text), items=len(text), seen=_seen)
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


def _names_a_secret(value: dict[str, Any], keys: tuple[Key, ...]) -> bool:
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
