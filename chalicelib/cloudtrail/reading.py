"""Values out of requests whatever their shape: XML's and EC2's wrappers, lists of one, any case.

Nothing here raises, whatever JSON value stands at any place. Values are the record's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import unquote

from chalicelib.cloudtrail.identity import HIDDEN
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.texts import REDACTED
from chalicelib.ingest.json_text import JSONTextError, loads

# What EC2, XML and the query protocol wrap the elements of a list in.
WRAPPERS = ("items", "item", "member", "content")
# As far as a record of 256 KB, CloudTrail's largest, could go; forged ones may be larger.
MOST = 20_000
DEEPEST = 8
# A JSON text may stand in a JSON text, or be written as in an address, twice over.
MOST_LAYERS = 4
_FLAT = re.compile(r"\.\d+(\.|$)")


def request_of(record: Record) -> dict[str, Any]:
    """The request, what EC2 and S3 Control wrap as …Request lifted, query's dotted keys nested."""
    request = record.request
    inner = [
        value
        for key, value in request.items()
        if key.endswith(("Request", "Req")) and isinstance(value, dict)
    ]
    for found in inner:
        request = {**request, **found}
    return _nested(request) if any(_FLAT.search(key) for key in request) else request


def get(value: Any, *names: str) -> Any:
    """What stands under the first of the names that is there, whatever the case of its letters:
    services differ in it, as in dBInstanceIdentifier.
    """
    if not isinstance(value, dict):
        return None
    for name in names:
        if name in value:
            return value[name]
    wanted = _lowered(names)
    return next((item for key, item in value.items() if key.lower() in wanted), None)


@lru_cache(maxsize=512)
def _lowered(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(str.lower, names))


def has(value: Any, name: str) -> bool:
    """Whether a key is there at all, be it null."""
    return isinstance(value, dict) and any(key.lower() == name.lower() for key in value)


def each(value: Any) -> Iterator[Any]:
    """The elements of a list in any wrapping; of what is no list, itself; none of null."""
    return islice(_each(value, DEEPEST), MOST)


def _each(value: Any, depth: int) -> Iterator[Any]:
    if value is None or not depth:
        return
    if isinstance(value, list):
        for item in value:
            yield from _each(item, depth - 1)
        return
    wrapped = _wrapped(value) if isinstance(value, dict) else None
    if wrapped is None:
        yield value
    for item in wrapped or ():
        yield from _each(item, depth - 1)


def _wrapped(value: dict[str, Any]) -> list[Any] | None:
    """What a wrapper holds; None of an object that is none."""
    if not value:
        return []
    found = [value[name] for name in WRAPPERS if name in value]
    if found:
        return found
    return list(value.values()) if all(map(str.isdecimal, value)) else None


def dicts(value: Any) -> list[dict[str, Any]]:
    """The objects among the elements."""
    return [item for item in each(value) if isinstance(item, dict)]


def texts(value: Any) -> list[str]:
    """The texts among the elements, numbers among them; not what AWS or we hid."""
    return [found for item in each(value) if (found := word(item))]


def word(value: Any) -> str:
    """One text or whole number as a text; "" of anything else. NONE is a word here, and no gap."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if value.bit_length() < 256 else ""
    if not isinstance(value, str) or value in (HIDDEN, REDACTED):
        return ""
    return unquote(value) if value.startswith("arn%3A") else value


def texts_within(value: Any, depth: int = 5) -> list[str]:
    """The texts at any depth, as of a list whose wrapping is the service's own."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not depth or isinstance(value, str | int | float):
        return texts(value)
    return [found for item in islice(inner, MOST) for found in texts_within(item, depth - 1)]


def text(value: Any) -> str:
    """The first of the texts, "" of none."""
    return next(iter(texts(value)), "")


def at(value: Any, path: str) -> list[Any]:
    """What stands at a dotted path, through lists and wrappers; `a|b` is all of both."""
    return [found for way in path.split("|") for found in _at(value, way.split("."))]


def _at(value: Any, steps: list[str]) -> list[Any]:
    found = [value]
    for step in steps:
        found = [
            inner for item in found for part in each(item) if (inner := get(part, step)) is not None
        ]
    return found[:MOST]


def flag(value: Any) -> bool | None:
    """A switch: a boolean, its text, or EC2's {"value": …}; None of anything else."""
    if isinstance(value, dict):
        value = get(value, "value")
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.strip().lower())
    return value if isinstance(value, bool) else None


def whole(value: Any) -> int | None:
    """A whole number, be it a text or 22.0; None of anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = value.strip()
        return int(value) if re.fullmatch(r"-?[0-9]{1,9}", value) else None
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e9 else None
    return value if isinstance(value, int) and value.bit_length() < 64 else None


def document(value: Any) -> Any:
    """The object or list that a text holds as JSON, URL-encoded or in another text; else None."""
    for _ in range(MOST_LAYERS):
        if not isinstance(value, str):
            break
        value = _decoded(value)
    return value if isinstance(value, dict | list) else None


def _decoded(value: str) -> Any:
    stripped = value.strip("\ufeff \t\r\n")
    if stripped.startswith("%"):
        return unquote(stripped.replace("+", " "))
    try:
        return loads(stripped) if stripped[:1] in ("{", "[", '"') else None
    except JSONTextError:
        return unquote(stripped) if "%" in stripped and unquote(stripped) != stripped else None


def attributes(request: dict[str, Any]) -> dict[str, Any]:
    """Attributes as names and values: an object, a list of pairs, or one pair of its own."""
    found: dict[str, Any] = {}
    name = get(request, "attributeName")
    if isinstance(name, str):
        found[name] = get(request, "attributeValue", "value")
    for item in each(get(request, "attributes", "attribute")):
        if isinstance(item, dict):
            name = get(item, "name", "key")
            pair = isinstance(name, str) and has(item, "value")
            found |= {name: get(item, "value")} if pair else item
    return found


def _nested(flat: dict[str, Any]) -> dict[str, Any]:
    """{"A.1.B": x} as {"A": {"1": {"B": x}}}, as the query protocol means it."""
    nested: dict[str, Any] = {}
    made: dict[str, dict[str, Any]] = {"": nested}
    for key, value in islice(flat.items(), MOST):
        outer, dot, last = key.rpartition(".") if _FLAT.search(key) else ("", "", key)
        place = _place(made, outer) if key.count(".") < DEEPEST else nested
        place[last if dot else key] = value
    return nested


def _place(made: dict[str, dict[str, Any]], path: str) -> dict[str, Any]:
    """The object at a dotted path, made where it is not there yet."""
    if path not in made:
        outer, _, last = path.rpartition(".")
        made[path] = _place(made, outer).setdefault(last, {})
        if not isinstance(made[path], dict):
            made[path] = {}
    return made[path]
