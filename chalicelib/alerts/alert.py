"""Alert: what must be told of a record, as a value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.alerts.handling import UNHANDLED, Handling
from chalicelib.alerts.together import Together, shown
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A record that a rule matched, redacted: safe to store and to show.

    `alert_id` is 32 hex digits derived from (recipientAccountId, eventID), or from the
    canonical record where one of them is absent. `text` is the sentence in plain words,
    `title` the headline rule's title as it may be said of the `outcome`, `actor_detail` what stands
    behind the actor's name ("IAM user", "SSO role Developer"), `principal` who it is whatever the
    session: a person's own id, of a workload its role. `record` is the redacted CloudTrail record.
    Every text is one line without control characters.

    `own_id` is a hash of exactly which event it is (`Record.own_id`), "" where earlier versions
    kept it. `changes` is what addenda changed, which `text` ends with; `corrected_by` are the
    `own_id` of those addenda. `of_addendum` says that only addenda to the event came so far.
    `allowed` is why an `[[allow]]` lowered the severity, and where that is written, "" where none
    did; `text` says it too.

    `handling` is what people made of it. A **notice** is what Trailbell itself says about handling:
    `notice` is its kind ("reminder", say), "" of any other alert, and `about` the alert that it
    belongs to, "" where none. It is kept and delivered as any other, but never listed, counted,
    muted, folded or put into a digest: see `notices`.

    `access_key` is the id of the key that signed the call, as it may be shown, `session_began` when
    the session of temporary credentials did, as the record has it; "" where it has none, and where
    earlier versions kept the alert.

    `together` is what a rule over time saw come together, None where the alert is of one record.
    Such an alert has no `event_id`, its `event_time` is the latest member's, and it says of the
    other fields what all its members share.
    """

    alert_id: str
    rule_id: str
    rule_ids: tuple[str, ...]
    severity: Severity
    title: str
    text: str
    event_id: str
    event_name: str
    event_source: str
    account_id: str
    account_name: str
    aws_region: str
    actor: str
    actor_type: str
    actor_id: str
    via: str
    source_ip: str
    user_agent: str
    event_time: datetime
    seen_at: datetime
    error_code: str
    error_message: str
    mfa: bool | None
    read_only: bool | None
    resources: tuple[str, ...]
    channels: tuple[str, ...]
    mention: str | None = None
    runbook: str | None = None
    actor_detail: str = ""
    outcome: Outcome = Outcome.SUCCEEDED
    principal: str = ""
    own_id: str = ""
    changes: str = ""
    corrected_by: tuple[str, ...] = ()
    of_addendum: bool = False
    allowed: str = ""
    handling: Handling = UNHANDLED
    notice: str = ""
    about: str = ""
    together: Together | None = None
    access_key: str = ""
    session_began: str = ""
    record: dict[str, Any] = field(default_factory=dict, compare=False)


def to_dict(alert: Alert) -> dict[str, Any]:
    """The alert as `replay --format json` prints it: JSON values, times in ISO 8601 with Z."""
    return {
        "alert_id": alert.alert_id,
        "rule_id": alert.rule_id,
        "rule_ids": list(alert.rule_ids),
        "severity": alert.severity.value,
        "title": alert.title,
        "text": alert.text,
        "outcome": alert.outcome.value,
        "event_id": alert.event_id,
        "event_name": alert.event_name,
        "event_source": alert.event_source,
        "account_id": alert.account_id,
        "aws_region": alert.aws_region,
        "actor": alert.actor,
        "actor_type": alert.actor_type,
        "via": alert.via,
        "source_ip": alert.source_ip,
        "event_time": iso(alert.event_time),
        "error_code": alert.error_code,
        "resources": list(alert.resources),
        "channels": list(alert.channels),
        **({"together": shown(alert.together)} if alert.together else {}),
    }


def iso(time: datetime) -> str:
    """As CloudTrail writes times: 2026-01-02T03:04:05Z."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
