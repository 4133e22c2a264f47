"""Several JSON documents in one text, however they are separated: blanks, commas, nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chalicelib.ingest.json_text import PATIENT

BLANKS = re.compile(r"\s*")
REST = re.compile(r".*")
# A comma, or what is left of an array or object that is broken further up.
BETWEEN = re.compile(r"[\s,\]}]*")
# How a line begins that goes on with a document of several lines: indented, or closing.
CONTINUES = re.compile(r"[\s\]}]")
NEXT_LINE = re.compile(rf"\n(?!{CONTINUES.pattern})")


def documents(text: str) -> Iterator[tuple[int, str]]:
    """Each document with the position where it begins; a line where it is no object or array.

    What is no JSON costs itself alone: the next begins with a line that does not continue it.
    """
    position = _end_of(BLANKS, text, 0)
    while position < len(text):
        opening = text[position] in "{["
        end = _end_of_document(text, position) if opening else _end_of(REST, text, position)
        yield position, text[position:end].rstrip()
        position = _end_of(BETWEEN if opening else BLANKS, text, end)


def _end_of_document(text: str, position: int) -> int:
    try:
        _, end = PATIENT.raw_decode(text, position)
    except (ValueError, RecursionError):
        following = NEXT_LINE.search(text, position)
        return following.start() if following else len(text)
    return int(end)


def _end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
