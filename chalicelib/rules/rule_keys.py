"""What each key of a rule file takes: checks that return the value, or raise ValueError."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import Field
from typing import Any

from chalicelib.cloudtrail.texts import one_line
from chalicelib.rules.destinations import (
    BROADCASTS,
    CHANNEL_ID,
    CHANNEL_NAME,
    LONGEST_TITLE,
    MENTION,
)
from chalicelib.rules.filter_pattern import compile_pattern
from chalicelib.rules.rule import Severity


def text(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise ValueError(f"{value!r} is not a text")


def texts(value: Any) -> tuple[str, ...]:
    if isinstance(value, list):
        return tuple(text(item) for item in value)
    raise ValueError(f"{value!r} is not a list of texts")


def flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(f"{value!r} is neither true nor false")


def identifier(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", value):
        return value
    raise ValueError(f"{value!r} is not 1 to 64 lower-case letters, digits and dashes")


def title(value: Any) -> str:
    line = one_line(text(value), 2 * LONGEST_TITLE)
    if len(line) <= LONGEST_TITLE:
        return line
    raise ValueError(f"{len(line)} characters are more than {LONGEST_TITLE}")


def severity(value: Any) -> Severity:
    try:
        return Severity(value)
    except ValueError as error:
        allowed = ", ".join(level.value for level in Severity)
        raise ValueError(f"{value!r} is none of {allowed}") from error


def pattern(value: Any) -> str:
    """A filter pattern; FilterPatternError is a ValueError and names the position."""
    source = text(value)
    compile_pattern(source)
    return source


def patterns(value: Any) -> tuple[str, ...]:
    return tuple(_numbered(number, item) for number, item in enumerate(texts(value), 1))


def _numbered(number: int, source: str) -> str:
    try:
        return pattern(source)
    except ValueError as error:
        raise ValueError(f"number {number}: {error}") from error


def channel(value: Any) -> str:
    """A Slack channel: its id, or its name with or without the #."""
    name = text(value)
    if CHANNEL_ID.fullmatch(name) or CHANNEL_NAME.fullmatch(name):
        return name
    raise ValueError(f"{name!r} is neither a channel's #name nor its id")


def mention(value: Any) -> str:
    """Whom a message calls, as Slack writes it: <@U…>, <!subteam^S…>, or @here and its like."""
    whom = text(value)
    if whom in BROADCASTS or MENTION.fullmatch(whom):
        return whom
    allowed = ", ".join(BROADCASTS)
    raise ValueError(f"{whom!r} is none of {allowed}, <@U…> with a user's id, <!subteam^S…>")


def links(value: Any) -> tuple[str, ...]:
    for item in texts(value):
        if not re.fullmatch(r"https?://[^\s<>|]+", item):
            raise ValueError(f"{item!r} is not an http or https address")
    return texts(value)


def techniques(value: Any) -> tuple[str, ...]:
    """Technique ids of MITRE ATT&CK, such as T1078 or T1078.004."""
    for item in texts(value):
        if not re.fullmatch(r"T\d{4}(\.\d{3})?", item):
            raise ValueError(f"{item!r} is not a technique's id such as T1078.004")
    return texts(value)


def account(value: Any) -> str:
    if isinstance(value, str) and re.fullmatch(r"\d{12}", value):
        return value
    if type(value) is int:
        raise ValueError(f"{value} is a number; write an account's id in quotes")
    raise ValueError(f"{value!r} is not an account's id of 12 digits")


def setting(field: Field[Any]) -> Callable[[Any], Any]:
    """The check for one field of RuleSettings, by its default's type and its metadata."""

    def check(value: Any) -> Any:
        if type(value) is not type(field.default):
            expected = type(field.default).__name__
            raise ValueError(f"{value!r} is not what it takes: {_KINDS.get(expected, expected)}")
        low, high = field.metadata.get("between", (value, value))
        if not low <= value <= high:
            raise ValueError(f"{value!r} is not within {low} and {high}")
        return pattern(value) if value and field.metadata.get("pattern") else value

    return check


_KINDS = {"bool": "true or false", "int": "a whole number", "str": "a text", "float": "a number"}

# The key of a [[rule]] → the field of Rule it sets, and its check.
RULE_KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "id": ("id", identifier),
    "title": ("title", title),
    "severity": ("severity", severity),
    "refused": ("refused", severity),
    "failed": ("failed", severity),
    "pattern": ("pattern", pattern),
    "except": ("exceptions", patterns),
    "channel": ("channel", channel),
    "mention": ("mention", mention),
    "means": ("means", text),
    "why": ("why", text),
    "runbook": ("runbook", text),
    "references": ("references", links),
    "attack": ("attack", techniques),
    "false_positives": ("false_positives", texts),
    "skip_reads": ("skip_reads", flag),
    "ordinary": ("ordinary", flag),
}
