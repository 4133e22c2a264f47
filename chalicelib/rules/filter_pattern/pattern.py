"""compile_pattern: a filter pattern's text in, what matches records by it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from chalicelib.rules.filter_pattern.columns import Columns, compile_columns, parse_columns
from chalicelib.rules.filter_pattern.comparing import TextTest
from chalicelib.rules.filter_pattern.evaluating import compile_expression
from chalicelib.rules.filter_pattern.json_parser import parse_json_pattern
from chalicelib.rules.filter_pattern.lexemes import (
    SourceTextNeededError,
    dumps,
    loads,
    loads_lexemes,
    written,
    written_for_certain,
)
from chalicelib.rules.filter_pattern.limits import check_length
from chalicelib.rules.filter_pattern.scanner import BLANKS
from chalicelib.rules.filter_pattern.syntax import Expression, conditions
from chalicelib.rules.filter_pattern.terms import Term, compile_term, compile_terms, parse_terms

Added = Mapping[str, Any]
# A condition's source text and whether it holds.
Verdict = tuple[str, bool]


class FilterPattern(Protocol):
    """A compiled pattern. `expression` is what a JSON pattern says, None for the other kinds."""

    @property
    def text(self) -> str: ...

    @property
    def expression(self) -> Expression | None: ...

    def matches(self, event: dict[str, Any] | str) -> bool:
        """Whether an event matches: a log line, or a JSON object. Never raises.

        Given text, numbers compare by their source text where the language says so; an object
        has none, and str() stands in.
        """

    def matches_record(
        self, raw: dict[str, Any], text: str | None = None, added: Added | None = None
    ) -> bool:
        """The same for a JSON object that is parsed already; `text` is what it was parsed from.

        `added` are those fields of the object that the text does not have.
        """

    def explain(
        self, raw: dict[str, Any], text: str | None = None, added: Added | None = None
    ) -> list[Verdict]:
        """Each condition's source text, in the order written, and whether it holds."""


class JSONPattern:
    """`{ … }`: conditions on the fields of a JSON object."""

    def __init__(self, text: str, expression: Expression) -> None:
        self.text = text
        self.expression = expression
        self._test = compile_expression(expression, written_for_certain)
        self._test_lexemes: Callable[[Any], bool] | None = None

    def matches(self, event: dict[str, Any] | str) -> bool:
        if not isinstance(event, str):
            return self.matches_record(event)
        return self.matches_record(loads(event), event)

    def matches_record(
        self, raw: dict[str, Any], text: str | None = None, added: Added | None = None
    ) -> bool:
        if not isinstance(raw, dict):
            return False
        try:
            return self._test(raw)
        except SourceTextNeededError:
            if self._test_lexemes is None:
                self._test_lexemes = compile_expression(self.expression, written)
            return self._test_lexemes(_lexemes(raw, text, added))

    def explain(
        self, raw: dict[str, Any], text: str | None = None, added: Added | None = None
    ) -> list[Verdict]:
        record = _lexemes(raw, text, added)
        return [
            (
                condition.text,
                isinstance(record, dict) and compile_expression(condition, written)(record),
            )
            for condition in conditions(self.expression)
        ]


class TextPattern:
    """A pattern on the log line as a text; an object is written as JSON for it."""

    def __init__(self, text: str, test: TextTest) -> None:
        self.text = text
        self.expression: Expression | None = None
        self._test = test

    def matches(self, event: dict[str, Any] | str) -> bool:
        return self._test(event) if isinstance(event, str) else self.matches_record(event)

    def matches_record(
        self,
        raw: dict[str, Any],
        text: str | None = None,
        added: Added | None = None,  # noqa: ARG002 - it is no part of the line
    ) -> bool:
        line = dumps(raw) if text is None else text
        return line is not None and self._test(line)

    def explain(
        self,
        raw: dict[str, Any],
        text: str | None = None,
        added: Added | None = None,  # noqa: ARG002
    ) -> list[Verdict]:
        line = dumps(raw) if text is None else text
        return [(part, line is not None and test(line)) for part, test in self._parts()]

    def _parts(self) -> list[tuple[str, TextTest]]:
        return []


class EverythingPattern(TextPattern):
    """The blank pattern: every event matches."""

    def __init__(self, text: str) -> None:
        super().__init__(text, lambda line: True)  # noqa: ARG005

    def matches_record(
        self,
        raw: dict[str, Any],  # noqa: ARG002
        text: str | None = None,  # noqa: ARG002
        added: Added | None = None,  # noqa: ARG002
    ) -> bool:
        return True


class TermsPattern(TextPattern):
    """`ERROR -"not me"`: what the line must and must not hold."""

    def __init__(self, text: str, terms: tuple[Term, ...]) -> None:
        super().__init__(text, compile_terms(terms))
        self.terms = terms

    def _parts(self) -> list[tuple[str, TextTest]]:
        return [(term.text, compile_term(term)) for term in self.terms]


class ColumnsPattern(TextPattern):
    """`[ip, status = 4*, ...]`: conditions on the line's fields by their order."""

    def __init__(self, text: str, columns: Columns) -> None:
        super().__init__(text, compile_columns(columns))
        self.columns = columns

    def _parts(self) -> list[tuple[str, TextTest]]:
        return [
            (condition.text, compile_columns(self.columns, condition))
            for condition in self.columns.conditions()
        ]


def compile_pattern(text: str) -> FilterPattern:
    """Compile a pattern, or raise FilterPatternError.

    Blank is everything, `{ … }` a JSON pattern, `[ … ]` a space-delimited one, else terms.
    """
    pattern = text.strip(BLANKS)
    check_length(pattern, len(text) - len(text.lstrip(BLANKS)))
    if not pattern:
        return EverythingPattern(text)
    if pattern.startswith("{"):
        return JSONPattern(text, parse_json_pattern(text))
    if pattern.startswith("["):
        return ColumnsPattern(text, parse_columns(text))
    return TermsPattern(text, parse_terms(text))


def explain(
    pattern: FilterPattern,
    raw: dict[str, Any],
    text: str | None = None,
    added: Added | None = None,
) -> list[Verdict]:
    """Which of a pattern's conditions a record meets, in the order they are written."""
    return pattern.explain(raw, text, added)


def _lexemes(raw: dict[str, Any], text: str | None, added: Added | None) -> Any:
    """The record with its numbers as written, where there is a text to take them from."""
    lexemes = loads_lexemes(text) if text is not None else None
    record = lexemes if isinstance(lexemes, dict) else raw
    return {**record, **added} if added and isinstance(record, dict) else record
