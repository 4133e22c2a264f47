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
from chalicelib.slack.message import Look, digest, single
from tests.events import ACCOUNT, assumed_role, cloudtrail, iam_user, refused
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
    if theme == "many":
        payloads = {name: written() for name, written in MANY.items()}
    else:
        payloads = {
            name: single(alert(record, severity), channel=CHANNEL, post_id="0" * 32, look=LOOK)
            for name, (severity, record) in THEMES[theme].items()
        }
    loaded: dict[str, Any] = json.loads(json.dumps(payloads))
    return loaded


def trail_calls(*names: str, denied: bool = False, by: Any = None, **changes: Any) -> list[Alert]:
    """DeleteTrail on each of these trails, as an alert."""
    found = []
    for name in names:
        record = cloudtrail(
            "DeleteTrail",
            userIdentity=by or iam_user("anna"),
            requestParameters={"name": name},
            eventID=f"{name}-{denied}",
        )
        record = refused(record, "cloudtrail:DeleteTrail", name) if denied else record
        found.append(alert(record, **{"severity": Severity.HIGH, **TRAIL, **changes}))
    return found


def refused_high_card() -> dict[str, Any]:
    """A rule may say that a refused call is high."""
    (made,) = trail_calls("main", denied=True, refused=Severity.HIGH)
    return single(made, channel=CHANNEL, post_id="0" * 32, look=LOOK)


def mixed_digest() -> dict[str, Any]:
    """Twelve refused calls, one that worked, a dry run, and a workload's sessions."""
    flood = trail_calls(*(f"trail-{number}" for number in range(12)), denied=True)
    sessions = [
        made
        for number in range(3)
        for made in trail_calls(f"of-run-{number}", by=assumed_role("ci", f"run-{number}"))
    ]
    dry = cloudtrail("RunInstances", errorCode="Client.DryRunOperation")
    told = [*flood, *sessions, alert(dry, Severity.LOW, id="dry"), *trail_calls("main")]
    return digest(told, channel=CHANNEL, post_id="0" * 32, look=LOOK)


def raised_count() -> dict[str, Any]:
    """The same thing again, done to other things and by another session."""
    made = trail_calls("a", severity=Severity.LOW)[0]
    return single(
        made,
        channel=CHANNEL,
        post_id="0" * 32,
        look=LOOK,
        repeats=5,
        last_at=NOW,
        also=("on a", "on b", "by anna", "on c", "on d", "on e", "with DeleteTrail"),
    )


TRAIL = {"id": "trail-stopped", "title": "A trail was stopped or deleted"}
MANY = {
    "a refused high card": refused_high_card,
    "a digest mixed of outcomes": mixed_digest,
    "a raised count with other targets": raised_count,
}
GOLDEN = (*THEMES, "many")


def main() -> None:
    """Write every golden file."""
    FOLDER.mkdir(exist_ok=True)
    for theme in GOLDEN:
        text = json.dumps(messages(theme), indent=1, ensure_ascii=False)
        (FOLDER / f"{theme}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
