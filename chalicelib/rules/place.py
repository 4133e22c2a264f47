"""Where in a rule file something stands, so that an error names file, line, rule and reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

Value = TypeVar("Value")


class RulesError(ValueError):
    """Rules that cannot be used: `file`, `line` (None if unknown), `rule` and `reason`.

    Of several mistakes it has those of the first; its text says all, one a line.
    """

    def __init__(
        self, reason: str, *, file: str, line: int | None = None, rule: str | None = None
    ) -> None:
        place = f"{file}:{line}" if line else file
        super().__init__(f"{place}: rule {rule}: {reason}" if rule else f"{place}: {reason}")
        self.file, self.line, self.rule, self.reason = file, line, rule, reason
        self.mistakes: tuple[RulesError, ...] = (self,)

    @classmethod
    def of(cls, mistakes: Iterable[RulesError]) -> RulesError:
        """One error for several mistakes, in the order of their places."""
        found = sorted(mistakes, key=lambda mistake: (mistake.file, mistake.line or 0))
        if len(found) == 1:
            return found[0]
        first = found[0]
        error = cls(first.reason, file=first.file, line=first.line, rule=first.rule)
        error.args = ("\n".join(map(str, found)),)
        error.mistakes = tuple(found)
        return error


class Mistakes:
    """What is wrong with rule files, gathered so that all of it is said at once."""

    def __init__(self) -> None:
        self.found: list[RulesError] = []

    @contextmanager
    def noted(self) -> Iterator[None]:
        """A mistake in this block ends the block, and is kept."""
        try:
            yield
        except RulesError as error:
            self.found.extend(error.mistakes)

    def refuse(self) -> None:
        """Raises one RulesError where there was any mistake."""
        if self.found:
            raise RulesError.of(self.found)


@dataclass(frozen=True, slots=True)
class Place:
    """A file, or the table number `at` (from 0) under one of its [headers] or [[headers]]."""

    file: str
    text: str
    theme: str = ""
    header: str | None = None
    at: int = 0
    rule: str | None = None

    def error(self, reason: str, key: str | None = None) -> RulesError:
        """An error here; its line is the key's where the key can be found."""
        return RulesError(reason, file=self.file, line=self.line(key), rule=self.rule)

    @property
    def shown(self) -> str:
        """The file by its name alone, and the line where this begins, as in `mine.toml:12`."""
        return self.shown_at()

    def shown_at(self, key: str | None = None) -> str:
        """The same with the line of a key."""
        name = re.split(r"[/\\]", self.file)[-1]
        line = self.line(key)
        return f"{name}:{line}" if line else name

    def line(self, key: str | None = None) -> int | None:
        """The line of the key, else of this table's header, from 1; None where neither is."""
        lines = self.text.splitlines()
        start, end = self._span(lines)
        if key is not None:
            within = rf"({self.header}\s*\.\s*)?" if self.header else ""
            written = re.compile(rf"\s*\[?\[?\s*{within}[\"']?{re.escape(key)}[\"']?\s*[=.\]]")
            for number in range(start, end):
                if written.match(lines[number]):
                    return number + 1
        return start + 1 if self.header else None

    def tables(self) -> dict[str, Any]:
        """What the text says, as TOML. Raises RulesError."""
        import tomllib  # pure Python, slow to import: only a user's own files need it

        try:
            return tomllib.loads(self.text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            found = re.search(r"\(at line (\d+)", str(error))
            line = int(found.group(1)) if found else len(self.text.splitlines())
            raise RulesError(f"not TOML: {error}", file=self.file, line=line) from error

    def only(self, table: Mapping[str, Any], allowed: Iterable[str], what: str = "key") -> None:
        """Refuse every key that is not allowed here."""
        names = list(allowed)
        unknown = [key for key in table if key not in names]
        if unknown:
            raise RulesError.of(
                self.error(f"unknown {what} {key!r}; {choices(key, names)}", key) for key in unknown
            )

    def checked(self, name: str, key: str, check: Callable[[Any], Value], value: Any) -> Value:
        """The value as the check returns it; its ValueError becomes an error about `name`.

        TOML has no null: None is a key that is missing.
        """
        if value is None:
            raise self.error(f"{name}: is missing", key)
        try:
            return check(value)
        except ValueError as error:
            raise self.error(f"{name}: {error}", key) from error

    def _span(self, lines: list[str]) -> tuple[int, int]:
        if self.header is None:
            return 0, len(lines)
        header = re.compile(rf"\s*\[\[?\s*{self.header}\s*\]")
        starts = [number for number, line in enumerate(lines) if header.match(line)]
        if self.at >= len(starts):  # written in another of TOML's ways
            return 0, len(lines)
        own = f"[{self.header}."  # of a table within this one
        following = (
            n
            for n in range(starts[self.at] + 1, len(lines))
            if lines[n].startswith("[") and not lines[n].startswith(own)
        )
        return starts[self.at], next(following, len(lines))


def choices(key: str, allowed: Iterable[str]) -> str:
    """What a key may be, as in `it takes a, b`, after the one that was surely meant."""
    names = list(allowed)
    near = meant(key, names)
    return f"{near + ' ' if near else ''}it takes {', '.join(names)}"


def meant(name: str, allowed: Iterable[str]) -> str:
    """The one of many that was surely meant, as in `did you mean 'a'?`; "" where none is near."""
    import difflib  # only a mistake needs it

    near = difflib.get_close_matches(name, list(allowed), n=1)
    return f"did you mean {near[0]!r}?" if near else ""
