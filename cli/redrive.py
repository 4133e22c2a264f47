"""`redrive`: what Lambda gave up on goes through the rules once more, and is deleted when kept."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import click

from chalicelib import aws
from chalicelib.alerts.outbox import StoreError
from chalicelib.aws_errors import explained
from chalicelib.bootstrap import Program
from chalicelib.parameters import SecretError
from chalicelib.settings import Settings, SettingsError
from chalicelib.stores.failures import FailureBucket, GoneError, SourceError
from chalicelib.usecases.ingest import judge, keep
from chalicelib.usecases.taking_in import Judge, Keep, take_in
from cli import options
from terminal.errors import Said

# What is left where it is must not come back while this runs.
HIDDEN_SECONDS = 900
MESSAGES_AT_ONCE = 10  # the most that SQS hands over
WAIT_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Letter:
    """One payload that Lambda gave up on: its text as the destination holds it."""

    name: str
    text: str
    delete: Callable[[], Any]


@dataclass(slots=True)
class Tally:
    """What a redrive came to."""

    payloads: int = 0
    left: int = 0
    records: int = 0
    alerts: int = 0
    new: int = 0


@click.command()
@click.argument("source", metavar="SOURCE")
@options.STORE
def redrive(source: str, store: str | None) -> None:
    """Take in what Lambda gave up on, from its failure destination.

    SOURCE is s3://bucket or s3://bucket/prefix, or the URL of an SQS queue. A payload is deleted
    once its alerts are kept; one that cannot be read whole stays where it is. Doing it twice is
    harmless. The sweep then tells what is new.

    \b
    Examples:
      .venv/bin/python trailbell.py redrive \\
        s3://trailbell-dev-failures-111122223333-eu-central-1 \\
          --store dynamodb:///trailbell-dev
      .venv/bin/python trailbell.py redrive \\
        https://sqs.eu-central-1.amazonaws.com/111122223333/failed
    """
    env = {**os.environ, **({"ALERT_STORE": store} if store else {})}
    tally = Tally()
    try:
        with closing(letters(source, aws.person_client)) as found:
            program = Program(Settings.from_env(env))
            redrive_all(found, partial(judge, parts=program), partial(keep, parts=program), tally)
    except (SecretError, SettingsError, SourceError, StoreError, ValueError) as error:
        raise Said(explained(error)) from error
    finally:
        _summarize(tally)
    sys.exit(1 if tally.left else 0)


def redrive_all(found: Iterable[Letter], judge: Judge, keep: Keep, tally: Tally) -> None:
    """Take in each payload and delete it once its alerts are kept. Raises StoreError."""
    for letter in found:
        tally.payloads += 1
        taken = take_in(letter.text, letter.name, judge, keep)
        judged = taken.judged
        tally.records += judged.records
        tally.alerts += len(judged.alerts) + len(judged.addenda)
        tally.new += len(taken.kept.new)
        for reason in taken.lost:
            click.echo(reason, err=True)
        if taken.lost:
            tally.left += 1
        else:
            _delete(letter)


def letters(source: str, client: Callable[[str], Any]) -> Generator[Letter]:
    """What the failure destination holds; `client` makes boto3's. Raises SourceError."""
    from botocore.exceptions import BotoCoreError, ClientError

    parts = urlsplit(source)
    if parts.scheme not in ("s3", "http", "https") or not parts.netloc:
        raise SourceError(f"{source!r} is neither s3://bucket nor the URL of an SQS queue")
    try:
        if parts.scheme == "s3":
            bucket = FailureBucket(client("s3"), parts.netloc, parts.path.lstrip("/"))
            yield from _objects(bucket)
        else:
            yield from _messages(client("sqs"), source)
    except (BotoCoreError, ClientError) as error:
        raise SourceError(f"{source}: {error}") from error


def _delete(letter: Letter) -> None:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        letter.delete()
    except (BotoCoreError, ClientError, SourceError) as error:
        reason = f"{letter.name} is kept but cannot be deleted; doing it again is harmless"
        raise SourceError(f"{reason}: {error}") from (error.__cause__ or error)


def _objects(bucket: FailureBucket) -> Iterator[Letter]:
    for each in bucket.every():
        with suppress(GoneError):  # the sweep was there before
            yield Letter(
                bucket.where(each.key), bucket.text(each.key), partial(bucket.delete, each.key)
            )


def _messages(sqs: Any, url: str) -> Iterator[Letter]:
    left: set[str] = set()

    def delete(receipt: str) -> None:
        sqs.delete_message(QueueUrl=url, ReceiptHandle=receipt)
        left.discard(receipt)

    try:
        while messages := _received(sqs, url):
            left |= {message["ReceiptHandle"] for message in messages}
            for message in messages:
                name = f"message {message['MessageId']}"
                yield Letter(name, message["Body"], partial(delete, message["ReceiptHandle"]))
    finally:
        _show_again(sqs, url, left)


def _received(sqs: Any, url: str) -> list[dict[str, Any]]:
    answer = sqs.receive_message(
        QueueUrl=url,
        MaxNumberOfMessages=MESSAGES_AT_ONCE,
        VisibilityTimeout=HIDDEN_SECONDS,
        WaitTimeSeconds=WAIT_SECONDS,
    )
    messages: list[dict[str, Any]] = answer.get("Messages", [])
    return messages


def _show_again(sqs: Any, url: str, receipts: Iterable[str]) -> None:
    """What is left is there for the next run at once; else it would find an empty queue."""
    from botocore.exceptions import BotoCoreError, ClientError

    for receipt in receipts:
        with suppress(BotoCoreError, ClientError):  # it comes back by itself, only later
            sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=0)


def _summarize(tally: Tally) -> None:
    click.echo(f"payloads taken in   {tally.payloads - tally.left:>9,}", err=True)
    click.echo(f"  left where they are {tally.left:>7,}", err=True)
    click.echo(f"records read        {tally.records:>9,}", err=True)
    click.echo(f"alerts new          {tally.new:>9,}", err=True)
    click.echo(f"  already known     {tally.alerts - tally.new:>9,}", err=True)
