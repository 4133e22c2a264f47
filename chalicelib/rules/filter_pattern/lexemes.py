"""Numbers as their JSON wrote them, since texts are compared with that."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

import orjson

SMALLEST, LARGEST = -(2**63), 2**64 - 1  # the integers that orjson keeps whole


class SourceTextNeededError(Exception):
    """A text was compared with a number whose source text parsing has lost."""


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A number and how its JSON wrote it."""

    text: str
    number: int | float


def written(number: int | float | Lexeme) -> str:
    """A number's source text; Python's own where there is none."""
    if isinstance(number, Lexeme):
        return number.text
    try:
        return str(number)
    except ValueError:  # Python refuses integers of thousands of digits
        return str(Decimal(number))


def written_for_certain(number: int | float | Lexeme) -> str:
    """A number's source text, or SourceTextNeededError.

    An integer has one spelling in JSON, except for 0 and -0 and what is too large for 64 bits,
    which orjson makes a float.
    """
    if type(number) is int and number:
        return written(number)
    raise SourceTextNeededError


def read_number(digits: str) -> int | float:
    """A number of JSON or of a pattern, as orjson reads it: whole within 64 bits, else a double."""
    if digits.lstrip("+-").isdecimal() and len(digits) <= 20:
        value = int(digits)
        if SMALLEST <= value <= LARGEST:
            return value
    return float(digits)


def value_of(number: int | float | Lexeme) -> int | float:
    """What a number compares as: Python's own larger integers as the doubles that JSON has."""
    if isinstance(number, Lexeme):
        return number.number
    if isinstance(number, float) or SMALLEST <= number <= LARGEST:
        return number
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def loads(text: str) -> Any:
    """A JSON value, its numbers as Python's. None where the text is not JSON.

    JSON nested more than about a thousand deep counts as not JSON.
    """
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        pass  # orjson refuses lone surrogates, which JSON allows
    return _loads(text, read_number)


def loads_lexemes(text: str) -> Any:
    """A JSON value, its numbers as Lexemes. None where the text is not JSON."""
    return _loads(text, lambda digits: Lexeme(digits, read_number(digits)))


def dumps(value: Any) -> str | None:
    """The shortest JSON text of a value; None where it is no JSON."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError):
        return None


def _loads(text: str, number: Any) -> Any:
    try:
        return json.loads(text, parse_int=number, parse_float=number, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
