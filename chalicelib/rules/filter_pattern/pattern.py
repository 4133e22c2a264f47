"""compile_pattern: a filter pattern's text in, what matches records by it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib.rules.filter_pattern.errors import FilterPatternError
from chalicelib.rules.filter_pattern.evaluating import compile_expression
from chalicelib.rules.filter_pattern.json_parser import parse_json_pattern
from chalicelib.rules.filter_pattern.lexemes import (
    SourceTextNeededError,
    loads,
    loads_lexemes,
    written,
    written_for_certain,
)
from chalicelib.rules.filter_pattern.scanner import BLANKS
from chalicelib.rules.filter_pattern.syntax import Expression

# Source: CloudWatch Logs API reference, FilterPattern.
MAX_LENGTH = 1024


class FilterPattern:
    """A compiled pattern. `expression` is None where it is not a JSON pattern."""

    def __init__(self, text: str, expression: Expression | None) -> None:
        self.text = text
        self.expression = expression

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.text!r})"

    def matches(self, event: dict[str, Any] | str) -> bool:
        """Whether an event matches: a log line, or a JSON object. Never raises.

        Given text, numbers compare by their source text where the language says so; an object
        has none, and str() stands in.
        """
        if isinstance(event, str):
            return self._matches_text(event)
        return self.matches_record(event)

    def matches_record(self, raw: dict[str, Any], text: str | None = None) -> bool:
        """The same for a JSON object that is parsed already; `text` is what it was parsed from."""
        raise NotImplementedError

    def _matches_text(self, text: str) -> bool:
        raise NotImplementedError


class JSONPattern(FilterPattern):
    """`{ … }`: conditions on the fields of a JSON object."""

    def __init__(self, text: str, expression: Expression) -> None:
        super().__init__(text, expression)
        self._test = compile_expression(expression, written_for_certain)
        self._slow_test: Callable[[Any], bool] | None = None

    def matches_record(self, raw: dict[str, Any], text: str | None = None) -> bool:
        if not isinstance(raw, dict):
            return False
        try:
            return self._test(raw)
        except SourceTextNeededError:
            return self._matches_lexemes(raw, text)

    def _matches_text(self, text: str) -> bool:
        raw = loads(text)
        return isinstance(raw, dict) and self.matches_record(raw, text)

    def _matches_lexemes(self, raw: dict[str, Any], text: str | None) -> bool:
        if self._slow_test is None and self.expression is not None:
            self._slow_test = compile_expression(self.expression, written)
        if self._slow_test is None:
            return False
        lexemes = loads_lexemes(text) if text is not None else None
        return self._slow_test(lexemes if isinstance(lexemes, dict) else raw)


class EverythingPattern(FilterPattern):
    """The empty pattern: every event matches."""

    def __init__(self, text: str) -> None:
        super().__init__(text, None)

    def matches_record(self, raw: dict[str, Any], text: str | None = None) -> bool:  # noqa: ARG002
        return True

    def _matches_text(self, text: str) -> bool:  # noqa: ARG002
        return True


def compile_pattern(text: str) -> FilterPattern:
    """Compile a pattern, or raise FilterPatternError.

    Blank is everything, `{ … }` a JSON pattern, `[ … ]` a space-delimited one, else terms.
    """
    pattern = text.strip(BLANKS)
    if len(pattern) > MAX_LENGTH:
        start = len(text) - len(text.lstrip(BLANKS))
        raise FilterPatternError(
            f"a pattern may have {MAX_LENGTH} characters; this one has {len(pattern)}",
            start + MAX_LENGTH,
        )
    if not pattern:
        return EverythingPattern(text)
    return JSONPattern(text, parse_json_pattern(text))
