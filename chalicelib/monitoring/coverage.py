"""Deafness: is what CloudTrail writes still reaching us? Told once, and once when it ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import deliveries_of
from chalicelib.alerts.outbox import AlertStore, StoredAlert
from chalicelib.rules.rule import Severity

# CloudTrail delivers in about five minutes on average.
SILENT_AFTER = timedelta(minutes=30)
LATE_AFTER = timedelta(minutes=15)
DEAF = "deaf"
LATE = "late"
SOURCE = "source"


class EarsError(Exception):
    """AWS did not answer what was asked: nobody knows whether we hear."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A trail that writes to CloudWatch Logs."""

    arn: str
    log_group: str


class Ears(Protocol):
    """What AWS says of the way from the trail to us. Raises EarsError."""

    def trails(self) -> list[Trail]:
        """The trails that write to CloudWatch Logs."""

    def delivery(self, trail: Trail) -> tuple[datetime | None, str]:
        """When the trail last delivered to CloudWatch Logs, and its delivery error or ""."""

    def filtered(self, log_group: str) -> bool:
        """Whether a subscription filter hands the log group to us."""

    def permitted(self) -> bool:
        """Whether CloudWatch Logs may invoke us."""


def listen(ears: Ears, source: Mapping[str, Any] | None, now: datetime) -> Heard:
    """Ask AWS. `source` is where we heard from at the last check: a filter that was never there
    is not missing. Raises EarsError.
    """
    trails = ears.trails()
    heard = next((trail for trail in trails if ears.filtered(trail.log_group)), None)
    group = heard.log_group if heard else (source or {}).get("log_group")
    if not group:
        return Heard(reasons={}, source=None)
    trail = heard or next((trail for trail in trails if trail.log_group == group), None)
    if trail is None:
        return Heard(reasons={"trail": f"No trail writes to {group} any more."}, source=source)
    reasons = _delivery_reasons(*ears.delivery(trail), group, now)
    if not reasons and heard is None:
        reasons["filter"] = f"{group} has no subscription filter to Trailbell any more."
    if not reasons and not ears.permitted():
        reasons["permission"] = "CloudWatch Logs may not invoke Trailbell any more."
    return Heard(reasons=reasons, source={"log_group": group, "trail": trail.arn})


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """Why we hear nothing, in sentences by a word that names each; empty where we do hear."""

    reasons: dict[str, str]
    source: Mapping[str, Any] | None


def standing(store: AlertStore) -> dict[str, str]:
    """Why we heard nothing at the last check that AWS answered."""
    reasons = (store.noted(DEAF) or {}).get("reasons", {})
    return {code: each["text"] for code, each in reasons.items() if code != LATE}


def late(oldest_due: datetime | None, now: datetime) -> dict[str, str]:
    """The reason that deliveries are late, where one is due for over a quarter of an hour."""
    if oldest_due is None or now - oldest_due <= LATE_AFTER:
        return {}
    return {LATE: f"An alert has been waiting for Slack since {clock(oldest_due)}."}


def tell(store: AlertStore, reasons: Mapping[str, str], channel: str, now: datetime) -> None:
    """Keep one alert per reason that began or ended since the last check.

    What is noted comes first and the alerts' ids derive from it, so a check that was cut off
    is made up for by the next one and tells nothing twice.
    """
    noted = store.noted(DEAF) or {}
    before = noted.get("reasons", {})
    since = {code: before.get(code, {}).get("since", now.isoformat()) for code in reasons}
    standing = {code: {"since": since[code], "text": text} for code, text in reasons.items()}
    over = {code: each for code, each in before.items() if code not in reasons}
    ended = {**noted.get("ended", {}), **over}
    store.note(DEAF, {"reasons": standing, "ended": ended})
    alerts = [_alert(code, each, channel, now) for code, each in standing.items()]
    alerts += [_alert(code, each, channel, now, ended=True) for code, each in ended.items()]
    stored = [StoredAlert(alert=alert, deliveries=deliveries_of(alert, now)) for alert in alerts]
    store.add(stored, now)
    store.note(DEAF, {"reasons": standing, "ended": {}})


def clock(time: datetime) -> str:
    """A moment as a sentence names it."""
    return f"{time:%Y-%m-%d %H:%M} UTC"


def _delivery_reasons(
    latest: datetime | None, error: str, group: str, now: datetime
) -> dict[str, str]:
    if error:
        return {"delivery": f"CloudTrail cannot deliver to {group}: {error}."}
    if latest is None or now - latest > SILENT_AFTER:
        when = f"since {clock(latest)}" if latest else "yet"
        return {"silence": f"CloudTrail has delivered nothing to {group} {when}."}
    return {}


def _alert(
    code: str, reason: Mapping[str, str], channel: str, now: datetime, *, ended: bool = False
) -> Alert:
    told = "It has ended: " if ended else ""
    title = "Trailbell hears again" if ended else "Trailbell may be missing events"
    if code == LATE:
        title = "Trailbell's alerts are on time again" if ended else "Trailbell's alerts are late"
    return Alert(
        alert_id=_id(code, reason["since"], ended),
        rule_id=f"trailbell-{code}",
        rule_ids=(f"trailbell-{code}",),
        severity=Severity.MEDIUM if ended else Severity.HIGH,
        title=title,
        text=told + reason["text"],
        event_id="",
        event_name="Recovered" if ended else "Failing",
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


def _id(code: str, since: str, ended: bool) -> str:
    text = json.dumps(["trailbell", code, since, ended])
    return hashlib.sha256(text.encode()).hexdigest()[:32]
