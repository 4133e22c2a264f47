"""Live proof: the conformance table through the account's own TestMetricFilter."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NoReturn

import click

from chalicelib.aws import MANY_CALLS, code_of
from chalicelib.aws_errors import explained
from cli.conformance import Case, load_conformance
from terminal.errors import WRONG_USE, say

# Source: CloudWatch Logs API reference, TestMetricFilter.
MAX_MESSAGES = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that the service judges in another way; `live` as in Case.expected."""

    case: Case
    live: bool | None

    def __str__(self) -> str:
        event = f" on {self.case.event}" if self.case.event else ""
        unknown = " (AWS is silent here)" if self.case.is_open else ""
        return (
            f"rule {self.case.rule}{unknown}: {self.case.pattern!r}{event}: "
            f"here {_verdict(self.case.expected)}, live {_verdict(self.live)}"
        )


def verify_live_command() -> NoReturn:
    """Run the table through the account that the AWS configuration names; exit 1 on differences."""
    sys.exit(run(_client, load_conformance()))


def run(connect: Callable[[], Any], cases: list[Case]) -> int:
    """0 where the service agrees, 1 where it differs, 2 where it cannot be asked."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        differences = verify_live(connect(), cases)
    except (BotoCoreError, ClientError) as error:
        return _cannot(explained(error))
    return 1 if differences else 0


def verify_live(client: Any, cases: Iterable[Case]) -> list[Difference]:
    """Ask the service for each case's verdict, and print what differs.

    `client` is boto3's for CloudWatch Logs; it needs logs:TestMetricFilter and nothing else.
    """
    asked = [case for case in cases if case.expected is None or case.event]
    differences = []
    for pattern, group in groupby(asked, lambda case: case.pattern):
        for difference in _differences(client, pattern, list(group)):
            differences.append(difference)
            click.echo(str(difference))
    click.echo(f"{len(asked)} cases asked, {len(differences)} differ")
    return differences


def _differences(client: Any, pattern: str, cases: list[Case]) -> Iterator[Difference]:
    for batch in _batches(cases):
        live = _live(client, pattern, [case.event or "{}" for case in batch])
        for number, case in enumerate(batch, 1):
            verdict = None if live is None else number in live
            wrong = live is not None if case.expected is None else verdict != case.expected
            if wrong:
                yield Difference(case, verdict)


def _live(client: Any, pattern: str, messages: list[str]) -> set[int] | None:
    """The numbers from 1 of the messages that match; None where the pattern is refused."""
    from botocore.exceptions import ClientError

    try:
        answer = client.test_metric_filter(filterPattern=pattern.strip(), logEventMessages=messages)
    except ClientError as error:
        if code_of(error) != "InvalidParameterException":
            raise
        return None
    return {match["eventNumber"] for match in answer["matches"]}


def _batches(cases: list[Case]) -> Iterator[list[Case]]:
    for start in range(0, len(cases), MAX_MESSAGES):
        yield cases[start : start + MAX_MESSAGES]


def _client() -> Any:
    import boto3
    from botocore.exceptions import NoCredentialsError

    session = boto3.session.Session()
    if session.get_credentials() is None:
        raise NoCredentialsError
    return session.client("logs", config=MANY_CALLS.config())


def _cannot(reason: str) -> int:
    say("trailbell", f"the service cannot be asked: {reason}")
    return WRONG_USE


def _verdict(verdict: bool | None) -> str:
    return {True: "a match", False: "no match", None: "refused"}[verdict]
