"""What a JSON pattern says, as values: conditions joined by && and ||.

Every node keeps its source text and where that starts in the pattern.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property


class Child(Enum):
    """The step `*`: any child of an array or an object."""

    ANY = "*"


# A name is a key of an object, a number an index of an array.
Step = str | int | Child


@dataclass(frozen=True, slots=True)
class Selector:
    """Where to look, from the record's root: `$.a.b[0]` is ("a", "b", 0)."""

    steps: tuple[Step, ...]
    text: str
    start: int = field(default=0, compare=False)

    @property
    def wildcards(self) -> int:
        return self.steps.count(Child.ANY)


@dataclass(frozen=True)
class Text:
    """A quoted or bare value; every `*` in `text` stands for any characters."""

    text: str
    quoted: bool = False

    @property
    def has_wildcard(self) -> bool:
        return "*" in self.text

    @cached_property
    def segments(self) -> tuple[str, ...]:
        """What stands between the wildcards; a single one where there are none."""
        return tuple(self.text.split("*"))

    @property
    def has_interior_wildcard(self) -> bool:
        return "*" in self.text.strip("*")


@dataclass(frozen=True, slots=True)
class Number:
    """A bare value that reads as a number; `text` is how the pattern writes it."""

    text: str
    number: int | float


@dataclass(frozen=True, slots=True)
class Regex:
    """What stands between the `%`."""

    text: str


Value = Text | Number | Regex


class Operator(str, Enum):  # noqa: UP042 - a StrEnum's repr hides that it is one
    """How a condition compares; equal to the text that the pattern writes."""

    EQUAL = "="
    NOT_EQUAL = "!="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    IS_NULL = "IS NULL"
    IS_TRUE = "IS TRUE"
    IS_FALSE = "IS FALSE"
    NOT_EXISTS = "NOT EXISTS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One condition. `value` is None for IS NULL, IS TRUE, IS FALSE and NOT EXISTS."""

    selector: Selector
    op: Operator
    value: Value | None
    text: str = field(compare=False)
    start: int = field(compare=False)

    @property
    def path(self) -> tuple[Step, ...]:
        return self.selector.steps


@dataclass(frozen=True, slots=True)
class And:
    """All of two or more."""

    operands: tuple[Expression, ...]
    text: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of two or more."""

    operands: tuple[Expression, ...]
    text: str = field(default="", compare=False)
    start: int = field(default=0, compare=False)


Expression = And | Or | Comparison


def conditions(expression: Expression) -> Iterator[Comparison]:
    """The conditions in the order they are written."""
    if isinstance(expression, Comparison):
        yield expression
        return
    for operand in expression.operands:
        yield from conditions(operand)
