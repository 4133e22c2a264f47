"""Golden messages. `python -m tests.slack.golden` writes them anew: read the diff."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.judging import alert_from
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.rule import Rule, Severity
from chalicelib.slack.message import Look, single
from tests.events import ACCOUNT
from tests.slack.records import THEMES

FOLDER = Path(__file__).parent / "golden"
NOW = datetime(2026, 1, 2, 3, 5, tzinfo=UTC)
LOOK = Look(public_url="https://trailbell.example.com/")
CHANNEL = "#trailbell"


def rule(severity: Severity = Severity.MEDIUM, **changes: Any) -> Rule:
    """A rule that could have matched anything."""
    values = {
        "id": "sample-rule",
        "title": "Something worth knowing happened",
        "severity": severity,
        "pattern": "{ $.eventID = * }",
        "runbook": "Ask the actor whether this is meant.",
        **changes,
    }
    return Rule(**values)


def alert(record: dict[str, Any], severity: Severity = Severity.MEDIUM, **changes: Any) -> Alert:
    """The alert of a record, by one rule."""
    return alert_from(
        Record(record),
        [rule(severity, **changes)],
        accounts={ACCOUNT: "prod"},
        default_channel=CHANNEL,
        now=NOW,
    )


def messages(theme: str) -> dict[str, Any]:
    """Every message of a theme as JSON, by the record's name."""
    payloads = {
        name: single(alert(record, severity), channel=CHANNEL, post_id="0" * 32, look=LOOK)
        for name, (severity, record) in THEMES[theme].items()
    }
    loaded: dict[str, Any] = json.loads(json.dumps(payloads))
    return loaded


def main() -> None:
    """Write every golden file."""
    FOLDER.mkdir(exist_ok=True)
    for theme in THEMES:
        text = json.dumps(messages(theme), indent=1, ensure_ascii=False)
        (FOLDER / f"{theme}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
