"""What every alert about Trailbell itself looks like."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.rules.rule import Severity


def about_itself(
    *parts: Any,
    rule_id: str,
    severity: Severity,
    title: str,
    text: str,
    event_name: str,
    channel: str,
    now: datetime,
) -> Alert:
    """An alert about Trailbell itself; its id derives from `parts`, which are JSON values."""
    return Alert(
        alert_id=hashlib.sha256(json.dumps(["trailbell", *parts]).encode()).hexdigest()[:32],
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
        actor="Trailbell",
        actor_type="Trailbell",
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
    )
