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

NAMED_OF_A_FILE = 10


class Unreadables:
    """Counts what cannot be read and names the first of each file on standard error."""

    def __init__(self) -> None:
        self.count = 0
        self._of_file: Counter[str] = Counter()
        self._named: Counter[str] = Counter()

    def tell(self, where: str, reason: str) -> None:
        """Count one; say where it stands and what it is."""
        file = re.sub(r"(:\d+)?(\[\d+\])*$", "", where)
        self.count += 1
        self._of_file[file] += 1
        # What is said of the whole file is said however much of it was named before.
        if self._of_file[file] <= NAMED_OF_A_FILE or where == file:
            self._named[file] += 1
            click.echo(f"{where}: {reason}", err=True)

    def tell_the_rest(self) -> None:
        """Say how many more of each file there are than were named."""
        for file, count in self._of_file.items():
            if count > self._named[file]:
                click.echo(f"{file}: {count - self._named[file]:,} more unreadable", err=True)


def batches(entries: Iterable[Read], unreadables: Unreadables) -> Iterator[list[Entry]]:
    """The records of what was read, so many at a time; what is none is told."""
    entries = iter(entries)
    while batch := list(itertools.islice(entries, BATCH)):
        for broken in (each for each in batch if isinstance(each, Broken)):
            unreadables.tell(broken.where, broken.reason)
        yield [each for each in batch if isinstance(each, Entry)]
