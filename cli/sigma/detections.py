"""A filter pattern and its exceptions, as a detection of Sigma."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from chalicelib.rules.filter_pattern import (
    And,
    Comparison,
    Expression,
    Or,
    Regex,
    TermsPattern,
    Text,
    compile_pattern,
)
from cli.sigma.fields import CannotSayError
from cli.sigma.items import alternatives, denied, equal, escaped, item_of, named, operands


def detection(pattern: str, exceptions: Sequence[str]) -> dict[str, Any]:
    """Sigma's `detection`. Raises CannotSayError."""
    names = _Names()
    compiled = compile_pattern(pattern)
    if isinstance(compiled, TermsPattern):
        if exceptions:
            raise CannotSayError("except: words and fields do not go together")
        return _keywords(compiled)
    if compiled.expression is None:
        raise CannotSayError(f"pattern: {pattern!r} asks for no field")
    wanted = names.condition(compiled.expression, "selection")
    unwanted = [names.condition(_expression(text), "filter") for text in exceptions]
    refused = "".join(f" and not {_bracketed(text)}" for text in unwanted)
    if refused and " or " in wanted:
        wanted = _bracketed(wanted)
    return {**names.found, "condition": wanted + refused}


def _expression(text: str) -> Expression:
    expression = compile_pattern(text).expression
    if expression is None:
        raise CannotSayError(f"except: {text!r} asks for no field")
    return expression


def _bracketed(condition: str) -> str:
    return f"({condition})" if " " in condition else condition


class _Names:
    """The named parts of a detection, as its condition comes to need them."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}

    def condition(self, expression: Expression, stem: str) -> str:
        """What says the same by the names, which it adds."""
        if isinstance(expression, And):
            return " and ".join(self._all(operands(expression, And), stem))
        item = item_of(expression)
        if item is not None:
            return self._named(stem, dict([item]))
        if isinstance(expression, Comparison):
            return self._differs(expression, stem)
        if refused := denied(expression):
            return f"not {self._named(stem, dict([equal(refused)]))}"
        either = alternatives(expression)
        for several in (_joined(either), either):
            maps = [_map(operand) for operand in several]
            if None not in maps:
                return self._named(stem, maps)
        parts = [_bracketed(self.condition(operand, stem)) for operand in either]
        return " or ".join(parts)

    def _all(self, every: list[Expression], stem: str) -> Iterator[str]:
        """Neighbours that ask for different fields share a name; others have one each."""
        held: dict[str, Any] = {}
        for operand in every:
            item = item_of(operand)
            if held and (item is None or item[0] in held):
                yield self._named(stem, held)
                held = {}
            if item is None:
                text = self.condition(operand, stem)
                yield _bracketed(text) if " or " in text else text
            else:
                held[item[0]] = item[1]
        if held:
            yield self._named(stem, held)

    def _differs(self, comparison: Comparison, stem: str) -> str:
        """`!=` asks for a text or number that is another."""
        key, value = equal(comparison)
        there = self._named(stem, {named(comparison): "*"})
        return f"{there} and not {self._named(stem, {key: value})}"

    def _named(self, stem: str, part: Any) -> str:
        taken = sum(name == stem or name.startswith(f"{stem}_") for name in self.found)
        name = f"{stem}_{taken + 1}" if taken else stem
        self.found[name] = part
        return name


def _joined(either: list[Expression]) -> list[Expression]:
    """The operands, neighbours that are values of one field together."""
    found: list[Expression] = []
    for same, group in groupby(either, _one_field):
        several = tuple(group)
        found += [Or(several)] if same and len(several) > 1 else several
    return found


def _one_field(expression: Expression) -> object:
    every = operands(expression, Or) if isinstance(expression, Or) else [expression]
    paths = {one.path if isinstance(one, Comparison) else None for one in every}
    return paths.pop() if len(paths) == 1 else None


def _map(expression: Expression) -> dict[str, Any] | None:
    """A map of different fields that all must hold, or None."""
    every = operands(expression, And) if isinstance(expression, And) else [expression]
    items = [item_of(operand) for operand in every]
    found = dict(item for item in items if item is not None)
    return found if len(found) == len(every) else None


def _keywords(pattern: TermsPattern) -> dict[str, Any]:
    signs = {term.sign for term in pattern.terms}
    words = [_word(term.value) for term in pattern.terms if term.sign != "-"]
    refused = [_word(term.value) for term in pattern.terms if term.sign == "-"]
    if not words or ("?" in signs and len(signs) > 1):
        raise CannotSayError(f"pattern: {pattern.text!r} mixes words that must be and may be")
    optional = "?" in signs or len(words) == 1
    found: dict[str, Any] = {"keywords": words if optional else {"|all": words}}
    denials = {f"filter_{number}": [word] for number, word in enumerate(refused, 1)}
    denied = "".join(f" and not {name}" for name in denials)
    return {**found, **denials, "condition": "keywords" + denied}


def _word(value: Text | Regex) -> str:
    if isinstance(value, Regex) or "*" in value.text:
        raise CannotSayError(f"{value.text}: Sigma's keywords are words")
    return escaped(value.text)
