"""The keys of an object, judged once for all operations that have the same secrets of their own."""

from __future__ import annotations

from typing import NamedTuple

from chalicelib.cloudtrail.redacted_texts import redacted_within
from chalicelib.cloudtrail.secret_keys import (
    PAIR_NAMES,
    PAIR_VALUES,
    bare_key,
    names_a_secret,
    names_a_text,
)

# AWS's objects have few sets of keys. More or longer keys are judged in each object anew. A key may
# be as long as the shortest bound of a record's texts, which cuts none of those.
REMEMBERED, MOST_KEYS, LONGEST_KEY = 1024, 32, 64
# Most operations have no secrets of their own, or the same few.
OPERATIONS = 64


class Key(NamedTuple):
    """A key as it is shown and as it is compared; whether it names a secret or one that is a text,
    and whether it is the name or the value of a pair such as {"key": "password", "value": …}.
    """

    shown: str
    bare: str
    secret: bool
    secret_text: bool
    names: bool
    holds: bool


class Keys(NamedTuple):
    """The keys of an object; `harmless` where none is secret or shown otherwise, nor two a pair;
    `holds` where one may be a pair's value.
    """

    each: tuple[Key, ...]
    harmless: bool
    holds: bool


Known = dict[tuple[str, ...], Keys]

_known: dict[frozenset[str], Known] = {}


def keys_known_by(secrets: frozenset[str]) -> Known:
    """The sets of keys that were judged where an operation has these `secrets` of its own."""
    if secrets not in _known and len(_known) >= OPERATIONS:
        _known.clear()
    return _known.setdefault(secrets, {})


def judged(names: tuple[str, ...], known: Known, secrets: frozenset[str], longest: int) -> Keys:
    """The keys of an object, of which no more than `longest` characters are shown; then `known`
    where they are short.
    """
    keys = _judged(names, secrets, longest)
    if len(names) <= MOST_KEYS and max(map(len, names), default=0) <= LONGEST_KEY:
        if len(known) >= REMEMBERED:
            known.clear()
        known[names] = keys
    return keys


def _judged(names: tuple[str, ...], secrets: frozenset[str], longest: int) -> Keys:
    keys = tuple(_key(name, secrets, longest) for name in names)
    holds = any(key.holds for key in keys)
    paired = holds and ("namespace" in names or any(key.names for key in keys))
    harmless = not paired and not any(
        key.secret or key.secret_text or key.shown != name
        for key, name in zip(keys, names, strict=True)
    )
    return Keys(keys, harmless, holds)


def _key(key: str, secrets: frozenset[str], longest: int) -> Key:
    bare = bare_key(key)
    return Key(
        shown=redacted_within(key, longest),
        bare=bare,
        secret=bare in secrets or names_a_secret(bare),
        secret_text=names_a_text(bare),
        names=bare in PAIR_NAMES,
        holds=bare in PAIR_VALUES,
    )
