"""Tables of a command: as wide as the terminal; whole where they are read by a program."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import TextIO

GAP = "  "


def width(stream: TextIO | None = None) -> int | None:
    """The columns of the terminal that standard output is, or the stream; None where it is none."""
    is_terminal = (stream or sys.stdout).isatty()
    return shutil.get_terminal_size((80, 24)).columns if is_terminal else None


def table(head: Sequence[str], rows: Iterable[Sequence[str]], columns: int | None) -> Iterator[str]:
    """The lines of a table; within so many columns the head stands above, and the last cell of a
    row is cut with an ellipsis where it is too long.
    """
    rows = [tuple(row) for row in rows]
    shown = [tuple(head), *rows] if columns else rows
    widths = [max(map(len, cells)) for cells in zip(*shown, strict=True)]
    for row in shown:
        cells = [cell.ljust(most) for cell, most in zip(row[:-1], widths, strict=False)]
        yield _cut(GAP.join([*cells, row[-1]]).rstrip(), columns)


def hung(line: str, columns: int | None, indent: int) -> Iterator[str]:
    """A line broken between words to so many columns, what follows indented. A word that is longer
    stays whole: an ARN or a command can be copied.
    """
    if columns is None or len(line) <= columns:
        yield line
        return
    yield from textwrap.wrap(
        line,
        columns,
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


def _cut(line: str, columns: int | None) -> str:
    if columns is None or len(line) <= columns:
        return line
    return line[: columns - 1].rstrip() + "…"
