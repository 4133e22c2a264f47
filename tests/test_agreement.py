"""No two parts judge the same question: rules, sentence, title, severity and outcome agree.

Over every record that the tests have: the examples of the default rules, the golden messages, the
samples of exposure and the sample trail; `python -m tests.test_agreement PATH…` does the same over
records of yours and prints how many disagree.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.judging import alert_from
from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.redaction import redact
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset
from chalicelib.slack.message import Look, digest, single
from cli.files import find, read
from cli.rule_examples import examples
from cli.sample.trail import sample_trail
from tests.cloudtrail.exposure.samples import SAMPLES
from tests.slack.records import THEMES, call

RULES = Ruleset.load("/dev/null")
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVERYONE = re.compile(
    r"\beveryone\b|\bpublic$|to the internet|the whole internet|[ (](0\.0\.0\.0|::)/0"
)
# What names everyone to keep them out, or to take it back, opens nothing.
CLOSES = re.compile(r" (kept|closed|keep|close|routed|rerouted) ")
# Rules whose title says that something was opened to everyone.
OPENING = {
    "admin-port-opened-to-world", "bucket-acl-public", "bucket-policy-public",
    "build-project-made-public", "cluster-made-public", "database-made-public",
    "endpoint-made-public", "function-opened-to-everyone", "network-acl-opened-to-world",
    "other-resource-opened-to-everyone", "resource-opened-to-everyone", "snapshot-made-public",
}  # fmt: skip
SAID = {
    Outcome.REFUSED: " was refused ",
    Outcome.FAILED: " failed to ",
    Outcome.DRY_RUN: "in a dry run",
    Outcome.UNKNOWN: "the outcome is not known",
}
STATES = re.compile(r"Refused: |Failed: |Dry run: |Outcome not known: ")
CODES = (
    None, "AccessDenied", "VpceAccessDenied", "Client.UnauthorizedOperation", "NoSuchEntity",
    "Client.DryRunOperation", "200", "302", {"odd": 1},
)  # fmt: skip


def known_records() -> Iterator[dict[str, Any]]:
    """Every record that the tests have, as it is and with each kind of errorCode."""
    yield from (example.record for example in examples())
    yield from (record for cases in THEMES.values() for _, record in cases.values())
    yield from (call(name, request) for name, request, *_ in SAMPLES)
    yield from sample_trail(NOW)


def varied(records: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each record as it is, and in turn with another errorCode."""
    for number, record in enumerate(records):
        yield record
        yield {**record, "errorCode": CODES[number % len(CODES)]}


def disagreements(raw: dict[str, Any]) -> list[str]:
    """Where two parts tell of one record what cannot both be true."""
    record = Record(raw)
    rules = RULES.match(record)
    shown = Facts.of(Record(redact(raw)), record)
    whole = Facts.of(record)
    found = [
        f"{name} differs once redacted"
        for name in ("outcome", "exposed", "switches_off")
        if getattr(shown, name) != getattr(whole, name)
    ]
    said = _alert(record, rules or (_any_rule(),))
    found += _of_outcome(said, whole.outcome)
    found += _of_everyone(said, shown, {rule.id for rule in rules})
    return found


def _of_outcome(alert: Alert, outcome: Outcome) -> list[str]:
    found = [] if alert.outcome is outcome else ["the alert has another outcome"]
    texts = [alert.text, *_messages(alert)]
    for each, words in SAID.items():
        told = words in alert.text
        if told and each is not outcome and alert.event_name:
            found.append(f"the sentence says {words!r} of what {outcome.value}")
    if outcome is not Outcome.SUCCEEDED:
        bound = {Outcome.REFUSED: Severity.MEDIUM, Outcome.FAILED: Severity.LOW,
                 Outcome.DRY_RUN: Severity.INFO}.get(outcome)  # fmt: skip
        rule = next((rule for rule in RULES.rules if rule.id == alert.rule_id), None)
        outspoken = rule is not None and (rule.refused or rule.failed)
        if bound and not outspoken and alert.severity.rank > bound.rank:
            found.append(f"{alert.severity.value} of what {outcome.value}")
        if alert.title == (rule.title if rule else "") and not _tells(alert.title):
            found.append(f"the title states {alert.title!r} of what {outcome.value}")
    elif STATES.match(alert.title):
        found.append("the title denies what succeeded")
    if outcome in (Outcome.REFUSED, Outcome.FAILED) and any("succeeded" in text for text in texts):
        found.append("a message says that it succeeded")
    return found


def _of_everyone(alert: Alert, facts: Facts, rules: set[str]) -> list[str]:
    opened = any(grant.to == "everyone" for grant in facts.opens)
    public = opened or "aws-accounts" in " ".join(facts.exposed)
    if alert.outcome is not Outcome.SUCCEEDED or len(alert.text) >= 399:
        return [] if public or not rules & OPENING else ["a rule says everyone, the facts do not"]
    told = bool(EVERYONE.search(alert.text) and not CLOSES.search(alert.text))
    found = [] if told == opened else [f"everyone: facts {opened}, sentence {alert.text!r}"]
    return found if public or not rules & OPENING else [*found, f"{rules & OPENING}, not the facts"]


def _tells(title: str) -> bool:
    return re.search(r"refus|fail|denied|reject", title, re.IGNORECASE) is not None


def _any_rule() -> Rule:
    return Rule(id="any", title="Something happened", severity=Severity.LOW, pattern="{ $.a = 1 }")


def _alert(record: Record, rules: tuple[Rule, ...]) -> Alert:
    return alert_from(record, rules, accounts={}, default_channel="#trailbell", now=NOW)


def _messages(alert: Alert) -> list[str]:
    card = single(alert, channel="#c", post_id="p", look=Look())
    many = digest([alert, alert], channel="#c", post_id="p", look=Look())
    return [json.dumps(card), json.dumps(many)]


def test_no_two_parts_disagree_over_any_record() -> None:
    found = {
        json.dumps(raw)[:300]: wrong
        for raw in varied(known_records())
        if (wrong := disagreements(raw))
    }
    assert found == {}


def main(paths: list[str]) -> None:
    """Over records of yours."""
    count, wrong = 0, 0
    for source in find(paths)[0]:
        for entry in read(source):
            body = getattr(entry, "body", None)
            raw = json.loads(body) if isinstance(body, str) else body
            if not isinstance(raw, dict):
                continue
            for each in varied(iter([raw])):
                count += 1
                if found := disagreements(each):
                    wrong += 1
                    sys.stdout.write(f"{entry.where}: {'; '.join(found)}\n")
    sys.stdout.write(f"{count} records, {wrong} disagreements\n")


if __name__ == "__main__":
    main(sys.argv[1:])
