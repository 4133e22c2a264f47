"""Sources: what records are read from, and what the paths of a command name."""

from __future__ import annotations

import atexit
import os
import stat
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Protocol

SUFFIXES = (".json", ".jsonl", ".ndjson", ".log", ".csv", ".gz", ".zst")
CHUNK = 1 << 20
LeaveOut = Callable[[str], None]


class InputError(Exception):
    """A path that cannot be read at all; says which and why."""


class Source(Protocol):
    """One thing to read. It may be pickled, and opened by another process or machine."""

    @property
    def name(self) -> str:
        """As people know it, and as it is named where something in it cannot be read."""

    @property
    def size(self) -> int | None:
        """Its bytes as they lie there, still packed; None where nobody can tell."""

    def open(self) -> BinaryIO:
        """Its bytes as they lie there, still packed. Raises OSError, whose text names no path."""


@dataclass(frozen=True, slots=True)
class FileSource:
    """A file of this machine."""

    name: str
    path: Path
    size: int | None

    def open(self) -> BinaryIO:
        """See Source."""
        return self.path.open("rb")


def sources(paths: Iterable[str], leave_out: LeaveOut = lambda _name: None) -> Iterator[Source]:
    """What the paths name, in their order; `leave_out` gets the names in folders that are not read.

    A folder means every file below it with a known suffix; `-` is standard input. Raises
    InputError for a path that is not there.
    """
    for name in paths:
        try:
            yield from _of(name, leave_out)
        except FileNotFoundError as error:
            raise InputError(f"{name or repr(name)}: no such file or folder") from error
        except OSError as error:
            raise InputError(f"{error.filename or name}: {error.strerror or error}") from error


def _of(name: str, leave_out: LeaveOut) -> Iterator[Source]:
    if name == "-":
        yield _file("standard input", _spool(sys.stdin.buffer))
        return
    kind = os.stat(name).st_mode  # not Path's: to it "" is the working directory
    path = Path(name)
    if stat.S_ISDIR(kind):
        yield from _below(path, leave_out)
    elif stat.S_ISREG(kind):
        yield _file(name, path)
    else:
        with path.open("rb") as pipe:
            yield _file(name, _spool(pipe))


def _below(folder: Path, leave_out: LeaveOut) -> Iterator[Source]:
    def unreadable(error: OSError) -> None:
        leave_out(f"{error.filename}: {error.strerror}")

    walk = os.walk(folder, onerror=unreadable)
    for path in sorted(Path(at, name) for at, _, names in walk for name in names):
        if _is_hidden(path, folder) or not _is_file(path, leave_out):
            continue
        if path.suffix in SUFFIXES:
            yield _file(str(path), path)
        else:
            leave_out(str(path))


def _is_file(path: Path, leave_out: LeaveOut) -> bool:
    try:
        return path.is_file()
    except OSError as error:  # a folder whose names may be read, and nothing in it
        leave_out(f"{path}: {error.strerror}")
        return False


def _is_hidden(path: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in path.relative_to(folder).parts)


def _file(name: str, path: Path) -> FileSource:
    try:
        return FileSource(name, path, path.stat().st_size)
    except OSError:
        return FileSource(name, path, None)  # it went away: whoever reads it says so


def _spool(stream: IO[bytes]) -> Path:
    """Standard input or a pipe as a file, which can be read by several and more than once."""
    with tempfile.NamedTemporaryFile(prefix="trailbell-", suffix=".in", delete=False) as file:
        while chunk := stream.read(CHUNK):
            file.write(chunk)
    path = Path(file.name)
    atexit.register(path.unlink, missing_ok=True)
    return path
