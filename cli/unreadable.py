"""What could not be read, named with its place: of each file the first few, and their number."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator

import click

from chalicelib.ingest.envelopes import Broken, Entry
from cli.batch import BATCH
from cli.texts import Read
from terminal.errors import Failed

NAMED_OF_A_FILE = 10
NEXT = (
    "name a trail's log files, a folder of them or s3://bucket/prefix (docs/inputs.md has them all)"
)


class Unreadables:
    """Counts what cannot be read and names the first of each file on standard error: once something
    can be. Of what holds no record at all one sentence says more than its lines.
    """

    def __init__(self) -> None:
        self.count = 0
        self._of_file: Counter[str] = Counter()
        self._named: Counter[str] = Counter()
        self._held: list[str] | None = []  # until a record could be read

    def tell(self, where: str, reason: str) -> None:
        """Count one; say where it stands and what it is."""
        file = re.sub(r"(:\d+)?(\[\d+\])*$", "", where)
        self.count += 1
        self._of_file[file] += 1
        # What is said of the whole file is said however much of it was named before.
        if self._of_file[file] <= NAMED_OF_A_FILE or where == file:
            self._named[file] += 1
            self._say(f"{where}: {reason}")

    def speak(self) -> None:
        """A record could be read: name what could not be, from now on and before."""
        held, self._held = self._held, None
        for line in held or ():
            self._say(line)

    def tell_the_rest(self) -> None:
        """Say how many more of each file there are than were named. Where there was something, and
        no record in all of it, one sentence says so instead, and the command exits 1.
        """
        if self.count and self._held is not None:
            raise Failed(self._no_trail())
        for file, count in self._of_file.items():
            if count > self._named[file]:
                click.echo(f"{file}: {count - self._named[file]:,} more unreadable", err=True)

    def _no_trail(self) -> str:
        """One sentence for what held no record at all: which file, why, and what to do next."""
        file, *others = self._of_file
        files = f" (nor do {len(others):,} more files)" if others else ""
        more = f" (and {self.count - 1:,} more such places)" if self.count > 1 else ""
        why = _without(file, self._held[0] if self._held else "")
        return f"{file} holds no CloudTrail record{files}: {why}{more}: {NEXT}."

    def _say(self, line: str) -> None:
        if self._held is None:
            click.echo(line, err=True)
        else:
            self._held.append(line)


def _without(file: str, line: str) -> str:
    """What was said of a place, without the name that is said already: `line 3: why`."""
    where, _, reason = line.removeprefix(file).lstrip(":").partition(": ")
    number, _, inside = where.partition("[")
    return f"line {number}{'[' if inside else ''}{inside}: {reason}" if number else reason


def batches(entries: Iterable[Read], unreadables: Unreadables) -> Iterator[list[Entry]]:
    """The records of what was read, so many at a time; what is none is told."""
    entries = iter(entries)
    while batch := list(itertools.islice(entries, BATCH)):
        for broken in (each for each in batch if isinstance(each, Broken)):
            unreadables.tell(broken.where, broken.reason)
        yield [each for each in batch if isinstance(each, Entry)]
