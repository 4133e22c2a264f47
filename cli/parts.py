"""Parts: how a large plain file of JSON lines is divided, so that several may read it at once.

What is packed has no parts: there the file is the unit. The parts of a file are the same however
many read them, and no document stands in two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from chalicelib.ingest.documents import NEXT_LINE
from cli.lines import BOM, WHOLE, Part
from cli.sources import FileSource, Source
from cli.texts import is_in_lines
from cli.unit import Unit

PART = 64 << 20
LONGEST_FIRST_LINE = 1 << 20
_WINDOW = 1 << 16
_NEXT = re.compile(NEXT_LINE.pattern.encode())


def units(sources: Iterable[Source]) -> Iterator[Unit]:
    """What is read at one go, in the order of the sources."""
    for source in sources:
        for part in parts(source):
            yield Unit(source, part)


def parts(source: Source) -> list[Part]:
    """The parts of a source; one that cannot be divided, or read, is whole."""
    if not isinstance(source, FileSource) or (source.size or 0) < 2 * PART:
        return [WHOLE]
    try:
        with source.open() as file:
            starts = list(_starts(file, source.size or 0))
    except OSError:
        return [WHOLE]  # whoever reads it says so
    return [Part(*bounds) for bounds in zip(starts, [*starts[1:], None], strict=True)]


def _starts(file: BinaryIO, size: int) -> Iterator[int]:
    """Where the parts begin."""
    at = 0
    yield at
    first = file.readline(LONGEST_FIRST_LINE).removeprefix(BOM)
    if not is_in_lines(first):
        return
    while at + 2 * PART <= size:
        found = _next_document(file, at + PART)
        if found is None:
            return
        at = found
        yield at


def _next_document(file: BinaryIO, at: int) -> int | None:
    """Where the first line behind this place begins that goes on with no document before it."""
    file.seek(at)
    before = b""
    while window := file.read(_WINDOW):
        # NEXT_LINE looks at what follows: a newline that stands last is for the next window.
        data = before + window
        found = _NEXT.search(data, 0, len(data))
        if found and found.end() < len(data):
            return at - len(before) + found.end()
        at += len(window)
        before = data[-1:]
    return None
