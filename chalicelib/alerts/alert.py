"""Alert, Delivery, Post: what must be told, its way to a channel, one Slack call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from chalicelib.rules.rule import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A record that a rule matched, redacted: safe to store and to show.

    `alert_id` is 32 hex digits derived from (recipientAccountId, eventID), or from the
    canonical record where one of them is absent. `text` is the sentence in plain words,
    `title` the headline rule's title. `record` is the redacted CloudTrail record.
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
    record: dict[str, Any] = field(default_factory=dict, compare=False)


class DeliveryState(Enum):
    """Where an alert stands on its way to one channel."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An alert's way to one channel, with what dispatch plans by.

    `possible_repeat` is set once an ambiguous post could not be reconciled: the next
    message says so. `plain` counts the payloads Slack refused, each followed by a plainer form.
    `amended` says that the alert was told and corrected since: its message is to be updated.
    """

    alert_id: str
    channel: str
    state: DeliveryState
    due_at: datetime
    severity: Severity
    rule_id: str
    actor: str
    event_name: str
    account_id: str
    attempts: int = 0
    plain: int = 0
    possible_repeat: bool = False
    amended: bool = False
    post_id: str | None = None
    reason: str | None = None

    @property
    def repeat_key(self) -> str:
        """Deliveries that share it are one thing happening again."""
        return "\x1f".join((self.rule_id, self.actor, self.event_name, self.account_id))


class PostKind(Enum):
    """What one Slack call does."""

    SINGLE = "single"
    DIGEST = "digest"
    UPDATE = "update"


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One Slack call, written before it is made so that a crash leaves a trace.

    `post_id` is derived from the channel, the kind, the deliveries and their attempts; it is the
    only id in the message's metadata. `outcome` is None while the call is under way. `settled`
    says that the deliveries carry the outcome too. `ts` and `channel_id` are Slack's.
    """

    post_id: str
    channel: str
    kind: PostKind
    alert_ids: tuple[str, ...]
    attempted_at: datetime
    outcome: str | None = None
    settled: bool = False
    ts: str | None = None
    channel_id: str | None = None
    repeat_key: str | None = None
    repeats: int = 1
