"""Detections published elsewhere, row by row: the default rule that tells each, or why none does.

The list is docs/coverage.tsv: catalogue, row, CloudTrail's operations, the severity the catalogue
asks for, and what tells it. Names are all that is kept of the catalogues.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from itertools import groupby
from pathlib import Path

from chalicelib.rules.keys import Keys, Texts
from chalicelib.rules.loaded import PROJECT
from chalicelib.rules.rule import Rule, Severity

TABLE = PROJECT / "docs" / "coverage.tsv"
DOCUMENT = PROJECT / "docs" / "coverage.md"
STARTS = "<!-- coverage: written by trailbell.py rules --compile -->"
ENDS = "<!-- /coverage -->"
COLUMNS = ["catalogue", "row", "operations", "asks", "told"]
BY_REASON = "reason:"
# Why a row is told by no rule of its own.
REASONS = {
    "noise": "ordinary work does it all day, mostly reads: a message would be noise",
    "over-time": "one record does not show it: how many, how fast, or for the first time does",
    "no-event": "CloudTrail records nothing of it, or only as a data event nobody asks for",
    "same-act": "another record of the same act is told",
}


class CoverageError(ValueError):
    """A list that cannot be read; says where and what it should hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One detection: `asks` is "medium", "low" or "", `told` a rule's id or `reason:` and which."""

    catalogue: str
    row: str
    operations: tuple[str, ...]
    asks: str
    told: str

    @property
    def reason(self) -> str:
        """Why no rule tells it; "" where one does."""
        return self.told.removeprefix(BY_REASON) if self.told.startswith(BY_REASON) else ""


def read_rows(path: Path = TABLE) -> list[Row]:
    """Every row of the list, in its order. Raises CoverageError."""
    with path.open(encoding="utf-8", newline="") as file:
        head, *lines = csv.reader(file, delimiter="\t")
    if head != COLUMNS:
        raise CoverageError(f"{path}: the columns are {COLUMNS}, not {head}")
    for number, line in enumerate(lines, 2):
        if len(line) != len(COLUMNS):
            raise CoverageError(f"{path}:{number}: {len(line)} columns in place of {len(COLUMNS)}")
    return [
        Row(catalogue=catalogue, row=row, operations=tuple(names.split()), asks=asks, told=told)
        for catalogue, row, names, asks, told in lines
    ]


def mistakes(rows: Iterable[Row], rules: Iterable[Rule], keys: Mapping[str, Keys]) -> list[str]:
    """A sentence for each row that stands there twice or names what cannot tell it."""
    by_id = {rule.id: rule for rule in rules}
    seen: set[tuple[str, str]] = set()
    found = []
    for row in rows:
        if (row.catalogue, row.row) in seen:
            found.append(f"{row.catalogue} {row.row}: stands there twice")
        seen.add((row.catalogue, row.row))
        if row.reason:
            wrong = "" if row.reason in REASONS else f"no reason is called {row.reason!r}"
        elif row.told not in by_id:
            wrong = f"no default rule is called {row.told!r}"
        else:
            names = keys[by_id[row.told].pattern].names
            told = names is None or not row.operations or _any_within(row.operations, names)
            wrong = "" if told else f"{row.told} names none of its operations"
        if wrong:
            found.append(f"{row.catalogue} {row.row}: {wrong}")
    return found


def _any_within(operations: Iterable[str], names: Texts) -> bool:
    """Whether an operation, or what one that ends in * begins with, is among the names."""
    for operation in operations:
        start = operation.rstrip("*")
        begun = start != operation and any(
            name.startswith(start) for name in (*names.exact, *names.prefixes)
        )
        if begun or start in names:
            return True
    return False


def search(rows: Iterable[Row], rules: Iterable[Rule], word: str) -> list[str]:
    """A line for each row with the word in any of its columns, its rule's severity or techniques.

    A technique finds those below it too: T1562 finds T1562.008.
    """
    by_id = {rule.id: rule for rule in rules}
    wanted = word.lower()
    found = []
    for row in rows:
        severity, techniques = _told_at(row, by_id)
        line = f"{row.catalogue}  {row.row}  {row.told}  {severity}  {techniques}".rstrip()
        if wanted in f"{line} {' '.join(row.operations)}".lower():
            found.append(line)
    return found


def document(text: str, rows: list[Row], rules: Iterable[Rule]) -> str:
    """docs/coverage.md with what is made of the list between its marks."""
    by_id = {rule.id: rule for rule in rules}
    before, rest = text.split(STARTS, 1)
    parts = (_counts(rows, by_id), _lower(rows, by_id), _techniques(rows, by_id), _all(rows, by_id))
    return f"{before}{STARTS}\n{''.join(parts)}\n{ENDS}{rest.split(ENDS, 1)[1]}"


def _told_at(row: Row, by_id: Mapping[str, Rule]) -> tuple[str, str]:
    rule = by_id.get(row.told)
    return (rule.severity.value, ", ".join(rule.attack)) if rule else ("", "")


def _counts(rows: list[Row], by_id: Mapping[str, Rule]) -> str:
    levels = [level.value for level in reversed(Severity)]
    head = [
        "catalogue",
        "rows",
        *levels,
        *REASONS,
        "asks for medium: told so",
        "asks for low: told so",
    ]
    lines = [head, ["---"] * len(head)]
    for catalogue, group in groupby(rows, key=lambda row: row.catalogue):
        of_it = list(group)
        told = [_told_at(row, by_id)[0] for row in of_it]
        why = [row.reason for row in of_it]
        counts = [str(told.count(level)) for level in levels]
        counts += [str(why.count(reason)) for reason in REASONS]
        asked = [_share(of_it, by_id, level) for level in (Severity.MEDIUM, Severity.LOW)]
        lines.append([catalogue, str(len(of_it)), *counts, *asked])
    return f"\n### By catalogue\n\n{_table(lines)}"


def _share(rows: list[Row], by_id: Mapping[str, Rule], level: Severity) -> str:
    asked = [row for row in rows if row.asks == level.value and row.told in by_id]
    told = sum(by_id[row.told].severity.rank >= level.rank for row in asked)
    return f"{told} of {len(asked)}" if asked else ""


def _lower(rows: list[Row], by_id: Mapping[str, Rule]) -> str:
    lines = [["catalogue", "row", "told by", "severity"], ["---"] * 4]
    for row in rows:
        rule = by_id.get(row.told)
        if rule and row.asks == "medium" and rule.severity.rank < Severity.MEDIUM.rank:
            lines.append([row.catalogue, row.row, f"`{rule.id}`", rule.severity.value])
    return f"\n### Told lower than the catalogue asks\n\n{_table(lines)}"


def _techniques(rows: list[Row], by_id: Mapping[str, Rule]) -> str:
    found: dict[str, dict[str, int]] = {}
    for rule in by_id.values():
        for technique in rule.attack:
            found.setdefault(technique, {})[rule.id] = 0
    for row in rows:
        for technique in by_id[row.told].attack if row.told in by_id else ():
            found[technique][row.told] += 1
    lines = [["technique", "rows", "rules"], ["---"] * 3]
    for technique, counts in sorted(found.items()):
        named = ", ".join(f"`{rule}`" for rule in sorted(counts))
        lines.append([technique, str(sum(counts.values())), named])
    return f"\n### By technique\n\n{_table(lines)}"


def _all(rows: list[Row], by_id: Mapping[str, Rule]) -> str:
    text = "\n### Every row\n"
    for catalogue, group in groupby(rows, key=lambda row: row.catalogue):
        told: dict[str, list[Row]] = {}
        for row in sorted(group, key=astuple):
            told.setdefault(row.told, []).append(row)
        lines = [["told by", "severity", "ATT&CK", "rows"], ["---"] * 4]
        for name, of_it in sorted(told.items()):
            severity, techniques = _told_at(of_it[0], by_id)
            shown = f"`{name}`" if severity else f"no rule: {of_it[0].reason}"
            lines.append([shown, severity, techniques, ", ".join(row.row for row in of_it)])
        text += f"\n#### {catalogue}\n\n{_table(lines)}"
    return text


def _table(lines: Iterable[list[str]]) -> str:
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
