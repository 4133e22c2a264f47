"""Reading: the units done here, by processes beside this one or by a cluster; all heard alike."""

from __future__ import annotations

import importlib
import os
import re
import sys
import tempfile
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import click

from cli.batch import NOTHING, Batch, gathered
from cli.endings import terminated_cleanly
from cli.jobs import Advance, Jobs
from cli.parts import units
from cli.s3.ahead import read_ahead
from cli.sources import Source
from cli.unit import Unit, Worker

# What starting processes costs is worth it from some ten thousand records on.
WORTH_PROCESSES = 16 << 20
SECONDS_A_DRAWING = 0.1
_LINE = re.compile(r"(?<=:)\d+(?=(?:\[\d+\])*$)")
Done = tuple[Unit, Iterable[Batch]]


@dataclass(frozen=True, slots=True)
class How:
    """Who does the work: so many processes (None: as many as pays), or a cluster's workers."""

    jobs: int | None = None
    scheduler: str | None = None

    def processes(self, sources: Iterable[Source]) -> int:
        """How many of this machine, 1 for this one alone."""
        if self.jobs is not None:
            return self.jobs
        size = sum(WORTH_PROCESSES if each.size is None else each.size for each in sources)
        if size < WORTH_PROCESSES:
            return 1
        return max(1, len(list(islice(units(sources), cores()))))


def cores() -> int:
    """Those that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def read_all(sources: Iterable[Source], worker: Worker, how: How) -> Generator[Batch]:
    """What all sources come to, in their order, a batch at a time. Raises InputError."""
    with _progress(sources) as advance, _done(sources, worker, how, advance) as done:
        yield from gathered(_placed(done))


@contextmanager
def _done(
    sources: Iterable[Source], worker: Worker, how: How, advance: Advance
) -> Iterator[Iterator[Done]]:
    count = how.processes(sources)
    if how.scheduler:
        # Imported for this alone: it is an extra, and takes a while.
        cluster = importlib.import_module("cli.cluster")
        with closing(cluster.connected(how.scheduler)) as client:
            yield cluster.done(units(sources), worker.terms, client, advance)
    elif count > 1:
        with terminated_cleanly(), tempfile.TemporaryDirectory(prefix="trailbell-") as folder:
            jobs = Jobs(worker.terms, count, Path(folder), advance, _say)
            with closing(jobs.done(units(sources))) as done:
                yield done
    else:
        with closing(read_ahead(units(sources))) as ready:
            yield ((unit, _heard(worker.do(read), advance)) for unit, read in ready)


def _heard(batches: Iterable[Batch], advance: Advance) -> Iterator[Batch]:
    for batch in batches:
        advance(batch.bytes_read)
        yield batch


def _placed(done: Iterable[Done]) -> Iterator[Batch]:
    """With what is unreadable in a part of a file at its line of the file; at the end of each it is
    said whether it was read whole.
    """
    lines = 0
    for unit, batches in done:
        before = lines if unit.part.start else 0
        lines, is_whole = before, True
        for batch in batches:
            lines += batch.lines
            lost = tuple((_shifted(where, before), reason) for where, reason in batch.unreadable)
            is_whole &= unit.source.name not in (where for where, _ in batch.unreadable)
            yield replace(batch, unreadable=lost) if before and lost else batch
        yield replace(NOTHING, finished=((unit.source, is_whole),))


def _shifted(where: str, lines: int) -> str:
    return _LINE.sub(lambda found: str(int(found[0]) + lines), where)


def _say(text: str) -> None:
    click.echo(text, err=True)


@contextmanager
def _progress(sources: Iterable[Source]) -> Iterator[Advance]:
    """What hears of each byte that was read, and draws a bar where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda _bytes: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    # Drawn when something was read, not by a thread: no process may be copied beside one.
    bar = Progress(*columns, console=Console(stderr=True), transient=True, auto_refresh=False)
    total = sum(source.size or 0 for source in sources)
    with bar:
        task = bar.add_task("reading", total=total or None)
        drawn = [0.0]

        def advance(count: int) -> None:
            bar.advance(task, count)
            if (now := time.monotonic()) - drawn[0] > SECONDS_A_DRAWING:
                drawn[0] = now
                bar.refresh()

        yield advance
