"""Texts: what lines of text hold, JSON lines or documents over several of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from chalicelib.ingest.documents import CONTINUES, documents
from chalicelib.ingest.envelopes import Broken, Entry
from chalicelib.ingest.json_text import JSONTextError, loads
from cli.lines import Line, Lines, numbered, text_of
from cli.tables import cells, column_of_records

# What is no JSON lines is read whole, up to so many bytes: the next document begins a new whole.
MOST_AT_ONCE, MOST_OF_A_DOCUMENT = 16 << 20, 64 << 20
_BEGIN = 64  # as much of a line as tells how it begins
Read = Entry | Broken
# What makes the records of a parsed JSON value, its text and its place.
Take = Callable[[Any, str, str], Iterator[Read]]
# Records that no rule can match are handed on as their bytes: nothing was made of them.
Sifted = Read | list[bytes]


class Sift(Protocol):
    """What tells records that no rule can match from their JSON texts."""

    def left(self) -> Callable[[bytes], list[Any] | None] | None:
        """What says of a text which rules may match it, as things stand: [] of such a record, None
        where reading all of it must tell. None where nothing says so.
        """

    def file(self, line: bytes, where: str) -> Iterable[Sifted] | None:
        """The records of a line that is a log file of CloudTrail's; None of any other."""


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of a file of this name, and how records are taken out of them."""

    name: str
    take: Take
    sift: Sift | None = None

    def read(self, found: Iterator[Lines]) -> Iterator[Sifted]:
        """Every record, whatever the first line says that the file is."""
        first = _first(found)
        if first is None:
            return
        number, lines = first
        if (of_file := self._of_file(lines[0], number)) is not None:
            yield from of_file
            yield from self.read_lines(itertools.chain([(number + 1, lines[1:])], found))
            return
        begin = text_of(lines[0])
        found = itertools.chain([first], found)
        column = column_of_records(begin)
        if column is not None:
            rest = ((number, text_of(line)) for number, line in numbered(found))
            next(rest)
            for number, cell in cells(rest, column):
                yield from self.take(_loads(cell), cell, f"{self.name}:{number}")
        elif _loads(begin) is None:
            for some in _wholes(numbered(found)):
                yield from self._documents(some)
        else:
            yield from self.read_lines(found)

    def read_lines(self, found: Iterable[Lines]) -> Iterator[Sifted]:
        """Every record of JSON lines; each may go on in the next, as long as that is indented."""
        block: list[Line] = []
        for first, lines in found:
            left = self.sift.left() if self.sift else None
            passed: list[bytes] = []
            for number, line in enumerate(lines, first):
                if block and not line.startswith(b"{") and _goes_on(line):
                    block.append((number, line))
                    continue
                if left and len(block) == 1 and left(block[0][1]) == []:
                    passed.append(block[0][1])
                elif block:
                    if passed:
                        yield passed
                        passed = []
                    yield from self._block(block)
                block = [(number, line)]
            if passed:
                yield passed
        if block:
            yield from self._block(block)

    def _block(self, block: list[Line]) -> Iterator[Sifted]:
        """A line with those that continue it: in JSON lines there are none."""
        number, line = block[0]
        where = f"{self.name}:{number}"
        of_file = self._of_file(line, number) if len(block) == 1 else None
        text = text_of(line)
        value = _loads(text) if len(block) == 1 and of_file is None else None
        if of_file is not None:
            yield from of_file
        elif value is None:
            yield from self._documents(block)
        else:
            yield from self.take(value, text.strip(), where)

    def _of_file(self, line: bytes, number: int) -> Iterable[Sifted] | None:
        return self.sift.file(line, f"{self.name}:{number}") if self.sift else None

    def _documents(self, lines: list[Line]) -> Iterator[Read]:
        """JSON documents one after another, each over as many lines as it takes."""
        text = "\n".join(text_of(line) for _, line in lines)
        row, counted = 0, 0
        for position, document in documents(text):
            row, counted = row + text.count("\n", counted, position), position
            yield from self.take(_loads(document), document, f"{self.name}:{lines[row][0]}")


def is_in_lines(line: bytes) -> bool:
    """Whether a file that begins with this line holds a JSON document a line."""
    text = text_of(line)
    return column_of_records(text) is None and _loads(text) is not None


def _first(found: Iterator[Lines]) -> Lines | None:
    """The first lines that are not all blank, from the first that is not."""
    for first, lines in found:
        for at, line in enumerate(lines):
            if line.strip():
                return first + at, lines[at:]
    return None


def _goes_on(line: bytes) -> bool:
    """Whether a line is blank, or continues a document."""
    text = text_of(line[:_BEGIN])
    return not text or CONTINUES.match(text) is not None


def _wholes(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Lines that are read together: all of a file, as far as memory allows."""
    some: list[Line] = []
    size = 0
    for line in lines:
        ends = size > MOST_AT_ONCE and not _goes_on(line[1])
        if ends or size > MOST_OF_A_DOCUMENT:
            yield some
            some, size = [], 0
        some.append(line)
        size += len(line[1])
    if some:
        yield some


def _loads(text: str) -> Any:
    """The JSON value of a text, None where it is not JSON."""
    try:
        return loads(text)
    except JSONTextError:
        return None
