"""Files that hold CloudTrail records, read as a stream with the place of each record."""

from __future__ import annotations

import atexit
import gzip
import itertools
import os
import re
import stat
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from chalicelib.ingest.envelopes import Broken, Entry, unwrap, unwrap_parsed
from chalicelib.ingest.json_text import PATIENT, JSONTextError, loads

SUFFIXES = (".json", ".jsonl", ".ndjson", ".log", ".gz")
GZIP_MAGIC = b"\x1f\x8b"
CHUNK = 1 << 20
BLANKS = re.compile(r"\s*")
REST = re.compile(r".*")
# A comma, or what is left of an array or object that is broken further up.
BETWEEN = re.compile(r"[\s,\]}]*")
# How a line begins that goes on with a document of several lines: indented, or closing.
CONTINUES = re.compile(r"[\s\]}]")
NEXT_LINE = re.compile(rf"\n(?!{CONTINUES.pattern})")

Read = Entry | Broken
Line = tuple[int, str]


def _open(path: Path) -> IO[bytes]:
    return path.open("rb")


class InputError(Exception):
    """A path that cannot be read at all; says which and why."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read: its name as the user knows it, its path, its size in bytes."""

    name: str
    path: Path
    size: int
    gzipped: bool


def find(paths: Iterable[str]) -> tuple[list[Source], list[str]]:
    """The files meant by the paths, and the names in folders that are left out.

    A folder means every file below it with a known suffix; `-` is standard input. Raises
    InputError for what is missing or no whole gzip stream, before anything is read.
    """
    sources: list[Source] = []
    skipped: list[str] = []
    for name in paths:
        try:
            found, left_out = _found(name)
        except FileNotFoundError as error:
            raise InputError(f"{name or repr(name)}: no such file or folder") from error
        except OSError as error:
            raise InputError(f"{error.filename or name}: {error.strerror or error}") from error
        sources += found
        skipped += left_out
    return sources, skipped


def _found(name: str) -> tuple[list[Source], list[str]]:
    if name == "-":
        return [_source("standard input", _spool(sys.stdin.buffer))], []
    kind = os.stat(name).st_mode  # not Path's: to it "" is the working directory
    path = Path(name)
    if stat.S_ISDIR(kind):
        files = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p, path))
        read = [_source(str(p), p) for p in files if p.suffix in SUFFIXES]
        return read, [str(p) for p in files if p.suffix not in SUFFIXES]
    if stat.S_ISREG(kind):
        return [_source(name, path)], []
    with path.open("rb") as pipe:
        return [_source(name, _spool(pipe))], []


def read(source: Source, open_file: Callable[[Path], IO[bytes]] = _open) -> Iterator[Read]:
    """Every record of a file with where it stood: `file:line`, `file:line[position]`.

    JSON lines are read as a stream; JSON documents over several lines are read whole.
    """
    with open_file(source.path) as file:
        lines = _lines(file, source.gzipped)
        first = next(lines, None)
        if first is None:
            return
        if not _is_json(first[1]):
            yield from _documents(source.name, [first, *lines])
            return
        for block in _blocks(itertools.chain([first], lines)):
            yield from _block(source.name, block)


def _blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """A line with those that continue it: in JSON lines there are none."""
    block: list[Line] = []
    for line in lines:
        if block and not CONTINUES.match(line[1]):
            yield block
            block = []
        block.append(line)
    yield block


def _block(name: str, block: list[Line]) -> Iterator[Read]:
    if len(block) > 1:
        yield from _documents(name, block)
        return
    number, text = block[0]
    try:
        value = loads(text)
    except JSONTextError:
        yield from _documents(name, block)
    else:
        yield from unwrap_parsed(value, text.strip(), f"{name}:{number}")


def _documents(name: str, lines: list[Line]) -> Iterator[Read]:
    """JSON documents one after another, each over as many lines as it takes.

    What is no JSON costs itself alone: the next begins with a line that does not continue it.
    """
    text = "\n".join(line for _, line in lines)
    row, counted, position = 0, 0, _end_of(BLANKS, text, 0)
    while position < len(text):
        row, counted = row + text.count("\n", counted, position), position
        opening = text[position] in "{["
        end = _end_of_document(text, position) if opening else _end_of(REST, text, position)
        yield from unwrap(text[position:end].rstrip(), f"{name}:{lines[row][0]}")
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


def _lines(file: IO[bytes], gzipped: bool) -> Iterator[Line]:
    """Numbered lines that are not blank, as text; a byte that is no UTF-8 becomes U+FFFD."""
    lines: Iterable[bytes] = gzip.GzipFile(fileobj=file) if gzipped else file
    for number, line in enumerate(lines, 1):
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip()
        if text:
            yield number, text


def _is_json(line: str) -> bool:
    try:
        loads(line)
    except JSONTextError:
        return False
    return True


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _source(name: str, path: Path) -> Source:
    try:
        with path.open("rb") as file:
            gzipped = file.read(2) == GZIP_MAGIC
        if gzipped:
            _check_gzip(path)
        return Source(name, path, path.stat().st_size, gzipped)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise InputError(f"{name}: broken gzip: {error}") from error


def _check_gzip(path: Path) -> None:
    with gzip.open(path) as file:
        while file.read(CHUNK):
            pass


def _spool(stream: IO[bytes]) -> Path:
    """Standard input or a pipe as a file, since it is checked before it is read."""
    with tempfile.NamedTemporaryFile(prefix="trailbell-", suffix=".in", delete=False) as file:
        while chunk := stream.read(CHUNK):
            file.write(chunk)
    path = Path(file.name)
    atexit.register(path.unlink, missing_ok=True)
    return path
