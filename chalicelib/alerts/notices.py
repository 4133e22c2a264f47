"""Notices: what Trailbell itself says about the handling of alerts, as alerts of its own making."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.rules.rule import Severity

TRAILBELL = "Trailbell"
# The kinds.
REMINDER = "reminder"
QUESTION = "question"  # was it you?
NO_ANSWER = "no_answer"
MUTE_ENDED = "mute_ended"
MUTE_HIDES_MANY = "mute_hides_many"
MUTED_OWN_DOING = "muted_own_doing"
SUMMARY = "summary"


def notice(
    kind: str,
    *key: Any,
    severity: Severity,
    title: str,
    text: str,
    channel: str,
    now: datetime,
    about: str = "",
    mention: str | None = None,
) -> Alert:
    """A notice, to `channel` ("@U…": to that person). Its id derives from kind and key, JSON
    values, so that one made twice is made once.
    """
    return own_alert(
        notice_id(kind, *key),
        rule_id=f"trailbell-{kind.replace('_', '-')}",
        severity=severity,
        title=title,
        text=text,
        event_name="Notice",
        channel=channel,
        now=now,
        notice=kind,
        about=about,
        mention=mention,
    )


def notice_id(kind: str, *key: Any) -> str:
    """The id of the notice with this key."""
    return own_id("notice", kind, *key)


def own_id(*parts: Any) -> str:
    """The id of an alert of our own making: 32 hex digits of `parts`, which are JSON values."""
    return hashlib.sha256(json.dumps(["trailbell", *parts]).encode()).hexdigest()[:32]


def own_alert(
    alert_id: str,
    *,
    rule_id: str,
    severity: Severity,
    title: str,
    text: str,
    event_name: str,
    channel: str,
    now: datetime,
    notice: str = "",
    about: str = "",
    mention: str | None = None,
) -> Alert:
    """An alert of our own making, of no record."""
    return Alert(
        alert_id=alert_id,
        rule_id=rule_id,
        rule_ids=(rule_id,),
        severity=severity,
        title=title,
        text=text,
        event_id="",
        event_name=event_name,
        event_source="trailbell",
        account_id="",
        account_name="",
        aws_region="",
        actor=TRAILBELL,
        actor_type=TRAILBELL,
        actor_id="",
        via="",
        source_ip="",
        user_agent="",
        event_time=now,
        seen_at=now,
        error_code="",
        error_message="",
        mfa=None,
        read_only=None,
        resources=(),
        channels=(channel,),
        mention=mention,
        notice=notice,
        about=about,
    )
