"""Files that hold CloudTrail records, read as a stream with the place of each record."""

from __future__ import annotations

import atexit
import gzip
import itertools
import json
import re
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from chalicelib.ingest.envelopes import Broken, Entry, unwrap, unwrap_value
from chalicelib.ingest.json_text import JSONTextError, loads

SUFFIXES = (".json", ".jsonl", ".ndjson", ".log", ".gz")
GZIP_MAGIC = b"\x1f\x8b"
CHUNK = 1 << 20
BLANKS = re.compile(r"\s*")

Read = Entry | Broken


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
        if name == "-":
            sources.append(_source("standard input", _spool(sys.stdin.buffer)))
            continue
        path = Path(name)
        if not path.exists():
            raise InputError(f"{name}: no such file or folder")
        if path.is_dir():
            files = sorted(p for p in path.rglob("*") if p.is_file() and not _hidden(p, path))
            sources += [_source(str(p), p) for p in files if p.suffix in SUFFIXES]
            skipped += [str(p) for p in files if p.suffix not in SUFFIXES]
        else:
            sources.append(_source(name, path))
    return sources, skipped


def read(source: Source, open_file: Callable[[Path], IO[bytes]] = _open) -> Iterator[Read]:
    """Every record of a file with where it stood: `file:line`, `file:line[position]`.

    JSON lines are read as a stream; one JSON document over several lines is read whole.
    """
    with open_file(source.path) as file:
        lines = _lines(file, source.gzipped)
        first = next(lines, None)
        if first is None:
            return
        if _is_json(first[1]):
            for number, line in itertools.chain([first], lines):
                yield from unwrap(line, f"{source.name}:{number}")
        else:
            yield from _documents(source.name, [first, *lines])


def _documents(name: str, lines: list[tuple[int, str]]) -> Iterator[Read]:
    """JSON documents that span lines, one after another; else lines that hold no JSON."""
    text = "\n".join(line for _, line in lines)
    decoder = json.JSONDecoder()
    position, found = 0, False
    while position < len(text):
        try:
            value, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            break
        if not isinstance(value, dict | list):
            break
        found = True
        yield from unwrap_value(value, f"{name}:{_line(lines, text, position)}")
        position = _end_of_blanks(text, end)
    if position < len(text) and found:
        yield Broken("not JSON", f"{name}:{_line(lines, text, position)}")
    elif not found:
        for number, line in lines:
            yield from unwrap(line, f"{name}:{number}")


def _end_of_blanks(text: str, position: int) -> int:
    blanks = BLANKS.match(text, position)
    return blanks.end() if blanks else position


def _line(lines: list[tuple[int, str]], text: str, position: int) -> int:
    return lines[min(text.count("\n", 0, position), len(lines) - 1)][0]


def _lines(file: IO[bytes], gzipped: bool) -> Iterator[tuple[int, str]]:
    """Numbered lines that are not blank, as text; a byte that is no UTF-8 becomes U+FFFD."""
    plain: Iterable[bytes] = gzip.GzipFile(fileobj=file) if gzipped else file
    for number, line in enumerate(plain, 1):
        text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
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
    except OSError as error:
        raise InputError(f"{name}: {error.strerror or error}") from error


def _check_gzip(path: Path) -> None:
    with gzip.open(path) as file:
        while file.read(CHUNK):
            pass


def _spool(stream: IO[bytes]) -> Path:
    """Standard input as a file, since it is checked before it is read."""
    with tempfile.NamedTemporaryFile(prefix="trailbell-", suffix=".in", delete=False) as file:
        while chunk := stream.read(CHUNK):
            file.write(chunk)
    path = Path(file.name)
    atexit.register(path.unlink, missing_ok=True)
    return path
