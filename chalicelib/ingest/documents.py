"""Several JSON documents in one text, however they are separated: blanks, commas, nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from chalicelib.ingest.json_text import PATIENT

BLANKS = re.compile(r"\s*")
REST = re.compile(r".*")
# What goes on in the same line and is neither the next document nor between two.
WORDS = re.compile(r"[^\S\n]*[^\s,\]}]")
# A comma, or what is left of an array or object that is broken further up.
BETWEEN = re.compile(r"[\s,\]}]*")
# How a line begins that goes on with a document of several lines: indented, or closing.
CONTINUES = re.compile(r"[\s\]}]")
# How often a character may be tried before a text counts as made to cost time; and how many
# characters it is worth to find that a document is nested too deeply.
MOST_TRIED = 4
TOO_DEEP = 10_000
NEXT_LINE = re.compile(rf"\n(?!{CONTINUES.pattern})")


def documents(text: str) -> Iterator[tuple[int, str]]:
    """Each document with the position where it begins; a line where it is no object or array.

    What is no JSON costs itself alone: the next begins with a line that does not continue it.
    Where the same characters would be tried too often, all that follows is one document.
    """
    position, tried = _end_of(BLANKS, text, 0), 0
    while position < len(text):
        opening = text[position] in "{["
        if not opening:
            end = _end_of(REST, text, position)
        elif tried > MOST_TRIED * len(text):
            end = len(text)
        else:
            end, in_vain = _end_of_document(text, position)
            end = _end_of_words(text, position, end)
            tried += in_vain
        yield position, text[position:end].rstrip()
        position = _end_of(BETWEEN if opening else BLANKS, text, end)


def _end_of_document(text: str, position: int) -> tuple[int, int]:
    """The place behind a document, and how many characters were tried in vain."""
    try:
        return int(PATIENT.raw_decode(text, position)[1]), 0
    except json.JSONDecodeError as error:
        in_vain = error.pos - position
    except (ValueError, RecursionError):
        in_vain = TOO_DEEP
    following = NEXT_LINE.search(text, position)
    return following.start() if following else len(text), in_vain


def _end_of_words(text: str, position: int, end: int) -> int:
    """The end of the line where a document is only how it begins, as in "[2026] started"."""
    if text[position] == "{" or not WORDS.match(text, end):
        return end
    following = _end_of(REST, text, end)
    return end if "{" in text[position:following] else following


def _end_of(pattern: re.Pattern[str], text: str, position: int) -> int:
    found = pattern.match(text, position)
    return found.end() if found else position
