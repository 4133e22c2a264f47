"""`python -m cli.message_survey PATH…`: what the messages of real records come to, as figures.

Every record is told twice, as a compact block and as a full card, whatever the rules say. The
length of a message is that of `text` and all block texts as Slack draws them (a date as its
fallback, entities as one character), without the buttons' addresses. One JSON object, then with
--list the sentences.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.judging import alert_from
from chalicelib.cloudtrail.actor import NOT_NAMED
from chalicelib.cloudtrail.identity import PLACEHOLDERS
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.rule import Rule, Severity
from chalicelib.slack.limits import size, violations
from chalicelib.slack.message import Look, single
from cli.files import find, read

DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
LOOK = Look(public_url="https://trailbell.example.com/")


@dataclass(slots=True)
class Survey:
    """Counts over all records."""

    records: int = 0
    unreadable: int = 0
    actors_not_named: int = 0
    violations: int = 0
    largest: int = 0
    compact: list[int] = field(default_factory=list)
    full: list[int] = field(default_factory=list)

    def take(self, record: Record) -> Alert:
        """Count one record's messages."""
        self.records += 1
        made = _alert(record, Severity.MEDIUM)
        nobody = made.actor.lower() in PLACEHOLDERS or made.actor == NOT_NAMED
        self.actors_not_named += nobody and names_somebody(record)
        self._measure(made, self.compact)
        self._measure(_alert(record, Severity.CRITICAL), self.full)
        return made

    def _measure(self, made: Alert, lengths: list[int]) -> None:
        payload = single(made, channel="C0123456789", post_id="0" * 32, look=LOOK)
        self.violations += len(violations(payload))
        self.largest = max(self.largest, size(payload))
        lengths.append(visible(payload))

    def figures(self) -> dict[str, Any]:
        """What is printed."""
        return {
            "records": self.records,
            "unreadable": self.unreadable,
            "actors_not_named_though_the_record_names_one": self.actors_not_named,
            "violations": self.violations,
            "largest_blocks_and_attachments": self.largest,
            "median_visible_compact": statistics.median(self.compact or [0]),
            "median_visible_full": statistics.median(self.full or [0]),
        }


def names_somebody(record: Record) -> bool:
    """Whether any field tells who it was: in the identity, the refusal, the account, the source."""
    texts = [*_texts(record.user_identity), record.account_id]
    refusal = re.search(r"User: arn:aws", record.error_message)
    service = record.source_ip.endswith(".amazonaws.com")
    useful = [text for text in texts if text.strip().lower() not in PLACEHOLDERS]
    return bool(useful or refusal or service)


def visible(payload: dict[str, Any]) -> int:
    """The characters that a reader sees."""
    text = "\n".join(_shown(payload))
    text = DATE.sub(r"\1", text)
    return len(text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _shown(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for item in value.values():
            yield from _shown(item)
    elif isinstance(value, list):
        for item in value:
            yield from _shown(item)


def _texts(identity: dict[str, Any]) -> list[str]:
    keys = ("userName", "arn", "principalId", "invokedBy", "accountId", "identityProvider")
    return [value for key in keys if isinstance(value := identity.get(key), str)]


def _alert(record: Record, severity: Severity) -> Alert:
    rule = Rule(
        id="survey", title="Something worth knowing happened", severity=severity, pattern="{}"
    )
    now = datetime.now(UTC)
    return alert_from(record, [rule], accounts={}, default_channel="#survey", now=now)


def main(arguments: list[str]) -> None:
    """Survey every record of the paths."""
    survey = Survey()
    paths = [argument for argument in arguments if argument != "--list"]
    sentences = []
    for source in find(paths)[0]:
        for entry in read(source):
            if not hasattr(entry, "body"):
                survey.unreadable += 1
                continue
            record = Record.of(entry.body)
            sentences.append(survey.take(record).text)
    print(json.dumps(survey.figures()))
    if "--list" in arguments:
        print("\n".join(sentences))


if __name__ == "__main__":
    main(sys.argv[1:])
