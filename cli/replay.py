"""`replay`: records from files through the rules, to the terminal, a store, or Slack."""

from __future__ import annotations

import itertools
import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import click

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.identity import remembered
from chalicelib.alerts.judging import new_of
from chalicelib.alerts.outbox import StoreError
from chalicelib.aws_errors import explained
from chalicelib.bootstrap import Program
from chalicelib.ingest.envelopes import Broken, Entry
from chalicelib.parameters import SecretError
from chalicelib.rules.place import RulesError
from chalicelib.settings import Settings, SettingsError
from chalicelib.usecases.alerting import deliver
from chalicelib.usecases.ingest import judge, keep
from cli.files import InputError, Read, Source, find, read
from cli.formats import SHOW
from cli.held import LOOK_EVERY, held
from cli.log_group import logs_client, read_log_group, since
from cli.unreadable import Unreadables

BATCH = 500


@dataclass(slots=True)
class Tally:
    """What a replay came to."""

    records: int = 0
    unreadables: Unreadables = field(default_factory=Unreadables)
    readable: int = 0
    matched: int = 0
    new: int = 0
    known: int = 0
    posted: int | None = None
    skipped: list[str] = field(default_factory=list)

    @property
    def has_read(self) -> bool:
        """Whether something could be read, or there was nothing."""
        return self.readable > 0 or self.unreadables.count == 0

    def lines(self) -> Iterator[str]:
        """The summary, a figure a line."""
        yield f"records read        {self.records:>9,}"
        yield f"  unreadable        {self.unreadables.count:>9,}"
        yield f"  matched by a rule {self.matched:>9,}"
        yield f"alerts new          {self.new:>9,}"
        yield f"  already known     {self.known:>9,}"
        if self.posted is not None:
            yield f"  posted            {self.posted:>9,}"
        if self.skipped:
            yield f"files left out      {len(self.skipped):>9,}  ({_few(self.skipped)})"


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--format",
    "output",
    type=click.Choice(["slack", "text", "json"]),
    default="slack",
    show_default=True,
    help="Draw each message, print a line an alert, or a JSON object an alert.",
)
@click.option(
    "--store", metavar="URL", help="Keep the alerts: sqlite:///file.db, dynamodb:///table."
)
@click.option("--post", is_flag=True, help="Deliver until nothing is due; needs --store.")
@click.option(
    "--rules",
    "rules_file",
    metavar="FILE",
    help="Your rules, instead of RULES_FILE or local/*.toml.",
)
@click.option(
    "--from-log-group", "log_group", metavar="NAME", help="Read this log group; needs --since."
)
@click.option("--since", "since_text", metavar="WHEN", help="From when on: 30m, 6h, 3d or a time.")
def replay(
    paths: tuple[str, ...],
    output: str,
    store: str | None,
    post: bool,
    rules_file: str | None,
    log_group: str | None,
    since_text: str | None,
) -> None:
    """Show what CloudTrail records would tell the channel.

    Reads files, folders or - (standard input): JSON lines, a record, {"Records": [...]}, gzip of
    either, awslogs and EventBridge events, lookup-events output, SQS, SNS, Kinesis and Firehose
    deliveries, what a failure destination holds, and the results of CloudWatch Logs Insights and
    CloudTrail Lake. What is no record is named and counted; where nothing could be read, replay
    exits 1. Without --store nothing is kept and nothing is posted.

    \b
    Examples:
      .venv/bin/python trailbell.py replay trail.json.gz
      .venv/bin/python trailbell.py replay --format json logs/ | jq .text
      aws cloudtrail lookup-events | .venv/bin/python trailbell.py replay -
      .venv/bin/python trailbell.py replay --store sqlite:///alerts.db --post logs/
      .venv/bin/python trailbell.py replay --from-log-group trailbell-dev-cloudtrail --since 6h
    """
    _check_use(paths, store, post, log_group, since_text)
    try:
        sources, skipped = find(paths)
        program = _program(store, rules_file)
        replaying = Replay(program, output, bool(store), Tally(skipped=skipped))
        with _progress(sources) as open_file:
            replaying.run(read_all(sources, open_file))
        if log_group and since_text:
            start = since(since_text, datetime.now(UTC))
            replaying.run(read_log_group(logs_client(), log_group, start))
        if post:
            replaying.tally.posted = _post(program)
    except (InputError, SecretError, SettingsError, RulesError, StoreError) as error:
        click.echo(f"Error: {explained(error)}", err=True)
        sys.exit(2)
    replaying.tally.unreadables.tell_the_rest()
    for line in replaying.tally.lines():
        click.echo(line, err=True)
    sys.exit(0 if replaying.tally.has_read else 1)


def _check_use(
    paths: tuple[str, ...], store: str | None, post: bool, group: str | None, start: str | None
) -> None:
    if post and not store:
        raise click.UsageError("--post needs --store: what is sent must be remembered.")
    if bool(group) != bool(start):
        raise click.UsageError("--from-log-group and --since go together.")
    if not paths and not group:
        raise click.UsageError("name a PATH, - for standard input, or --from-log-group.")


class Replay:
    """One replay: batches of records judged, kept where a store was named, and shown."""

    def __init__(self, program: Program, output: str, stored: bool, tally: Tally) -> None:
        self.tally = tally
        self._program = program
        self._show = SHOW[output]
        self._look = program.look()
        self._stored = stored
        self._seen: dict[str, Alert] = {}

    def run(self, entries: Iterable[Read]) -> None:
        """Replay everything, a batch at a time, so that memory stays flat."""
        entries = iter(entries)
        while batch := list(itertools.islice(entries, BATCH)):
            self._batch([entry for entry in batch if isinstance(entry, Entry)])
            for broken in (entry for entry in batch if isinstance(entry, Broken)):
                self.tally.unreadables.tell(broken.where, broken.reason)

    def _batch(self, entries: list[Entry]) -> None:
        judged = judge((entry.body for entry in entries), self._program)
        self.tally.records += judged.records
        self.tally.readable += judged.records - len(judged.unreadable)
        for lost in judged.unreadable:
            self.tally.unreadables.tell(entries[lost.position].where, lost.reason)
        matched = len(judged.alerts) + len(judged.addenda)
        new = self._new(judged)
        self.tally.matched += matched
        self.tally.new += len(new)
        self.tally.known += matched - len(new)
        for alert in new:
            self._show(alert, self._look)

    def _new(self, judged: Judged) -> Sequence[Alert]:
        if self._stored:
            kept = keep(judged, self._program).alerts
            # As the whole batch left them: an addendum may be in it, or the event once more.
            ids = [alert.alert_id for alert in kept]
            return self._program.store.archive.alerts(ids) if ids else kept
        new = new_of(judged, self._seen)
        self._seen |= {alert.alert_id: remembered(alert) for alert in new}
        return new


def read_all(sources: list[Source], open_file: Callable[[Path], IO[bytes]]) -> Iterator[Read]:
    """Every record of every file."""
    for source in sources:
        yield from read(source, open_file)


def _program(store: str | None, rules_file: str | None) -> Program:
    chosen = {"ALERT_STORE": store, "RULES_FILE": rules_file}
    env = {**os.environ, **{name: value for name, value in chosen.items() if value}}
    return Program(Settings.from_env(env), screen=sys.stderr)  # standard output is the alerts'


def _post(program: Program) -> int:
    """Deliver until nothing is due, however long Slack's pace makes it; the alerts sent."""
    posted, said = 0, ""
    while True:
        report = deliver(program, lambda: math.inf)
        posted += report.delivered
        if report.next_at is None:
            return posted
        wait = max((report.next_at - datetime.now(UTC)).total_seconds(), 0.1)
        others = held(program)
        words = others or f"waiting {wait:.0f} s for Slack"
        if report.delivered == 0 and words != said:
            click.echo(f"{words}; Ctrl-C leaves the rest due", err=True)
            said = words
        time.sleep(min(wait, LOOK_EVERY) if others else wait)


@contextmanager
def _progress(sources: list[Source]) -> Iterator[Callable[[Path], IO[bytes]]]:
    """A way to open files that draws a bar on long work where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield lambda path: path.open("rb")
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=sum(source.size for source in sources))
        yield lambda path: bar.open(path, "rb", task_id=task)


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
