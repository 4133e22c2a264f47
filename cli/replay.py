"""`replay`: records from files through the rules, to the terminal, a store, or Slack."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click

from chalicelib.alerts.outbox import StoreError
from chalicelib.aws_errors import explained
from chalicelib.bootstrap import Program
from chalicelib.parameters import SecretError
from chalicelib.rules.loading import user_files
from chalicelib.rules.place import RulesError
from chalicelib.settings import Settings, SettingsError
from cli import options
from cli.files import find
from cli.formats import DRAWN, FORMATS, output_of
from cli.log_group import logs_client, read_log_group
from cli.next_step import AFTER_DRY_RUN, Asked, next_after_a_cut, next_step
from cli.posting import post_all
from cli.reading import How, read_all
from cli.replaying import Replay
from cli.s3.archive import Archive
from cli.s3.marks import marks_of
from cli.s3.price import total_of
from cli.sources import InputError
from cli.span import Span, moment
from cli.tally import Tally
from cli.unit import Terms, Worker
from terminal.errors import INTERRUPTED, Said, say


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
    how, tally = How(jobs, scheduler), Tally()
    asked = Asked(output=output, store=store, paths=paths, has_span=bool(since_text or until_text))
    try:
        span = _span(since_text, until_text)
        program = program_of(store, rules_file)
        marks = marks_of(program, span, is_dry=dry_run) if store else None
        archive = Archive(span=span, requester_pays=requester_pays, marks=marks, again=again)
        sources, tally.skipped = find(paths, archive)
        if dry_run:
            click.echo(f"{total_of(sources)}\n{AFTER_DRY_RUN}", err=True)
            return
        with output_of(output, program, is_kept=bool(store)) as shown:
            replaying = Replay(program, shown, bool(store), tally)
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
            tally.posted = post_all(program)
    except (InputError, SecretError, SettingsError, RulesError, StoreError) as error:
        raise Said(explained(error)) from error
    except KeyboardInterrupt:
        _say_what_was_done(tally, next_after_a_cut(asked))
        raise click.exceptions.Exit(INTERRUPTED) from None
    tally.unreadables.tell_the_rest()
    for line in tally.lines():
        click.echo(line, err=True)
    shown.sum_up()
    click.echo(next_step(tally, asked), err=True)


def _say_what_was_done(tally: Tally, following: str) -> None:
    """What a replay that was interrupted came to."""
    say("trailbell", "interrupted; what was done until then:")
    tally.unreadables.speak()
    tally.unreadables.tell_the_rest()
    for line in (*tally.lines(), following):
        click.echo(line, err=True)


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
