"""Alert, Delivery, Post: what must be told, its way to a channel, one Slack call."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.texts import plain
from chalicelib.rules.rule import Rule, Severity

# How long the texts of an alert may be: the sentence, what AWS said, and anything else.
TEXT, MESSAGE, NAME = 400, 1000, 256
_ACCOUNT = re.compile(r"\baccount (\d{12})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A record that a rule matched, redacted: safe to store and to show.

    `alert_id` is 32 hex digits derived from (recipientAccountId, eventID), or from the
    canonical record where one of them is absent. `text` is the sentence in plain words,
    `title` the headline rule's title, `actor_detail` what stands behind the actor's name ("IAM
    user", "SSO role Developer"). `record` is the redacted CloudTrail record. Every text is one
    line without control characters.
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
    record: dict[str, Any] = field(default_factory=dict, compare=False)


def alert_from(
    record: Record,
    rules: Sequence[Rule],
    *,
    accounts: Mapping[str, str],
    default_channel: str,
    now: datetime,
) -> Alert:
    """The alert of a record that `rules` match, the most severe first.

    `accounts` names accounts by number. The first rule is the headline; the channels are those of
    all rules, `default_channel` for a rule without one. A record without a readable time is
    taken to have happened `now`.
    """
    # Only a record that alerts pays for the words.
    from chalicelib.cloudtrail.actor import Actor
    from chalicelib.cloudtrail.redaction import redact
    from chalicelib.cloudtrail.sentence import failure_of, sentence
    from chalicelib.cloudtrail.targets import targets
    from chalicelib.cloudtrail.via import via

    safe = Record(redact(record.raw))
    actor = Actor.of(safe)
    headline = rules[0]
    return Alert(
        alert_id=record.alert_id,
        rule_id=headline.id,
        rule_ids=tuple(rule.id for rule in rules),
        severity=headline.severity,
        title=plain(headline.title, NAME),
        text=plain(_named(sentence(safe, actor), accounts), TEXT),
        event_id=plain(safe.event_id, NAME),
        event_name=plain(safe.event_name, NAME),
        event_source=plain(safe.event_source, NAME),
        account_id=plain(safe.account_id, NAME),
        account_name=plain(accounts.get(safe.account_id, ""), NAME),
        aws_region=plain(safe.aws_region, NAME),
        actor=plain(_called(actor.name, accounts), NAME),
        actor_type=plain(actor.kind, NAME),
        actor_id=plain(actor.id, NAME),
        actor_detail=plain(actor.detail, NAME),
        via=plain(via(safe), NAME),
        source_ip=plain(safe.source_ip, NAME),
        user_agent=plain(safe.user_agent, MESSAGE),
        event_time=record.event_time or now,
        seen_at=now,
        error_code=plain(safe.error_code, NAME),
        error_message=plain(safe.error_message or failure_of(safe), MESSAGE),
        mfa=actor.mfa,
        read_only=safe.read_only,
        resources=tuple(plain(target, NAME) for target in targets(safe)),
        channels=tuple(dict.fromkeys(rule.channel or default_channel for rule in rules)),
        mention=next((rule.mention for rule in rules if rule.mention), None),
        runbook=next((rule.runbook for rule in rules if rule.runbook), None),
        record=safe.raw,
    )


def to_dict(alert: Alert) -> dict[str, Any]:
    """The alert as `replay --format json` prints it: JSON values, times in ISO 8601 with Z."""
    return {
        "alert_id": alert.alert_id,
        "rule_id": alert.rule_id,
        "rule_ids": list(alert.rule_ids),
        "severity": alert.severity.value,
        "title": alert.title,
        "text": alert.text,
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
    }


def iso(time: datetime) -> str:
    """As CloudTrail writes times: 2026-01-02T03:04:05Z."""
    return time.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def _named(text: str, accounts: Mapping[str, str]) -> str:
    """A sentence with the names of the accounts in it, where the rules file gives them."""

    def name(match: re.Match[str]) -> str:
        known = accounts.get(match[1], "")
        return f"{match[0]} ({known})" if known else match[0]

    return _ACCOUNT.sub(name, text) if accounts else text


def _called(name: str, accounts: Mapping[str, str]) -> str:
    """Another account by its name, where the rules file gives it one."""
    known = accounts.get(name.removeprefix("account "), "") if name.startswith("account ") else ""
    return f"{known} ({name})" if known else name
