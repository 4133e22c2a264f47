"""Which reads a rule can match: a proof over all records at once, in three-valued logic.

A record that the narrowed subscription filter leaves out succeeded, is read-only and has a quiet
name. That says what some conditions come to (True, False); of the others nothing is known (None).
A rule whose pattern is False, or one of whose exceptions is True, matches no such record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chalicelib.rules.derivation import ERROR, NAME, READ_ONLY, TYPE
from chalicelib.rules.filter_pattern import And, Comparison, Expression, Or, Text, conditions

MISSING, NULL = "missing", "null"


@dataclass(frozen=True, slots=True)
class Names:
    """One name, or all that begin with `text` and have no narrower Names of their own.

    `spelled` says that the rule writes it.
    """

    text: str
    prefix: bool = False
    spelled: bool = False

    def __str__(self) -> str:
        return f"{self.text}*" if self.prefix else self.text


@dataclass(frozen=True, slots=True)
class Left:
    """Records that the filter leaves out: these names, the error code missing or null."""

    names: Names | None  # None: no eventName at all
    error: str


def missed_reads(
    pattern: Expression, exceptions: Sequence[Expression], quiet: Iterable[str]
) -> list[str] | None:
    """The quiet names that the rule spells and may match; None where it may match others."""
    missed = []
    for names in _all_names(pattern, exceptions, quiet):
        left = (Left(names, error) for error in (MISSING, NULL))
        if not any(_may_match(pattern, exceptions, records) for records in left):
            continue
        if names is None or not names.spelled:
            return None
        missed.append(str(names))
    return missed


def _all_names(
    pattern: Expression, exceptions: Sequence[Expression], quiet: Iterable[str]
) -> list[Names | None]:
    """The quiet names apart: those that the rule spells, the rest of each kind, none at all."""
    kinds = [_names(name) for name in quiet]
    spelled = [
        Names(names.text, names.prefix, spelled=True)
        for expression in (pattern, *exceptions)
        for names in _spelled(expression)
        if any(_covers(kind, names) for kind in kinds)
    ]
    rest = [kind for kind in kinds if replace(kind, spelled=True) not in spelled]
    return [*dict.fromkeys(spelled), *rest, None]


def _spelled(expression: Expression) -> Iterator[Names]:
    for comparison in conditions(expression):
        text = _plain_text(comparison)
        if comparison.path == NAME and text is not None:
            yield _names(text)


def _plain_text(comparison: Comparison) -> str | None:
    """What = or != compares with, where that is one text or one beginning."""
    value = comparison.value
    if comparison.op not in ("=", "!=") or not isinstance(value, Text):
        return None
    return None if "*" in value.text.rstrip("*") else value.text


def _names(text: str) -> Names:
    return Names(text.rstrip("*"), prefix=text.endswith("*"))


def _covers(wide: Names, narrow: Names) -> bool:
    """Whether every name of the second is one of the first."""
    if wide.prefix:
        return narrow.text.startswith(wide.text)
    return not narrow.prefix and wide.text == narrow.text


def _may_match(pattern: Expression, exceptions: Sequence[Expression], left: Left) -> bool:
    if _verdict(pattern, left) is False:
        return False
    return not any(_verdict(exception, left) is True for exception in exceptions)


def _verdict(expression: Expression, left: Left) -> bool | None:
    """What the expression comes to for every record left out; None where that depends."""
    if isinstance(expression, And | Or):
        verdicts = {_verdict(operand, left) for operand in expression.operands}
        decisive = isinstance(expression, Or)
        if decisive in verdicts:
            return decisive
        return None if None in verdicts else not decisive
    if expression.path == READ_ONLY:
        return expression.op == "IS TRUE"
    if expression.path == ERROR:
        return expression.op == ("NOT EXISTS" if left.error == MISSING else "IS NULL")
    if expression.path == TYPE:
        return False if expression.op == "=" and _plain_text(expression) == "Root" else None
    if expression.path == NAME:
        return _of_name(expression, left.names)
    return None


def _of_name(comparison: Comparison, names: Names | None) -> bool | None:
    if names is None or comparison.op not in ("=", "!="):
        return comparison.op == "NOT EXISTS" and names is None
    text = _plain_text(comparison)
    if text is None:
        return None
    # A narrower spelling has Names of its own, so that these are none of it.
    equal = _covers(_names(text), names)
    return equal if comparison.op == "=" else not equal
