"""Every kind of secret in every place of a record, and 5,000 texts that hold none."""

from __future__ import annotations

import base64
import copy
import json
import random
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from tests.secret_kinds import PLAIN, SHAPED, TEXTS

Json = dict[str, Any]

PLACES = ("name", "value", "nested text", "address", "error message")
SMALL, CAPITALS, DIGITS = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
ALPHABETS = {
    "a": SMALL + CAPITALS + DIGITS,
    "b": SMALL + CAPITALS + DIGITS + "+/",
    "h": "0123456789abcdef",
    "l": SMALL + DIGITS,
    "U": CAPITALS + "234567",
    "d": DIGITS,
}
SHORTEST_NEEDLE = 8


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of secret: its telling name, a sample, and the parts that must not be found again."""

    label: str
    name: str
    value: str
    needles: tuple[str, ...]
    shaped: bool


@dataclass(frozen=True, slots=True)
class Planted:
    """A kind in a place of a record."""

    kind: Kind
    place: str
    record: Json

    def survives(self, text: str) -> bool:
        return any(needle in text for needle in self.kind.needles)


def kinds() -> list[Kind]:
    """Every kind, those in base64 included."""
    found = [
        *_read("shaped", SHAPED, shaped=True),
        *_read("plain", PLAIN, shaped=False),
        *_read("text", TEXTS, shaped=True),
    ]
    inside = [kind for kind in found if kind.label.startswith("text")][::4]
    return [*found, *(_in_base64(kind) for kind in inside)]


def _read(group: str, table: str, *, shaped: bool) -> Iterator[Kind]:
    for number, line in enumerate(table.strip().splitlines()):
        name, _, template = line.partition(" = ")
        value, parts = _filled(template.replace("\\n", "\n"), random.Random(f"{group}{number}"))
        yield Kind(f"{group}: {name} {number}", name, value, parts, shaped)


def _filled(template: str, rng: random.Random) -> tuple[str, tuple[str, ...]]:
    parts: list[str] = []

    def part(match: re.Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        parts.append(_part(match[1], rng))
        return parts[-1]

    value = re.sub(r"\{\{|\}\}|\{(uuid|[abhlUd]\d+)\}", part, template)
    access_key = re.fullmatch(r"A[KS]IA\w{16}", value)
    needles = (value[:16],) if access_key else parts
    return value, tuple(needle for needle in needles if len(needle) >= SHORTEST_NEEDLE)


def _part(kind: str, rng: random.Random) -> str:
    if kind == "uuid":
        return str(uuid.UUID(int=rng.getrandbits(128), version=4))
    length = int(kind[1:])
    every = {"a": (SMALL, CAPITALS, DIGITS), "b": (SMALL, CAPITALS, DIGITS), "l": (SMALL, DIGITS)}
    every |= {"h": ("abcdef", DIGITS), "U": (CAPITALS, "234567"), "d": (DIGITS,)}
    must = [rng.choice(letters) for letters in every[kind[0]]][:length]
    rest = rng.choices(ALPHABETS[kind[0]], k=length - len(must))
    letters = must + rest
    rng.shuffle(letters)
    return "".join(letters)


def _in_base64(kind: Kind) -> Kind:
    encoded = base64.b64encode(f"#!/bin/sh\n{kind.value}\n".encode()).decode()
    return Kind(f"{kind.label} in base64", "script", encoded, (*kind.needles, encoded[20:44]), True)


def planted(record: Json) -> Iterator[Planted]:
    """Each kind in each place of a record, in each way that a place has."""
    for kind in kinds():
        for place, changes in _ways(kind):
            changed = copy.deepcopy(record)
            for key, value in changes.items():
                inner = changed.get(key)
                both = isinstance(inner, dict) and isinstance(value, dict)
                changed[key] = {**inner, **value} if both and inner else value
            yield Planted(kind, place, changed)


def _ways(kind: Kind) -> Iterator[tuple[str, Json]]:
    name, value = kind.name, kind.value
    yield "name", {"requestParameters": {name: value}}
    yield "name", {"responseElements": {"settings": [{name: value}]}}
    yield "value", {"requestParameters": {"items": [{"name": name, "value": value}]}}
    yield "nested text", {"requestParameters": {"document": json.dumps({"a": [{name: value}]})}}
    yield "nested text", {"requestParameters": {"body": json.dumps(json.dumps({name: value}))}}
    yield "address", {"requestParameters": {"target": _address(name, quote(value, safe=""))}}
    yield "error message", {"errorCode": "X", "errorMessage": f"Invalid {name}={value} was given"}
    yield "error message", {"errorCode": "X", "errorMessage": f"Wrong {json.dumps({name: value})}."}
    if kind.shaped:
        yield "value", {"requestParameters": {"note": f"before {value} after"}}
        yield "value", {"requestParameters": {"note": value}}
        yield "nested text", {"requestParameters": {"document": json.dumps({"note": [value]})}}
        yield "address", {"requestParameters": {"target": _address("note", quote(value, safe=""))}}
        yield "error message", {"errorCode": "X", "errorMessage": f"Could not use {value}"}
        yield "error message", {"errorCode": "X", "errorMessage": f"'{value}' is no thing"}


def _address(name: str, value: str) -> str:
    return f"https://example.com/a/b?{name}={value}&page=2"
