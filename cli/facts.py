"""`facts`: what each record means, as rules and messages read it."""

from __future__ import annotations

import json
import sys
from typing import Any

import click

from chalicelib.cloudtrail.description import MESSAGE, SENTENCE
from chalicelib.cloudtrail.exposure import Grant
from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.record import Record, RecordError
from chalicelib.cloudtrail.redaction import redact
from chalicelib.cloudtrail.sentence import sentence
from chalicelib.cloudtrail.texts import one_line
from chalicelib.ingest.envelopes import Broken
from cli.files import find_or_exit, read
from cli.texts import Read
from cli.unreadable import Unreadables


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
def facts(paths: tuple[str, ...]) -> None:
    """Print the facts of each record, one JSON object a line.

    What came of the call, who made it, what it was done to, what it opens and what it switches
    off: rules ask for these as $.facts.… (docs/rules.md), messages say them. PATH is a file, a
    folder or -; without one the records come from standard input. What is no record is named
    and counted; where nothing could be read, facts exits 1.

    \b
    Examples:
      .venv/bin/python trailbell.py facts trail.json.gz
      .venv/bin/python trailbell.py facts trail.jsonl | jq 'select(.opens != [])'
    """
    if not paths and sys.stdin.isatty():
        raise click.UsageError("Missing argument 'PATH'.")
    unreadables = Unreadables()
    records = 0
    for source in find_or_exit(paths or ("-",)):
        for found in read(source):
            records += _tell(found, unreadables)
    unreadables.tell_the_rest()
    click.echo(f"records {records:,}, unreadable {unreadables.count:,}", err=True)


def facts_view(record: Record) -> dict[str, Any]:
    """The facts of one record, of what may be shown of it."""
    found = Facts.of(Record(redact(record.raw)), record)
    actor = found.actor
    return {
        "event_id": found.record.event_id,
        "outcome": found.outcome.value,
        "reason": one_line(found.reason, MESSAGE),
        "actor": {
            "name": actor.name,
            "kind": actor.kind,
            "detail": actor.detail,
            "account": actor.account_id,
            "principal": actor.principal,
            "session": actor.session,
            "person": actor.is_person,
            "mfa": actor.mfa,
        },
        "targets": list(found.targets),
        "second_parties": list(found.second_parties),
        "commands": list(found.commands),
        "opens": [_grant(grant) for grant in found.opens],
        "exposed": list(found.exposed),
        "switches_off": list(found.switches_off),
        "gives": list(found.gives),
        "sentence": one_line(sentence(found), SENTENCE),
    }


def _grant(grant: Grant) -> dict[str, Any]:
    return {
        "to": grant.to,
        "what": grant.what,
        "port": str(grant.ports) if grant.ports else "",
        "resource": grant.resource,
        "condition": grant.condition,
        "effect": grant.effect,
        "direction": grant.direction,
    }


def _tell(found: Read, unreadables: Unreadables) -> bool:
    """Print the facts of one record; False where it is none."""
    try:
        if isinstance(found, Broken):
            raise RecordError(found.reason)
        view = facts_view(Record.of(found.body))
    except RecordError as error:
        unreadables.tell(found.where, str(error))
        return False
    unreadables.speak()
    click.echo(json.dumps(view, ensure_ascii=True))
    return True
