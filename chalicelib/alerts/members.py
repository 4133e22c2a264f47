"""Members: the records that a rule over time counts, as memory keeps them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from chalicelib.alerts.memory import Place, Remembered
from chalicelib.cloudtrail.texts import CUT
from chalicelib.rules.rule import Rule

_BETWEEN = "\x1f"  # in no text of an alert: each is one line without control characters
# How many bytes of UTF-8 a member's texts have, so that a thousand of them fit one item.
VALUE, EVENT_ID, TARGET = 80, 40, 80


class Said(NamedTuple):
    """What a record says, as far as all members of a group may say the same; see Alert."""

    group: str = ""  # the values that it is grouped by
    event_name: str = ""
    event_source: str = ""
    account_id: str = ""
    account_name: str = ""
    aws_region: str = ""
    actor: str = ""
    actor_type: str = ""
    actor_id: str = ""
    actor_detail: str = ""
    principal: str = ""
    via: str = ""
    source_ip: str = ""
    user_agent: str = ""
    outcome: str = ""
    error_code: str = ""
    mfa: str = ""
    read_only: str = ""
    allowed: str = ""


# How many bytes each of them has, in their order.
_BYTES = (96, 64, 48, 16, 40, 24, 72, 24, 96, 48, 96, 24, 46, 64, 10, 48, 5, 5, 48)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One record that counts: `id` is which event it is, `at` its time in seconds since 1970.

    `value` is what value_count counts, of a sequence the steps that it may be ("0,2"). `said` is
    None where that was forgotten, since the members around it said too much.
    """

    id: str
    at: int
    value: str = ""
    event_id: str = ""
    target: str = ""
    said: Said | None = None


class Group(NamedTuple):
    """The members of one rule that count together; `key` is a hash of what they are grouped by."""

    rule: Rule
    key: str

    @property
    def name(self) -> str:
        """What memory keeps it under: another correlation, or another rule, begins anew."""
        return f"{memory_of(self.rule)}.{self.key}"


def memory_of(rule: Rule) -> str:
    """What all that memory keeps of a rule begins with."""
    if rule.correlation is None:
        raise AssertionError(f"{rule.id} is no rule over time")
    return f"{rule.id}.{rule.correlation.key}"


@dataclass(frozen=True)
class Sighting:
    """A record that is a member of a rule: of which group, and once for each value that it has.

    `record` is the redacted record, which memory does not keep.
    """

    group: Group
    members: tuple[Member, ...]
    record: dict[str, Any] = field(compare=False, default_factory=dict)

    @cached_property
    def first(self) -> Member:
        return self.members[0]


def group_key(values: Iterable[str]) -> str:
    """32 hex digits of the values that a group has."""
    return _hash(repr(tuple(values)), 32)


def shortened(text: str, limit: int) -> str:
    """At most so many bytes of UTF-8: where it was cut, its hash tells it from others."""
    if len(text) <= limit and text.isascii() and text.isprintable():
        return text
    data = text.replace(_BETWEEN, " ").encode("utf-8", "replace")
    if len(data) <= limit:
        return data.decode()
    mark = f"{CUT}{_hash(text, 8)}"
    return data[: limit - len(mark.encode())].decode("utf-8", "ignore") + mark


def said(values: Said) -> Said:
    """The same with each text as short as memory has it."""
    return Said(*(shortened(text, limit) for text, limit in zip(values, _BYTES, strict=True)))


def packed(members: Iterable[Member]) -> Remembered:
    """Members as memory keeps them: what many of them say stands there once."""
    texts, words = set(), set()
    for each in members:
        word = _BETWEEN.join(each.said) if each.said else ""
        key = _hash(word, 8) if word else ""
        if word:
            words.add(f"{key}{_BETWEEN}{word}")
        parts = (str(each.at), each.id, each.value, each.event_id, each.target, key)
        texts.add(_BETWEEN.join(parts))
    return Remembered(frozenset(texts), frozenset(words))


def packed_at(placed: Iterable[tuple[Place, Member]]) -> dict[Place, Remembered]:
    """Members as memory keeps them, each at its place."""
    found: dict[Place, list[Member]] = {}
    for at, each in placed:
        found.setdefault(at, []).append(each)
    return {at: packed(members) for at, members in found.items()}


def unpacked(found: Iterable[Remembered]) -> list[Member]:
    """The members that memory kept, those of the same id and value once, in order."""
    members: dict[tuple[str, str], Member] = {}
    for each in found:
        words = _words(each.words)
        for text in sorted(each.texts):
            at, event, value, event_id, target, key = text.split(_BETWEEN)
            member = Member(
                id=event,
                at=int(at),
                value=value,
                event_id=event_id,
                target=target,
                said=words.get(key),
            )
            members.setdefault((event, value), member)
    return sorted(members.values(), key=place)


def place(member: Member) -> tuple[int, str, str]:
    """Where a member stands among others."""
    return member.at, member.id, member.value


def _words(words: Iterable[str]) -> dict[str, Said]:
    found = (word.split(_BETWEEN) for word in words)
    return {key: Said(*texts) for key, *texts in found}


def _hash(text: str, digits: int) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:digits]
