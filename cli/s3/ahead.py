"""Files of an archive, read ahead while others are judged: so many bytes at most."""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from typing import BinaryIO

from cli.s3.file import S3File
from cli.sources import Source
from cli.unit import Unit

MOST_BYTES = 8 * 1024 * 1024  # of all that wait, packed
MOST_OF_A_FILE = MOST_BYTES // 2  # a larger one is read as a stream where it is judged
FILES_AT_ONCE = 8
MOST_FILES = 32
Ready = Callable[[], Unit]


@dataclass(frozen=True, slots=True)
class Fetched:
    """See Source: a file of an archive, whose bytes are here."""

    file: S3File
    data: bytes

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def size(self) -> int:
        return self.file.size

    def open(self) -> BinaryIO:
        return io.BytesIO(self.data)


class Ahead:
    """Reads what it is asked for, where there is room, until whoever asked comes for it."""

    def __init__(self) -> None:
        self._size = 0

    def ask(self, unit: Unit) -> Ready:
        """What gives the unit, with its bytes where they come from an archive. One that cannot be
        read is given as it is: whoever reads it is told why.
        """
        file = unit.source
        if not isinstance(file, S3File) or not self._has_room(file.size):
            return lambda: unit
        self._size += file.size
        return self._given(unit, self._pool.submit(_fetched, file), file.size)

    def close(self) -> None:
        """Ask for no more."""
        if "_pool" in self.__dict__:
            self._pool.shutdown(cancel_futures=True)

    @cached_property
    def _pool(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(FILES_AT_ONCE)

    def _has_room(self, size: int) -> bool:
        return size <= MOST_OF_A_FILE and self._size + size <= MOST_BYTES

    def _given(self, unit: Unit, asked: Future[Source], size: int) -> Ready:
        def ready() -> Unit:
            self._size -= size
            return replace(unit, source=asked.result())

        return ready


def read_ahead(units: Iterable[Unit]) -> Generator[tuple[Unit, Unit]]:
    """Each unit, in the same order, beside itself with its bytes."""
    ahead, waiting = Ahead(), deque[tuple[Unit, Ready]]()
    try:
        for unit in units:
            waiting.append((unit, ahead.ask(unit)))
            while waiting and (len(waiting) > MOST_FILES or not isinstance(unit.source, S3File)):
                asked, ready = waiting.popleft()
                yield asked, ready()
        for asked, ready in waiting:
            yield asked, ready()
    finally:
        ahead.close()


def _fetched(file: S3File) -> Source:
    try:
        with file.open() as stream:
            return Fetched(file, stream.read())
    except OSError:
        return file
