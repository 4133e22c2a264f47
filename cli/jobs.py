"""Jobs: units done by several processes of this machine, and heard of in the order of the units.

What a process comes to it writes down in a folder, so that neither it nor the parent holds more
than a batch. A process that dies is named, and what it read is read once more.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from cli.batch import NOTHING, Batch
from cli.s3.ahead import Ahead, Ready
from cli.sources import InputError
from cli.unit import Terms, Unit, Worker

Advance = Callable[[int], None]
Say = Callable[[str], None]
MOST_TRIES = 2
AT_HAND = 2  # units that a process has before it, so that it need not wait for the parent
MOST_AT_HAND, SMALL = 16, 1 << 19  # the same where all these have fewer bytes than that
AHEAD = 32  # units that may be done, for each process, before the first is heard of
LOOK_EVERY_SECONDS = 1.0


@dataclass(slots=True)
class _Process:
    """One process, the parent's end of its pipe, and the units that it was given."""

    process: BaseProcess
    pipe: Connection
    given: deque[int] = field(default_factory=deque)


class Jobs:
    """So many processes, from the first unit on. `advance` hears of each read byte, `say` of what
    a person should know.
    """

    def __init__(self, terms: Terms, count: int, folder: Path, advance: Advance, say: Say) -> None:
        self._terms = terms
        self._folder = folder
        self._advance = advance
        self._say = say
        self.processes = [self._started() for _ in range(count)]
        self._units: dict[int, Unit] = {}  # that are not heard of yet
        self._again: deque[int] = deque()
        self._tries: Counter[int] = Counter()
        self._ready: set[int] = set()

    def done(self, units: Iterable[Unit]) -> Generator[tuple[Unit, Iterator[Batch]]]:
        """Each unit with what it came to, in their order. Raises InputError where that cannot be
        written down.
        """
        waiting = enumerate(units)
        heard = 0
        try:
            while self._hand_out(waiting) or heard in self._units:
                while heard in self._ready:
                    yield self._units[heard], self._batches(heard)
                    del self._units[heard]
                    self._ready.remove(heard)
                    heard += 1
                if self._units and heard not in self._ready:
                    self._hear()
        finally:
            self._end()

    def _hand_out(self, waiting: Iterator[tuple[int, Unit]]) -> bool:
        """Give each process something to do; whether any does something."""
        for each in self.processes:
            while self._is_wanting(each):
                number = self._next(waiting)
                if number is None:
                    break
                each.given.append(number)
                try:
                    each.pipe.send((number, self._units[number]))
                except OSError:
                    break  # it has died, which is heard
        return any(each.given for each in self.processes)

    def _is_wanting(self, each: _Process) -> bool:
        """Whether it has too little before it: of small files the way to each takes the longest."""
        sizes = [self._units[number].source.size for number in each.given]
        known = [size for size in sizes if size is not None]
        if len(known) == len(sizes) and sum(known) < SMALL:
            return len(each.given) < MOST_AT_HAND
        return len(each.given) < AT_HAND

    def _next(self, waiting: Iterator[tuple[int, Unit]]) -> int | None:
        if self._again:
            return self._again.popleft()
        if len(self._units) >= AHEAD * len(self.processes):
            return None
        number, unit = next(waiting, (None, None))
        if number is None or unit is None:
            return None
        self._units[number] = unit
        return number

    def _hear(self) -> None:
        """Wait until a process says something or has died."""
        ready = wait([each.pipe for each in self.processes])
        for each in [each for each in self.processes if each.pipe in ready]:
            try:
                while each.pipe.poll():
                    self._heard(each, *each.pipe.recv())
            except (EOFError, OSError):
                self._died(each)

    def _heard(self, each: _Process, number: int, read: int | str | None) -> None:
        """So many bytes were read of a unit; or all was done (None); or why it is no use."""
        if isinstance(read, str):
            step = "free some space there, or set TMPDIR to another folder"
            raise InputError(f"{self._folder}: {read}: {step}")
        if read is None:
            each.given.remove(number)
            self._ready.add(number)
        else:
            self._advance(read)

    def _died(self, dead: _Process) -> None:
        """Put another in its place; what it had before it is done once more, the first named."""
        dead.process.join()
        dead.pipe.close()
        self.processes[self.processes.index(dead)] = self._started()
        if not dead.given:
            return
        number, *rest = dead.given
        self._again.extendleft(reversed(rest))
        how = f"process {dead.process.pid} ended ({_how(dead.process.exitcode)})"
        self._tries[number] += 1
        name = self._units[number].source.name
        if self._tries[number] < MOST_TRIES:
            self._say(f"{name}: {how}; it is read once more")
            self._again.appendleft(number)
            return
        lost = ((name, f"{how}, like the one before it: left out"),)
        _write(self._path(number), [replace(NOTHING, unreadable=lost)])
        self._ready.add(number)

    def _batches(self, number: int) -> Iterator[Batch]:
        """What a unit came to, as it was written down."""
        path = self._path(number)
        with path.open("rb") as file:
            while True:
                try:
                    batch: Batch = pickle.load(file)  # noqa: S301 - our own process wrote it
                except EOFError:
                    break
                yield batch
        path.unlink()

    def _path(self, number: int) -> Path:
        return self._folder / str(number)

    def _started(self) -> _Process:
        """One more process. Where it is a copy of this one it starts at once."""
        how = get_context("fork") if sys.platform == "linux" else get_context("spawn")
        ours, theirs = how.Pipe()
        process = how.Process(
            target=_serve, args=(theirs, self._terms, self._folder, os.getpid()), daemon=True
        )
        process.start()
        theirs.close()
        return _Process(process, ours)

    def _end(self) -> None:
        for each in self.processes:
            each.process.terminate()
        for each in self.processes:
            each.process.join()
            each.pipe.close()


def _serve(pipe: Connection, terms: Terms, folder: Path, parent: int) -> None:
    """Do what the parent hands over, until it ends this process or is gone itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it too, and ends all
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    worker, ahead, given = Worker(terms), Ahead(), deque[tuple[int, Ready]]()
    while os.getppid() == parent:
        while pipe.poll(0 if given else LOOK_EVERY_SECONDS):
            number, unit = pipe.recv()
            given.append((number, ahead.ask(unit)))
        if given:
            number, ready = given.popleft()
            try:
                _write(folder / str(number), _told(worker.do(ready()), number, pipe, parent))
                pipe.send((number, None))
            except OSError as error:  # no room left: the same would befall every file
                pipe.send((number, error.strerror or str(error)))


def _told(batches: Iterable[Batch], number: int, pipe: Connection, parent: int) -> Iterator[Batch]:
    for batch in batches:
        pipe.send((number, batch.bytes_read))
        yield batch
        if os.getppid() != parent:
            return


def _write(path: Path, batches: Iterable[Batch]) -> None:
    with path.open("wb") as file:
        for batch in batches:
            pickle.dump(batch, file, pickle.HIGHEST_PROTOCOL)


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return signal.Signals(-code).name
    return f"exit code {code}"
