"""Lines: a source's bytes, or a part of them, unpacked and divided, as a stream."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from chalicelib.ingest.entries import Broken
from chalicelib.ingest.trail_files import MOST_BYTES
from cli.sources import Source
from cli.unpacked import UnpackError, unpacked

# A record has 256 KB at most; a log file of CloudTrail's is one line, whose size is as much as
# ingest.trail_files lets one inflate to.
MOST_OF_A_LINE = MOST_BYTES
BOM = b"\xef\xbb\xbf"
TOO_LONG = b"too long"  # known by its identity
Line = tuple[int, bytes]
# Lines that follow each other, and the number of the first.
Lines = tuple[int, list[bytes]]


@dataclass(frozen=True, slots=True)
class Part:
    """From which of a source's bytes on, and before which; None is its end."""

    start: int = 0
    end: int | None = None


WHOLE = Part()


@dataclass(slots=True)
class Meter:
    """How far reading has come: bytes as they lie there, and lines."""

    bytes: int = 0
    lines: int = 0


def lines_of(source: Source, part: Part, meter: Meter, lost: list[Broken]) -> Iterator[Lines]:
    """All lines, a piece at a time; what cannot be read is `lost`, and such a line empty."""
    for lines in split(_pieces(source, part, meter, lost)):
        first = meter.lines + 1
        meter.lines += len(lines)
        if lines[0] is TOO_LONG:
            reason = f"a line of more than {MOST_OF_A_LINE:,} bytes"
            lost.append(Broken(reason, f"{source.name}:{first}"))
            lines[0] = b""
        elif first == 1:
            lines[0] = lines[0].removeprefix(BOM)
        yield first, lines


def numbered(found: Iterable[Lines]) -> Iterator[Line]:
    """Those that are not blank, each with its number, without what ends it."""
    for first, lines in found:
        for number, line in enumerate(lines, first):
            if bare := line.rstrip():
                yield number, bare


def text_of(line: bytes) -> str:
    """The line as text; a byte that is no UTF-8 becomes U+FFFD."""
    return line.decode("utf-8", "replace").rstrip()


def split(pieces: Iterable[bytes]) -> Iterator[list[bytes]]:
    """The lines of a text that comes in pieces, those that end in a piece together; TOO_LONG stands
    for one that is too long to be kept, the first of a piece if any.
    """
    rest: list[bytes] = []
    size = 0
    for piece in pieces:
        lines = piece.split(b"\n")
        tail = lines.pop()
        if lines:
            lines[0] = _joined(rest, size, lines[0])
            yield lines
            rest, size = [], 0
        size += len(tail)
        if size <= MOST_OF_A_LINE:
            rest.append(tail)
        else:
            rest = []
    if size:
        yield [_joined(rest, size, b"")]


def _joined(rest: list[bytes], size: int, end: bytes) -> bytes:
    return b"".join((*rest, end)) if size + len(end) <= MOST_OF_A_LINE else TOO_LONG


def _pieces(source: Source, part: Part, meter: Meter, lost: list[Broken]) -> Iterator[bytes]:
    """Its bytes, unpacked, up to where it cannot be read: then that is lost."""
    try:
        with source.open() as file:
            yield from unpacked(_Metered(file, part, meter), source.size)
    except UnpackError as error:
        lost.append(Broken(str(error), source.name))
    except OSError as error:
        lost.append(Broken(f"cannot be read: {error.strerror or error}", source.name))


class _Metered:
    """A part of a file, which counts what was read of it."""

    def __init__(self, file: BinaryIO, part: Part, meter: Meter) -> None:
        self._file, self._meter = file, meter
        self._left = None if part.end is None else part.end - part.start
        if part.start:
            file.seek(part.start)

    def read(self, size: int) -> bytes:
        """As a file has it."""
        data = self._file.read(size if self._left is None else min(size, self._left))
        self._meter.bytes += len(data)
        if self._left is not None:
            self._left -= len(data)
        return data
