"""What could not be read, named with its place: of each file the first few, and their number."""

from __future__ import annotations

import re
from collections import Counter

import click

NAMED_OF_A_FILE = 10


class Unreadables:
    """Counts what cannot be read and names the first of each file on standard error."""

    def __init__(self) -> None:
        self.count = 0
        self._of_file: Counter[str] = Counter()

    def tell(self, where: str, reason: str) -> None:
        """Count one; say where it stands and what it is."""
        file = re.sub(r"(:\d+)?(\[\d+\])*$", "", where)
        self.count += 1
        self._of_file[file] += 1
        if self._of_file[file] <= NAMED_OF_A_FILE:
            click.echo(f"{where}: {reason}", err=True)

    def tell_the_rest(self) -> None:
        """Say how many more of each file there are than were named."""
        for file, count in self._of_file.items():
            if count > NAMED_OF_A_FILE:
                click.echo(f"{file}: {count - NAMED_OF_A_FILE:,} more unreadable", err=True)
