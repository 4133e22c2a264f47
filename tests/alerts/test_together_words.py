"""What came together, in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.alerts.members import Said
from chalicelib.alerts.together import Together
from chalicelib.alerts.together_words import sentence
from chalicelib.rules.rule import Rule, Severity
from tests.events import ACCOUNT

NOW = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
RULE = Rule(id="secrets-read", title="Many secrets were read", severity=Severity.HIGH, pattern="{}")


def test_values_that_are_arns_are_told_by_the_names_that_people_use() -> None:
    arn = f"arn:aws:secretsmanager:eu-central-1:{ACCOUNT}:secret:prod"
    together = Together(
        kind="value_count",
        group="0" * 32,
        count=5,
        first=NOW - timedelta(seconds=4),
        last=NOW,
        distinct=3,
        values=(f"{arn}/orders", f"{arn}/ledger", "/prod/plain"),
    )

    said = sentence(RULE, together, Said(actor="alice", event_name="GetSecretValue"))

    assert said == (
        "alice: 5 × GetSecretValue within 4 s, 3 different: prod/orders, prod/ledger, /prod/plain"
    )
