"""The table of credential members, made from botocore's models and a list of judgements.

`python -m tests.cloudtrail.sensitive_members` writes chalicelib/cloudtrail/secret_members.py anew
and prints how many members fall where; sensitive_members.txt holds what a person decided.
"""

from __future__ import annotations

import gzip
import json
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import botocore

from chalicelib.cloudtrail.secret_keys import SECRET_KEYS, bare_key, names_a_secret

JUDGEMENTS = Path(__file__).with_suffix(".txt")
TABLE = Path(__file__).parents[2] / "chalicelib/cloudtrail/secret_members.py"
MODELS = Path(botocore.__file__).parent / "data"
WIDTH = 98
BEGIN, END = 'MEMBERS = """\n', '"""\n'

Json = dict[str, Any]


class Member(NamedTuple):
    """A member marked sensitive: its service's folder, its structure, and how keys compare it."""

    service: str
    structure: str
    name: str


class Judgements(NamedTuple):
    """What the list says: names anywhere, services by name, names by operation, names left out."""

    read_from: str
    everywhere: frozenset[str]
    services: dict[str, frozenset[str]]
    operations: dict[str, frozenset[str]]
    left_out: dict[str, str]


@cache
def models() -> tuple[tuple[str, Json], ...]:
    """Each model of each service, with the name of the service's folder."""
    found = []
    for path in sorted(MODELS.glob("*/*/service-2.json*")):
        content = path.read_bytes()
        text = gzip.decompress(content) if path.suffix == ".gz" else content
        found.append((path.parent.parent.name, json.loads(text)))
    return tuple(found)


@cache
def sensitive_members() -> tuple[Member, ...]:
    """Every member that a model marks, itself or by its shape."""
    return tuple(
        Member(service, structure, bare_key(name))
        for service, model in models()
        for structure, shape in model["shapes"].items()
        for name, member in shape.get("members", {}).items()
        if _marked(model, member)
    )


def _marked(model: Json, member: Json) -> bool:
    return bool(member.get("sensitive") or model["shapes"][member["shape"]].get("sensitive"))


@cache
def judgements() -> Judgements:
    """The list, read."""
    sections: dict[str, str] = defaultdict(str)
    left_out: dict[str, str] = {}
    for section in JUDGEMENTS.read_text().split("\n[")[1:]:
        head, _, body = section.partition("\n")
        kind, _, remark = head.partition("] ")
        if kind == "left out":
            left_out |= dict.fromkeys(body.split(), remark)
        sections[kind] += remark if kind == "read from" else body
    return Judgements(
        sections["read from"].split()[-1],
        frozenset(sections["everywhere"].split()),
        _by_first(sections["in services"].replace(":", "")),
        _by_first(sections["by operation"]),
        left_out,
    )


def _by_first(lines: str) -> dict[str, frozenset[str]]:
    words = [line.split() for line in lines.splitlines() if line]
    return {first: frozenset(rest) for first, *rest in words}


def judged(member: Member) -> str:
    """Where the list or the program decides on a member; "" where nobody has."""
    known = judgements()
    if member.name in known.everywhere:
        return "a credential wherever it stands"
    if member.service in known.services.get(member.name, ()):
        return "a credential in its operations"
    if names_a_secret(member.name):
        return "known by its name"
    if member.name in known.left_out:
        return f"left out: {known.left_out[member.name]}"
    return ""


def table() -> str:
    """What ships: a line a group of operations that share service and members."""
    lines: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for source, operation, names in _credentials():
        lines[source, tuple(sorted(names))].add(operation)
    everywhere = sorted(n for n in judgements().everywhere if not SECRET_KEYS.search(n))
    rows = [f"* -> {' '.join(everywhere)}"]
    rows += sorted(f"{s} {' '.join(sorted(ops))} -> {' '.join(n)}" for (s, n), ops in lines.items())
    return "".join(f"{_wrapped(row)}\n" for row in rows)


def _wrapped(row: str) -> str:
    return textwrap.fill(row, WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _credentials() -> Iterator[tuple[str, str, frozenset[str]]]:
    """(services as eventSource may call them, operation, members) of every operation that has."""
    for service, model in models():
        wanted = frozenset(n for n, s in judgements().services.items() if service in s)
        for operation, parts in model["operations"].items() if wanted else ():
            shapes = [parts[side]["shape"] for side in ("input", "output") if side in parts]
            if found := wanted & _reached(model, shapes):
                yield "|".join(sorted(_sources(service, model))), operation, found
    for name, members in judgements().operations.items():
        source, _, operation = name.partition(":")
        yield source, operation, members


def _sources(service: str, model: Json) -> set[str]:
    """CloudTrail names most services as their endpoints, some as they sign."""
    metadata = model["metadata"]
    named = {service, metadata["endpointPrefix"], metadata.get("signingName", service)}
    return {name.rpartition(".")[2] for name in named}


def _reached(model: Json, shapes: Iterable[str]) -> set[str]:
    """The names of the sensitive members at or below some shapes."""
    names, seen, left = set[str](), set[str](), list(shapes)
    while left:
        shape = left.pop()
        if shape in seen:
            continue
        seen.add(shape)
        members = model["shapes"][shape].get("members", {})
        names |= {bare_key(name) for name, member in members.items() if _marked(model, member)}
        left += [member["shape"] for member in members.values()]
        parts = (model["shapes"][shape].get(part) for part in ("member", "value"))
        left += [part["shape"] for part in parts if part]
    return names


def written() -> str:
    """The module that ships, with the table as it should be."""
    before, _, rest = TABLE.read_text().partition(BEGIN)
    return f"{before}{BEGIN}{table()}{END}{rest.partition(END)[2]}"


def main() -> None:
    TABLE.write_text(written())
    counts: dict[str, int] = defaultdict(int)
    for member in sensitive_members():
        counts[judged(member) or "NOT JUDGED"] += 1
    for where, count in sorted(counts.items(), key=lambda item: -item[1]):
        print(f"{count:5} {where}")  # noqa: T201
    print(f"{len(table()):5} characters of table")  # noqa: T201


if __name__ == "__main__":
    main()
