"""Keys: what a record must be called for a rule to match it, derived from the rule's pattern.

Every key is an over-estimate: a record outside it cannot match, one inside it may.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.rules.filter_pattern import And, Comparison, Expression, Or, Text

NAME = ("eventName",)
SOURCE = ("eventSource",)
TYPE = ("userIdentity", "type")
ERROR = ("errorCode",)
READ_ONLY = ("readOnly",)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts that a field may hold: these, or any that begins with one of the prefixes."""

    exact: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()

    def __contains__(self, text: str) -> bool:
        return text in self.exact or text.startswith(self.prefixes)

    def union(self, other: Texts) -> Texts:
        prefixes = tuple(dict.fromkeys(self.prefixes + other.prefixes))
        return Texts(self.exact | other.exact, prefixes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What a record's eventName, eventSource and userIdentity.type must be (None: anything),
    whether it must carry an errorCode, and whether its readOnly must be anything but true.
    """

    names: Texts | None = None
    sources: Texts | None = None
    types: Texts | None = None
    error: bool = False
    change: bool = False

    @property
    def general(self) -> bool:
        """Neither a name nor a source narrows the records it is tried against."""
        return self.names is None and self.sources is None

    def to_dict(self) -> dict[str, Any]:
        texts = {"names": self.names, "sources": self.sources, "types": self.types}
        found = {
            key: {"exact": sorted(value.exact), "prefixes": list(value.prefixes)}
            for key, value in texts.items()
            if value is not None
        }
        flags = {"error": self.error, "change": self.change}
        return found | {flag: True for flag, value in flags.items() if value}

    @classmethod
    def from_dict(cls, found: Mapping[str, Any]) -> Keys:
        def texts(key: str) -> Texts | None:
            value = found.get(key)
            return value and Texts(frozenset(value["exact"]), tuple(value["prefixes"]))

        return cls(
            names=texts("names"),
            sources=texts("sources"),
            types=texts("types"),
            error=found.get("error", False),
            change=found.get("change", False),
        )


def derive(expression: Expression | None) -> Keys:
    """The keys of a JSON pattern's expression; of any other pattern (None) nothing is known."""
    if expression is None:
        return Keys()
    return Keys(
        names=_texts(expression, NAME),
        sources=_texts(expression, SOURCE),
        types=_texts(expression, TYPE),
        error=_implies(expression, _needs_error),
        change=_implies(expression, _needs_change),
    )


def _texts(expression: Expression, path: tuple[str, ...]) -> Texts | None:
    """What the expression allows at the path; None where it allows anything, or nothing."""
    if isinstance(expression, And):
        found = (_texts(operand, path) for operand in expression.operands)
        # Any one conjunct's is an over-estimate; the smallest is the best of them.
        return min((texts for texts in found if texts), key=_size, default=None)
    if isinstance(expression, Or):
        union = Texts()
        for operand in expression.operands:
            texts = _texts(operand, path)
            if texts is None:
                return None
            union = union.union(texts)
        return union
    return _compared(expression, path)


def _compared(comparison: Comparison, path: tuple[str, ...]) -> Texts | None:
    value = comparison.value
    if comparison.path != path or comparison.op != "=" or not isinstance(value, Text):
        return None
    if not value.has_wildcard:
        return Texts(frozenset([value.text]))
    start = value.text[:-1]
    if start and value.text.endswith("*") and "*" not in start:
        return Texts(prefixes=(start,))
    return None


def _implies(expression: Expression, test: Callable[[Comparison], bool]) -> bool:
    """Whether the expression is true only where a comparison of this kind is."""
    if isinstance(expression, And):
        return any(_implies(operand, test) for operand in expression.operands)
    if isinstance(expression, Or):
        return all(_implies(operand, test) for operand in expression.operands)
    return test(expression)


def _needs_error(comparison: Comparison) -> bool:
    return comparison.path == ERROR and comparison.op != "NOT EXISTS"


def _needs_change(comparison: Comparison) -> bool:
    # Of all comparisons, IS TRUE alone holds for the boolean true.
    return comparison.path == READ_ONLY and comparison.op != "IS TRUE"


def _size(texts: Texts) -> tuple[int, int]:
    return len(texts.prefixes), len(texts.exact)
