"""JSON as records hold it: orjson's speed, and json's patience where orjson refuses."""

from __future__ import annotations

import json
from typing import Any

import orjson


class JSONTextError(ValueError):
    """A text that is not JSON; says where, never what stands there."""


def loads(text: str) -> Any:
    """The JSON value of a text. Raises JSONTextError.

    orjson refuses lone surrogates and NaN, which json takes and real trails hold.
    """
    try:
        return orjson.loads(text)
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        pass
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise JSONTextError(f"not JSON: {error.msg} at {error.pos}") from error
    except ValueError as error:
        raise JSONTextError("not JSON: a number that is too long") from error
    except RecursionError as error:
        raise JSONTextError("JSON nested too deeply") from error


# A character that JSON escapes in ASCII weighs three times its UTF-8; a separator gains a blank.
ASCII_GROWTH = 4


def fits_in_ascii(value: Any, most: int) -> bool:
    """Whether the value's JSON in ASCII has at most `most` characters. Most need no second look.

    Raises TypeError for what orjson refuses, such as a lone surrogate.
    """
    return len(orjson.dumps(value)) * ASCII_GROWTH <= most or len(json.dumps(value)) <= most
