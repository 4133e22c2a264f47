"""What must never be stored or shown: a deep redactor, by key and by value (pure, bounded).

CloudTrail itself hides some secrets; others were seen in public samples in clear: session tokens
of STS, keys of CreateAccessKey, tag values, environment variables, CloudFormation parameters.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

import orjson

from chalicelib.cloudtrail.secret_shapes import (
    HARMLESS_KEYS,
    PAIR_NAMES,
    PAIR_VALUES,
    REDACTED,
    SECRET_KEYS,
    SECRETS_OF_OPERATIONS,
    hide_access_key,
    hide_secrets,
)

# What one stored record may weigh as JSON in ASCII; a DynamoDB item holds 400 KB.
MAX_BYTES = 200_000
MAX_DEPTH = 24
# What the end of a cut text may hold of a secret.
MARGIN = 48
# What trails repeat (keys, names, agents) is looked at once; longer texts are not remembered. A
# key may be as long as the narrowest of BOUNDS, which cuts none of those.
REMEMBERED, LONGEST_KEY, LONGEST_TEXT = 1024, 64, 256
# A character that JSON escapes in ASCII weighs three times its UTF-8; a separator gains a blank.
ASCII_GROWTH = 4
# Integers beyond this are more than a JSON parser of 64 bits takes.
MAX_INTEGER = 2**63 - 1
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
    secrets = SECRETS_OF_OPERATIONS.get(str(raw.get("eventName")), frozenset())
    redacted: dict[str, Any] = {}
    for characters, items in BOUNDS:
        redacted = _object(raw, _Way(characters, items, secrets), 0, secret=False)
        if _fits(redacted):
            return redacted
    flat = {key: item for key, item in redacted.items() if not isinstance(item, dict | list)}
    return {**flat, "…": "objects and arrays, cut"}


def redact_text(text: str) -> str:
    """One text without the secrets that show by their shape."""
    return _remembered_text(text) if len(text) <= LONGEST_TEXT else hide_secrets(storable(text))


@lru_cache(maxsize=REMEMBERED)
def _remembered_text(text: str) -> str:
    return hide_secrets(storable(text))


def _fits(redacted: dict[str, Any]) -> bool:
    if len(orjson.dumps(redacted)) * ASCII_GROWTH <= MAX_BYTES:
        return True
    return len(json.dumps(redacted)) <= MAX_BYTES


def storable(text: str) -> str:
    """A text without lone surrogates and without control characters but tab and line ends."""
    if text.isascii() and text.isprintable():
        return text
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.translate(_CONTROLS)


_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\t\n\r"}


def _value(value: Any, way: _Way, depth: int, *, secret: bool) -> Any:
    """`secret` says that a key above named this as secret: every text in it goes."""
    if isinstance(value, dict):
        return _object(value, way, depth, secret=secret)
    if isinstance(value, list):
        return _array(value, way, depth, secret=secret)
    if isinstance(value, str):
        return _hidden(value) if secret else _shown(value, way)
    return _scalar(value, secret=secret)


def _object(value: dict[str, Any], way: _Way, depth: int, *, secret: bool) -> dict[str, Any]:
    if depth >= MAX_DEPTH:
        return {"…": "nested deeper, cut"}
    holds = _names_a_secret(value)
    result: dict[str, Any] = {}
    for key, item in islice(value.items(), way.items):
        shown, plain, names_secret = _key(key) if len(key) <= LONGEST_KEY else _long_key(key, way)
        hides = secret or names_secret or plain in way.secrets
        hides = hides or (holds and plain in PAIR_VALUES)
        if secret and plain in PAIR_NAMES and isinstance(item, str):
            hides = False  # the name of an environment variable may be read
        result[shown] = _value(item, way, depth + 1, secret=hides)
    if len(value) > way.items:
        result["…"] = f"{len(value) - way.items:,} more, cut"
    return result


def _array(value: list[Any], way: _Way, depth: int, *, secret: bool) -> list[Any]:
    if depth >= MAX_DEPTH:
        return ["… nested deeper, cut"]
    kept = [_value(item, way, depth + 1, secret=secret) for item in value[: way.items]]
    if len(value) > way.items:
        kept.append(f"… {len(value) - way.items:,} more, cut")
    return kept


def _hidden(text: str) -> str:
    if text.lower() in ("", "true", "false"):
        return text
    masked = hide_access_key(text)
    return masked if masked != text and len(masked) <= len("AKIA…0000") else REDACTED


def _shown(text: str, way: _Way) -> str:
    """Redacted, then cut. Of a very long text twice as much is looked at as is kept, so that no
    half of a secret is left at the end.
    """
    if len(text) <= way.characters:
        return redact_text(text)
    seen = redact_text(text[: 2 * way.characters])
    kept = seen[: min(way.characters, max(len(seen) - MARGIN, 0))]
    return f"{kept}… ({len(text):,} characters, cut)"


def _scalar(value: Any, *, secret: bool) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int):
        fits = abs(value) <= MAX_INTEGER
        return value if fits else REDACTED if secret else _digits(value)
    return value if isinstance(value, float) and math.isfinite(value) else str(value)


def _digits(value: int) -> str:
    """Python refuses to write integers of thousands of digits."""
    return str(value) if value.bit_length() < 1024 else "… (a number, cut)"


@lru_cache(maxsize=REMEMBERED)
def _key(key: str) -> tuple[str, str, bool]:
    """A key as it is shown, as it is compared, and whether it names a secret."""
    plain = _plain(key)
    return redact_text(key), plain, _is_secret(plain)


def _long_key(key: str, way: _Way) -> tuple[str, str, bool]:
    plain = _plain(key)
    return _shown(key, way), plain, _is_secret(plain)


def _plain(key: str) -> str:
    return key.lower().replace("-", "").replace("_", "")


def _is_secret(plain: str) -> bool:
    return plain not in HARMLESS_KEYS and SECRET_KEYS.search(plain) is not None


def _names_a_secret(value: dict[str, Any]) -> bool:
    """A name-value pair, a tag or a parameter, whose name says that the value is secret."""
    return any(
        plain == "parameterkey" or (isinstance(value[key], str) and _is_secret(_plain(value[key])))
        for key in value
        if (plain := _key(key)[1] if len(key) <= LONGEST_KEY else _plain(key)) in PAIR_NAMES
    )
