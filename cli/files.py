"""Files that hold CloudTrail records, read as a stream with the place of each record."""

from __future__ import annotations

import atexit
import gzip
import itertools
import os
import stat
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import click

from chalicelib.ingest.documents import CONTINUES, documents
from chalicelib.ingest.envelopes import Broken, Entry, unwrap_parsed
from chalicelib.ingest.json_text import JSONTextError, loads
from cli.tables import cells, column_of_records

SUFFIXES = (".json", ".jsonl", ".ndjson", ".log", ".csv", ".gz")
GZIP_MAGIC = b"\x1f\x8b"
CHUNK = 1 << 20
# A bomb inflates a thousandfold; trails about tenfold.
SURELY_NO_BOMB, MOST_GROWTH = 1 << 30, 100
# Firehose packs what CloudWatch Logs has packed before.
MOST_LAYERS = 3
Read = Entry | Broken
Line = tuple[int, str]
# What makes the records of a parsed JSON value, its text and its place.
Take = Callable[[Any, str, str], Iterator[Read]]


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


def find_or_exit(paths: Iterable[str]) -> list[Source]:
    """The same files; what is left out is named. Exits with 2 where one is missing."""
    try:
        sources, skipped = find(paths)
    except InputError as error:
        click.echo(f"Error: {error}", err=True)
        sys.exit(2)
    for name in skipped:
        click.echo(f"{name}: left out", err=True)
    return sources


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


def read(
    source: Source, open_file: Callable[[Path], IO[bytes]] = _open, take: Take = unwrap_parsed
) -> Iterator[Read]:
    """Every record of a file with where it stood: `file:line`, `file:line[position]`.

    JSON lines are read as a stream; JSON documents over several lines are read whole. `take`
    takes the wrappings off, by default all of them.
    """
    with open_file(source.path) as file:
        lines = _lines(file, source.gzipped)
        first = next(lines, None)
        if first is not None:
            yield from _read(source.name, first, lines, take)


def _read(name: str, first: Line, lines: Iterator[Line], take: Take) -> Iterator[Read]:
    column = column_of_records(first[1])
    if column is not None:
        for number, cell in cells(lines, column):
            yield from take(_loads(cell), cell, f"{name}:{number}")
    elif _loads(first[1]) is None:
        yield from _documents(name, [first, *lines], take)
    else:
        for block in _blocks(itertools.chain([first], lines)):
            yield from _block(name, block, take)


def _blocks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """A line with those that continue it: in JSON lines there are none."""
    block: list[Line] = []
    for line in lines:
        if block and not CONTINUES.match(line[1]):
            yield block
            block = []
        block.append(line)
    yield block


def _block(name: str, block: list[Line], take: Take) -> Iterator[Read]:
    number, text = block[0]
    value = _loads(text) if len(block) == 1 else None
    if value is None:
        yield from _documents(name, block, take)
    else:
        yield from take(value, text.strip(), f"{name}:{number}")


def _documents(name: str, lines: list[Line], take: Take) -> Iterator[Read]:
    """JSON documents one after another, each over as many lines as it takes."""
    text = "\n".join(line for _, line in lines)
    row, counted = 0, 0
    for position, document in documents(text):
        row, counted = row + text.count("\n", counted, position), position
        yield from take(_loads(document), document, f"{name}:{lines[row][0]}")


def _lines(file: IO[bytes], gzipped: bool) -> Iterator[Line]:
    """Numbered lines that are not blank, as text; a byte that is no UTF-8 becomes U+FFFD."""
    lines: Iterable[bytes] = _gunzipped(file) if gzipped else file
    for number, line in enumerate(lines, 1):
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip()
        if text:
            yield number, text


def _loads(text: str) -> Any:
    """The JSON value of a text, None where it is not JSON."""
    try:
        return loads(text)
    except JSONTextError:
        return None


def _hidden(path: Path, root: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(root).parts)


def _source(name: str, path: Path) -> Source:
    try:
        with path.open("rb") as file:
            gzipped = file.read(2) == GZIP_MAGIC
        if gzipped:
            _check_gzip(name, path)
        return Source(name, path, path.stat().st_size, gzipped)
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise InputError(f"{name}: broken gzip: {error}") from error


def _check_gzip(name: str, path: Path) -> None:
    """Read it to its end once. Raises InputError for a bomb."""
    size, most = 0, max(SURELY_NO_BOMB, MOST_GROWTH * path.stat().st_size)
    with path.open("rb") as packed:
        file = _gunzipped(packed)
        while chunk := file.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise InputError(f"{name}: it inflates to more than {most:,} bytes: a bomb?")


def _gunzipped(packed: IO[bytes]) -> gzip.GzipFile:
    file = gzip.GzipFile(fileobj=packed, mode="rb")
    for _ in range(MOST_LAYERS - 1):
        if not file.peek(len(GZIP_MAGIC)).startswith(GZIP_MAGIC):
            break
        file = gzip.GzipFile(fileobj=file, mode="rb")
    return file


def _spool(stream: IO[bytes]) -> Path:
    """Standard input or a pipe as a file, since it is checked before it is read."""
    with tempfile.NamedTemporaryFile(prefix="trailbell-", suffix=".in", delete=False) as file:
        while chunk := stream.read(CHUNK):
            file.write(chunk)
    path = Path(file.name)
    atexit.register(path.unlink, missing_ok=True)
    return path
