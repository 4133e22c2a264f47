"""`replay`: records from files through the rules, to the terminal, a store, or Slack."""

from __future__ import annotations

import itertools
import math
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
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
from cli import options
from cli.files import InputError, Read, Source, find, read
from cli.formats import FORMATS, Output, output_of
from cli.held import LOOK_EVERY, held
from cli.log_group import logs_client, read_log_group
from cli.over_time import OverTime
from cli.span import Span, moment
from cli.tally import Tally
from cli.unreadable import BATCH


@click.command()
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--format",
    "output",
    type=click.Choice(FORMATS),
    default="slack",
    show_default=True,
    help="Draw the channel's messages, print a line or a JSON object an alert, or one a message.",
)
@click.option(
    "--store", metavar="URL", help="Keep the alerts: sqlite:///file.db, dynamodb:///table."
)
@click.option("--post", is_flag=True, help="Deliver until nothing is due; needs --store.")
@options.RULES
@options.LOG_GROUP
@options.SINCE
@click.option("--until", "until_text", metavar="WHEN", help="Before when: the same.")
def replay(
    paths: tuple[str, ...],
    output: str,
    store: str | None,
    post: bool,
    rules_file: str | None,
    log_group: str | None,
    since_text: str | None,
    until_text: str | None,
) -> None:
    """Show what CloudTrail records would tell the channel.

    Reads files, folders or - (standard input): JSON lines, a record, {"Records": [...]}, gzip of
    either, awslogs and EventBridge events, lookup-events output, SQS, SNS, Kinesis and Firehose
    deliveries, what a failure destination holds, and the results of CloudWatch Logs Insights and
    CloudTrail Lake. What is no record is named and counted; where nothing could be read, replay
    exits 1. Without --store nothing is kept and nothing is posted.

    The formats slack and messages show what the channel would have got, on the records' own clock:
    repeats as × N, floods as digests, one message a second; then what made most of the messages,
    and what would quiet it.

    \b
    Examples:
      .venv/bin/python trailbell.py replay trail.json.gz
      .venv/bin/python trailbell.py replay --format json logs/ | jq .text
      .venv/bin/python trailbell.py replay --format messages logs/ | jq .payload.text
      .venv/bin/python trailbell.py replay --since 2026-11-01 --until 2026-11-08 logs/
      aws cloudtrail lookup-events | .venv/bin/python trailbell.py replay -
      .venv/bin/python trailbell.py replay --store sqlite:///alerts.db --post logs/
      .venv/bin/python trailbell.py replay --from-log-group trailbell-dev-cloudtrail --since 6h
    """
    _check_use(paths, store, post, log_group, since_text)
    try:
        span = _span(since_text, until_text)
        sources, skipped = find(paths)
        program = program_of(store, rules_file)
        with output_of(output, program) as shown:
            replaying = Replay(program, shown, bool(store), Tally(skipped=skipped))
            with _progress(sources) as open_file:
                replaying.run(span.within(read_all(sources, open_file)))
            if log_group:
                replaying.run(read_log_group(logs_client(), log_group, span))
            replaying.end()
            shown.end()
        if post:
            replaying.tally.posted = _post(program)
    except (InputError, SecretError, SettingsError, RulesError, StoreError) as error:
        click.echo(f"Error: {explained(error)}", err=True)
        sys.exit(2)
    replaying.tally.unreadables.tell_the_rest()
    for line in replaying.tally.lines():
        click.echo(line, err=True)
    shown.sum_up()
    sys.exit(0 if replaying.tally.has_read else 1)


def _check_use(
    paths: tuple[str, ...], store: str | None, post: bool, group: str | None, start: str | None
) -> None:
    if post and not store:
        raise click.UsageError("--post needs --store: what is sent must be remembered.")
    check_sources(paths, group, start)


def check_sources(paths: tuple[str, ...], group: str | None, start: str | None) -> None:
    """Refuse what names nothing to read. Raises click's UsageError."""
    if group and not start:
        raise click.UsageError("--from-log-group needs --since.")
    if not paths and not group:
        raise click.UsageError("name a PATH, - for standard input, or --from-log-group.")


class Replay:
    """One replay: batches of records judged, kept where a store was named, and shown."""

    def __init__(self, program: Program, output: Output, stored: bool, tally: Tally) -> None:
        self.tally = tally
        self._program = program
        self._output = output
        self._stored = stored
        self._seen: dict[str, Alert] = {}
        self._over_time = OverTime(program)
        self._told_before: set[str] = set()

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
        told, new = self._kept(judged) if self._stored else self._not_kept(judged, entries)
        self.tally.matched += matched
        self.tally.new += len(new)
        self.tally.known += matched - sum(alert.together is None for alert in new)
        self._output.take(entries, told, new)

    def end(self) -> None:
        """All was read: tell what came together, where no store told it on the way."""
        for told, new in self._over_time.told():
            self.tally.new += 1
            self._output.take([], told, [new])
        self.tally.learned = self._over_time.learned

    def _kept(self, judged: Judged) -> tuple[Judged, Sequence[Alert]]:
        """What of a batch is not known to the store yet, and its alerts as it leaves them."""
        kept = keep(judged, self._program)
        ids = [alert.alert_id for alert in kept.alerts]
        self._seen |= {alert.alert_id: remembered(alert) for alert in kept.alerts}
        again = {each.alert_id for each in kept.amended if each.together} - self._seen.keys()
        self.tally.known += len(again - self._told_before)
        self._told_before |= again
        addenda = tuple(each for each in kept.amended if each.alert_id in self._seen)
        told = Judged(records=judged.records, alerts=kept.alerts, addenda=addenda)
        # As the whole batch left them: an addendum may be in it, or the event once more.
        return told, self._program.store.archive.alerts(ids) if ids else ()

    def _not_kept(self, judged: Judged, entries: list[Entry]) -> tuple[Judged, Sequence[Alert]]:
        """The same where there is no store: what was met before tells of itself."""
        self._over_time.add(judged, entries)
        new = new_of(judged, self._seen)
        self._seen |= {alert.alert_id: remembered(alert) for alert in new}
        return judged, new


def read_all(sources: list[Source], open_file: Callable[[Path], IO[bytes]]) -> Iterator[Read]:
    """Every record of every file."""
    for source in sources:
        yield from read(source, open_file)


def _span(since: str | None, until: str | None) -> Span:
    now = datetime.now(UTC)
    return Span(
        start=moment("--since", since, now) if since else None,
        end=moment("--until", until, now) if until else None,
    )


def program_of(store: str | None, rules_file: str | None) -> Program:
    """The program with this store and these rules, where they are given."""
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
