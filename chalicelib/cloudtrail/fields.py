"""What stands where in a record: the values that a path leads to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.cloudtrail.identity import HIDDEN, text
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.secret_shapes import REDACTED

# What EC2 and XML wrap values in.
WRAPPERS = ("content", "items", "member")


def values_at(record: Record, path: str) -> list[str]:
    """The texts at a path: the first alternative that has any."""
    for alternative in path.split("|"):
        root, rest = _root(record, alternative)
        found = [value for item in _walk(root, rest.split(".")) if (value := text_of(item))]
        if found:
            return found
    return []


def first_at(record: Record, path: str) -> str:
    """The first of the texts at a path; "" where there is none."""
    return next(iter(values_at(record, path)), "")


def text_of(value: Any) -> str:
    """A value as a text, "" of what says nothing: a switch, an object, what AWS or we hid."""
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int):
        return str(value) if value.bit_length() < 256 else ""
    found = text(value)
    if found.startswith("arn%3A"):  # as EKS writes what stood in an address
        found = found.replace("%3A", ":").replace("%2F", "/")
    return "" if found in (HIDDEN, REDACTED) else found


def _root(record: Record, path: str) -> tuple[dict[str, Any], str]:
    if path.startswith(">"):
        return record.response, path[1:]
    if path.startswith("+"):
        return record.additional, path[1:]
    return record.request, path


def _walk(value: Any, steps: list[str]) -> Iterator[Any]:
    """Every value at the path, through arrays and through EC2's and XML's wrappers."""
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, steps)
    elif isinstance(value, dict):
        if not steps:
            yield from _unwrapped(value)
            return
        found = _get(value, steps[0])
        if found is not None:
            yield from _walk(found, steps[1:])
            return
        for key, inner in value.items():
            if key in WRAPPERS or key.endswith(("Request", "Req")):
                yield from _walk(inner, steps)
    elif not steps:
        yield value


def _unwrapped(value: dict[str, Any]) -> Iterator[Any]:
    for key in WRAPPERS:
        if key in value:
            yield from _walk(value[key], [])


def _get(value: dict[str, Any], key: str) -> Any:
    """Services differ in the case of a key's first letters: dBInstanceIdentifier."""
    if key in value:
        return value[key]
    wanted = key.lower()
    return next((item for name, item in value.items() if name.lower() == wanted), None)
