"""An alert as a Detection Finding of OCSF 1.6.0 (pure): only fields of the alert that are redacted.

Source: schema.ocsf.io/1.6.0/classes/detection_finding, with the profile cloud.
"""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address
from typing import Any

from chalicelib import __version__
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.together import shown
from chalicelib.rules.rule import Severity

Json = dict[str, Any]
CLASS, CATEGORY, SCHEMA = 2004, 2, "1.6.0"
CREATE, UPDATE = 1, 2
_ACTIVITIES = {CREATE: "Create", UPDATE: "Update"}
_SEVERITIES = {
    Severity.INFO: (1, "Informational"),
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
_NEW, _IN_PROGRESS = (1, "New"), (2, "In Progress")
_RULE, _AWS_ACCOUNT = (1, "Rule"), (10, "AWS Account")


def finding(
    alert: Alert,
    *,
    activity: int = CREATE,
    form: int = 0,
    possible_repeat: bool = False,
    url: str | None = None,
    sample: bool = False,
) -> Json:
    """The alert as a finding, whose uid is the alert's id.

    `form` 1 leaves out evidence, resources and what OCSF has no place for, 2 all that it does not
    ask for but the title. `possible_repeat` says that it may have come before; `url` is where our
    page shows the alert.
    """
    found = _required(alert, activity) | _marks(possible_repeat, sample)
    if form >= 2:
        return found
    found |= _described(alert, activity, url)
    return found if form else found | _detailed(alert, found)


def _required(alert: Alert, activity: int) -> Json:
    severity_id, severity = _SEVERITIES[alert.severity]
    return {
        "activity_id": activity,
        "activity_name": _ACTIVITIES[activity],
        "category_uid": CATEGORY,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "type_uid": CLASS * 100 + activity,
        "time": _millis(alert.event_time),
        "severity_id": severity_id,
        "severity": severity,
        "finding_info": {"uid": alert.alert_id, "title": alert.title},
        "metadata": _metadata(alert),
        "cloud": _cloud(alert),
    }


def _marks(possible_repeat: bool, sample: bool) -> Json:
    marks = {"possible_repeat": possible_repeat} | ({"sample": True} if sample else {})
    return {"unmapped": marks}


def _metadata(alert: Alert) -> Json:
    product = {"name": "Trailbell", "vendor_name": "Trailbell", "version": __version__}
    given = {"log_provider": alert.event_source}
    return {"version": SCHEMA, "profiles": ["cloud"], "product": product} | _there(given)


def _cloud(alert: Alert) -> Json:
    type_id, kind = _AWS_ACCOUNT
    named = _there({"uid": alert.account_id, "name": alert.account_name})
    account = {**named, "type_id": type_id, "type": kind} if named else {}
    return {"provider": "AWS"} | _there({"region": alert.aws_region, "account": account})


def _described(alert: Alert, activity: int, url: str | None) -> Json:
    status_id, status = _IN_PROGRESS if alert.handling.owner else _NEW
    first = alert.together.first if alert.together else alert.event_time
    more = {"desc": alert.text, "src_url": url or ""}
    return {
        "message": alert.text,
        "is_alert": True,
        "status_id": status_id,
        "status": status,
        "finding_info": {
            "uid": alert.alert_id,
            "title": alert.title,
            "created_time": _millis(alert.seen_at),
            "first_seen_time": _millis(first),
            "last_seen_time": _millis(alert.event_time),
            "analytic": _analytic(alert.rule_id),
            **_there(more),
            **_there({"related_analytics": [_analytic(each) for each in alert.rule_ids[1:]]}),
            **({"modified_time": _modified(alert)} if activity == UPDATE else {}),
        },
        **({"count": alert.together.count} if alert.together else {}),
    }


def _modified(alert: Alert) -> int:
    return _millis(alert.handling.touched_at or alert.seen_at)


def _analytic(rule_id: str) -> Json:
    type_id, kind = _RULE
    return {"uid": rule_id, "name": rule_id, "type_id": type_id, "type": kind}


def _detailed(alert: Alert, found: Json) -> Json:
    evidence = _there({"actor": _actor(alert), "api": _api(alert), "src_endpoint": _source(alert)})
    if evidence and alert.user_agent:  # which is none by itself
        evidence["http_request"] = {"user_agent": alert.user_agent}
    return _there(
        {
            "evidences": [evidence] if evidence else [],
            "resources": [{"uid": each} for each in alert.resources if each],
            "api": _api(alert),
            "unmapped": {**found["unmapped"], **_unmapped(alert)},
        }
    )


def _actor(alert: Alert) -> Json:
    user = _there({"name": alert.actor, "uid": alert.actor_id, "type": alert.actor_type})
    known = {} if alert.mfa is None else {"has_mfa": alert.mfa}
    return {"user": user | known} if alert.actor or alert.actor_id else {}


def _api(alert: Alert) -> Json:
    if not alert.event_name:
        return {}
    error = _there({"error": alert.error_code, "error_message": alert.error_message})
    service = _there({"name": alert.event_source})
    given = {"service": service, "response": error, "request": _there({"uid": alert.event_id})}
    return {"operation": alert.event_name} | _there(given)


def _source(alert: Alert) -> Json:
    # AWS itself calls by the name of a service.
    key = "ip" if _is_address(alert.source_ip) else "svc_name"
    return _there({key: alert.source_ip})


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _unmapped(alert: Alert) -> Json:
    owner = alert.handling.owner
    return _there(
        {
            "outcome": alert.outcome.value,
            "via": alert.via,
            "actor_detail": alert.actor_detail,
            "changes": alert.changes,
            "allowed": alert.allowed,
            "runbook": alert.runbook or "",
            "acknowledged_by": owner.name if owner else "",
            "notice": alert.notice,
            "about": alert.about,
            "together": shown(alert.together) if alert.together else {},
        }
    )


def _there(values: Json) -> Json:
    """Those that say something."""
    return {key: value for key, value in values.items() if value not in ("", {}, [], None)}


def _millis(time: datetime) -> int:
    """A timestamp_t: milliseconds since 1970."""
    return int(time.timestamp() * 1000)
