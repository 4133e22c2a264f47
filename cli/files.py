"""Files that hold CloudTrail records, read as a stream with the place of each record."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator

import click

from chalicelib.ingest.envelopes import Broken, Entry, unwrap_parsed
from cli.lines import WHOLE, Meter, Part, lines_of
from cli.s3.archive import ANY_ARCHIVE, SCHEME, Archive
from cli.sources import InputError, Source, sources
from cli.texts import Read, Sift, Sifted, Take, Texts
from terminal.errors import Said


class Found:
    """What paths name, in their order; it can be gone through again."""

    def __init__(self, groups: Iterable[Iterable[Source]]) -> None:
        self._groups = list(groups)

    def __iter__(self) -> Iterator[Source]:
        return itertools.chain.from_iterable(self._groups)


def find(paths: Iterable[str], archive: Archive = ANY_ARCHIVE) -> tuple[Found, list[str]]:
    """The sources that the paths name, those in S3 as `archive` has them, and the names in folders
    that are left out.

    Raises InputError for what is missing, before anything is read.
    """
    skipped: list[str] = []
    found = (
        archive.files(path) if path.startswith(SCHEME) else list(sources([path], skipped.append))
        for path in paths
    )
    return Found(found), skipped


def find_or_exit(paths: Iterable[str]) -> Found:
    """The same files; what is left out is named. Exits with 2 where one is missing."""
    try:
        found, skipped = find(paths)
    except InputError as error:
        raise Said(str(error)) from error
    for name in skipped:
        click.echo(f"{name}: left out", err=True)
    return found


def read(source: Source, take: Take = unwrap_parsed) -> Iterator[Read]:
    """Every record of a file with where it stood: `file:line`, `file:line[position]`.

    JSON lines are read as a stream; JSON documents over several lines are read whole. `take`
    takes the wrappings off, by default all of them. What stops the reading of a file is told at
    its end: what stood before that was read.
    """
    found = read_part(source, WHOLE, Meter(), None, take)
    return (each for each in found if isinstance(each, Entry | Broken))  # nothing is sifted out


def read_part(
    source: Source, part: Part, meter: Meter, sift: Sift | None, take: Take = unwrap_parsed
) -> Iterator[Sifted]:
    """The same of a part of a file, whose lines are numbered from its start, sifted."""
    lost: list[Broken] = []
    lines = lines_of(source, part, meter, lost)
    texts = Texts(source.name, take, sift)
    yield from texts.read_lines(lines) if part.start else texts.read(lines)
    yield from lost
