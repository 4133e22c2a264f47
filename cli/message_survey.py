"""`python -m cli.message_survey [PATH…] [--list]`: what messages come to, as figures.

Of PATHs every record is told twice, as a compact block and as a full card, whatever the rules say.
The length of a message is that of `text` and all block texts as Slack draws them (a date as its
fallback, entities as one character), without the buttons' addresses. One JSON object, then with
--list the sentences.

Without a PATH it is of a sample that is built in: what the default rules tell of their own
examples, and a message of each kind. Then it weighs them: the bytes of JSON that are sent, without
and with the buttons that act; with --list each message as a terminal draws it.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.judging import alert_from
from chalicelib.cloudtrail.actor import NOT_NAMED
from chalicelib.cloudtrail.identity import PLACEHOLDERS
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset
from chalicelib.slack.limits import size, violations
from chalicelib.slack.message import Look, single
from chalicelib.slack.terminal import drawn
from cli.files import find, read
from cli.message_kinds import kinds
from cli.rule_examples import examples

DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
LOOK = Look(public_url="https://trailbell.example.com/")
ACTING = replace(LOOK, buttons=True)


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


def built_in(look: Look) -> list[dict[str, Any]]:
    """The messages of the sample that is built in: one of each example of a default rule that
    alerts by itself, and one of each kind.
    """
    ruleset, now = Ruleset.load(), datetime(2026, 1, 15, 10, 42, tzinfo=UTC)
    records = [Record(example.record) for example in examples() if example.fires]
    alerts = [
        alert_from(
            record,
            rules,
            accounts={"111122223333": "production"},
            default_channel="#trailbell",
            now=now,
        )
        for record in records
        if (rules := ruleset.match(record))
    ]
    of_rules = [
        single(alert, channel="C0123456789", post_id="0" * 32, look=look) for alert in alerts
    ]
    return [*of_rules, *kinds(look).values()]


def weights() -> dict[str, Any]:
    """Bytes of JSON of the built-in sample's messages: medians, and the largest."""
    plain, acting = (sorted(map(weight, built_in(look))) for look in (LOOK, ACTING))
    return {
        "messages": len(plain),
        "violations": sum(len(violations(payload)) for payload in built_in(ACTING)),
        "median_bytes_without_buttons": round(statistics.median(plain)),
        "median_bytes_with_buttons": round(statistics.median(acting)),
        "largest_bytes_with_buttons": acting[-1],
    }


def weight(payload: dict[str, Any]) -> int:
    """Bytes of the JSON that is sent (slack_sdk writes it by json.dumps)."""
    return len(json.dumps(payload))


def main(arguments: list[str]) -> None:
    """Survey every record of the paths, or weigh the built-in sample where there is none."""
    survey = Survey()
    paths = [argument for argument in arguments if argument != "--list"]
    if not paths:
        print(json.dumps(weights()))
        if "--list" in arguments:
            print("\n".join(drawn(payload, width=100) for payload in built_in(LOOK)))
        return
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
