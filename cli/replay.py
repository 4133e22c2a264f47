"""`replay`: records from files through the rules, to the terminal, a store, or Slack."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import closing, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.identity import remembered
from chalicelib.alerts.judging import new_of
from chalicelib.alerts.outbox import StoreError
from chalicelib.aws_errors import explained
from chalicelib.bootstrap import Program
from chalicelib.parameters import SecretError
from chalicelib.rules.loading import user_files
from chalicelib.rules.place import RulesError
from chalicelib.settings import Settings, SettingsError
from chalicelib.usecases.ingest import keep
from cli import options
from cli.batch import NOTHING, Batch
from cli.files import find
from cli.formats import DRAWN, FORMATS, Output, output_of
from cli.log_group import logs_client, read_log_group
from cli.next_step import next_step
from cli.over_time import OverTime
from cli.posting import post_all
from cli.reading import How, read_all
from cli.s3.archive import Archive
from cli.s3.marks import Marks, marks_of
from cli.s3.price import total_of
from cli.sources import InputError
from cli.span import Span, moment
from cli.tally import Tally
from cli.unit import Terms, Worker
from terminal.errors import Said


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
@options.REQUESTER_PAYS
@options.DRY_RUN
@options.AGAIN
@options.JOBS
@options.SCHEDULER
def replay(
    paths: tuple[str, ...],
    output: str,
    store: str | None,
    post: bool,
    rules_file: str | None,
    log_group: str | None,
    since_text: str | None,
    until_text: str | None,
    requester_pays: bool,
    dry_run: bool,
    again: bool,
    jobs: int | None,
    scheduler: str | None,
) -> None:
    """Show what CloudTrail records would tell the channel.

    Reads files, folders, s3://bucket/prefix or - (standard input): JSON lines, a record,
    {"Records": [...]}, gzip of either, awslogs and EventBridge events, lookup-events output, SQS,
    SNS, Kinesis and Firehose deliveries, what a failure destination holds, and the results of
    CloudWatch Logs Insights and CloudTrail Lake. What is no record is named and counted; where
    no record was in it, replay exits 1. Without --store nothing is kept and nothing is posted.

    Several files, and the parts of a large one, are read by as many processes as there are cores,
    or by --jobs; what it comes to and its order are the same, whatever their number.

    The formats slack and messages show what the channel would have got, on the records' own clock:
    repeats as × N, floods as digests, one message a second; then what made most of the messages,
    and what would quiet it.

    \b
    Examples:
      .venv/bin/python trailbell.py replay trail.json.gz
      .venv/bin/python trailbell.py replay --format json logs/ | jq .text
      .venv/bin/python trailbell.py replay --dry-run --since 7d s3://my-trail
      aws cloudtrail lookup-events | .venv/bin/python trailbell.py replay -
      .venv/bin/python trailbell.py replay --store sqlite:///alerts.db \\
        --post logs/
      .venv/bin/python trailbell.py replay \\
        --from-log-group trailbell-dev-cloudtrail --since 6h
    """
    _check_use(paths, store, post, log_group, since_text)
    how = How(jobs, scheduler)
    try:
        span = _span(since_text, until_text)
        program = program_of(store, rules_file)
        marks = marks_of(program, span, is_dry=dry_run) if store else None
        archive = Archive(span=span, requester_pays=requester_pays, marks=marks, again=again)
        sources, skipped = find(paths, archive)
        if dry_run:
            click.echo(total_of(sources), err=True)
            return
        with output_of(output, program) as shown:
            replaying = Replay(program, shown, bool(store), Tally(skipped=skipped))
            worker = Worker(
                replace(terms_of(program), span=span, **_wanted(output, store, program))
            )
            replaying.run(read_all(sources, worker, how), marks)
            if log_group:
                found = read_log_group(logs_client(), log_group, span)
                replaying.run(worker.judged(found))
            replaying.end()
            shown.end()
        if post:
            replaying.tally.posted = post_all(program)
    except (InputError, SecretError, SettingsError, RulesError, StoreError) as error:
        raise Said(explained(error)) from error
    replaying.tally.unreadables.tell_the_rest()
    for line in replaying.tally.lines():
        click.echo(line, err=True)
    shown.sum_up()
    click.echo(next_step(replaying.tally, output, store), err=True)


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

    def run(self, batches: Iterable[Batch], marks: Marks | None = None) -> None:
        """Replay everything, a batch at a time, so that memory stays flat; mark what is kept."""
        with closing(marks) if marks else nullcontext():
            for batch in batches:
                self._batch(batch)
                if marks:
                    marks.hear(batch.finished)

    def _batch(self, batch: Batch) -> None:
        judged = batch.judged
        self.tally.records += judged.records
        self.tally.readable += batch.readable
        for where, reason in batch.unreadable:
            self.tally.unreadables.tell(where, reason)
        if batch.readable:
            self.tally.unreadables.speak()
        matched = len(judged.alerts) + len(judged.addenda)
        told, new = self._kept(judged) if self._stored else self._not_kept(batch)
        self.tally.matched += matched
        self.tally.new += len(new)
        self.tally.known += matched - sum(alert.together is None for alert in new)
        self._output.take(batch, told, new)

    def end(self) -> None:
        """All was read: tell what came together, where no store told it on the way."""
        for told, new in self._over_time.told():
            self.tally.new += 1
            self._output.take(NOTHING, told, [new])
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

    def _not_kept(self, batch: Batch) -> tuple[Judged, Sequence[Alert]]:
        """The same where there is no store: what was met before tells of itself."""
        self._over_time.add(batch.judged, batch.times)
        new = new_of(batch.judged, self._seen)
        self._seen |= {alert.alert_id: remembered(alert) for alert in new}
        return batch.judged, new


def _span(since: str | None, until: str | None) -> Span:
    now = datetime.now(UTC)
    return Span(
        start=moment("--since", since, now) if since else None,
        end=moment("--until", until, now) if until else None,
    )


def terms_of(program: Program) -> Terms:
    """The terms that a program judges by. Raises RulesError, SecretError."""
    return Terms(
        files=tuple(user_files(program.settings.rules_file)),
        default_channel=program.default_channel(),
        now=program.now(),
    )


def _wanted(output: str, store: str | None, program: Program) -> dict[str, Any]:
    """What is wanted of the records: an alert that is kept is drawn as the store has it."""
    if output in DRAWN:
        return {"drawn": "" if store else output, "look": program.look()}
    return {"days": True}


def program_of(store: str | None, rules_file: str | None) -> Program:
    """The program with this store and these rules, where they are given."""
    chosen = {"ALERT_STORE": store, "RULES_FILE": rules_file}
    env = {**os.environ, **{name: value for name, value in chosen.items() if value}}
    return Program(Settings.from_env(env), screen=sys.stderr)  # standard output is the alerts'
