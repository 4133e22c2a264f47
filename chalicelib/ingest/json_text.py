"""JSON as records hold it: orjson's speed, and json's patience where orjson refuses."""

from __future__ import annotations

import json
from typing import Any

import orjson

# The longest whole number that is sure to fit 64 bits, in characters.
WHOLE = 18
# A character that JSON escapes in ASCII weighs three times its UTF-8; a separator gains a blank.
ASCII_GROWTH = 4


class JSONTextError(ValueError):
    """A text that is not JSON; says where, never what stands there."""


def loads(text: str | bytes) -> Any:
    """The JSON value of a text. Raises JSONTextError.

    orjson refuses lone surrogates, NaN and what overflows a float, which json takes and real
    trails hold.
    """
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        pass
    try:
        return PATIENT.decode(text if isinstance(text, str) else text.decode())
    except json.JSONDecodeError as error:
        raise JSONTextError(f"not JSON: {error.msg} at {error.pos}") from error
    except UnicodeDecodeError as error:
        raise JSONTextError(f"not JSON: no UTF-8 at {error.start}") from error
    except RecursionError as error:
        raise JSONTextError("JSON nested too deeply") from error


def fits_in_ascii(value: Any, most: int) -> bool:
    """Whether the value's JSON in ASCII has at most `most` characters. Most need no second look.

    Raises TypeError for what orjson refuses, such as a lone surrogate.
    """
    return len(orjson.dumps(value)) * ASCII_GROWTH <= most or len(json.dumps(value)) <= most


def _whole(digits: str) -> int | float:
    """As orjson has it: beyond 64 bits a float. int() would refuse what is very long."""
    return int(digits) if len(digits) <= WHOLE else float(digits)


PATIENT = json.JSONDecoder(parse_int=_whole)
