"""What the layouts are made of: an alert's facts, each as a piece of mrkdwn."""

from __future__ import annotations

from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.texts import one_line
from chalicelib.rules.rule import Severity
from chalicelib.slack.mrkdwn import code, date, say

Json = dict[str, Any]

COLOURS = {
    Severity.CRITICAL: "#b3122a",
    Severity.HIGH: "#e8590c",
    Severity.MEDIUM: "#f2b705",
    Severity.LOW: "#3b82c4",
    Severity.INFO: "#8a94a0",
}
_RESULTS = {
    Outcome.SUCCEEDED: "succeeded",
    Outcome.REFUSED: "refused",
    Outcome.FAILED: "failed",
    Outcome.DRY_RUN: "dry run",
    Outcome.UNKNOWN: "outcome not known",
}
WHO, TARGET, SHOWN_TARGETS, NAME = 120, 100, 3, 80


def word(severity: Severity) -> str:
    """A severity as a word: Critical."""
    return str(severity.value).capitalize()


def sentence(alert: Alert, limit: int) -> str:
    """What happened. An alert about Trailbell itself may hold AWS's words as they came."""
    return say(one_line(alert.text, limit) if is_about_us(alert) else alert.text, limit)


def is_about_us(alert: Alert) -> bool:
    """Whether it is of Trailbell itself: nobody called anything then, from nowhere."""
    return alert.actor_type == "Trailbell"


def who(alert: Alert) -> str:
    """The actor: alice (IAM user, no MFA)."""
    detail = [say(alert.actor_detail, NAME)] if alert.actor_detail else []
    if alert.mfa is not None:
        detail.append("MFA" if alert.mfa else "no MFA")
    return (say(alert.actor, WHO) or _none(alert, "actors")) + (
        f" ({', '.join(detail)})" if detail else ""
    )


def operation(alert: Alert) -> str:
    """The operation and the service: `CreateUser` · iam.amazonaws.com."""
    name = (
        code(alert.event_name, NAME)
        if alert.event_name
        else _none(alert, "operations", "no operation named")
    )
    service = say(alert.event_source, NAME)
    if not (alert.event_name or service) and alert.together:
        return name
    return f"{name} · {service or _none(alert, 'services', 'no service named')}"


def targets(alert: Alert) -> str:
    """The targets in code spans, three at most; a dash for none. Of what is the account's own,
    or AWS's, an ARN's end is enough: policy/ReadOnlyAccess; another account's has its whole ARN.
    """
    names = [_called(alert, target) for target in alert.resources[:SHOWN_TARGETS]]
    shown = [code(name, TARGET) for name in dict.fromkeys(names) if name.strip()]
    more = len(alert.resources) - SHOWN_TARGETS
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "") or "–"


def _called(alert: Alert, target: str) -> str:
    parts = target.split(":", 5)
    is_arn = parts[0] == "arn" and len(parts) > 5
    return parts[5] if is_arn and parts[4] in ("", "aws", alert.account_id) else target


def result(alert: Alert, message: int = 0) -> str:
    """Whether it worked, with AWS's code and up to `message` characters of its reason."""
    if alert.outcome is Outcome.SUCCEEDED:
        return _RESULTS[alert.outcome]
    words = f"*{_RESULTS[alert.outcome]}*"
    if alert.error_code:
        words += f": {code(alert.error_code, NAME)}"
    if message and alert.error_message and not alert.error_code.endswith(alert.error_message):
        words += f"\n{say(alert.error_message, message)}"
    return words


def account(alert: Alert) -> str:
    """The account's name and number."""
    number = say(alert.account_id, NAME) or _none(alert, "accounts", "no account named")
    return f"{say(alert.account_name, NAME)} ({number})" if alert.account_name else number


def region(alert: Alert) -> str:
    """The region, or that none is named."""
    return say(alert.aws_region, NAME) or _none(alert, "regions", "no region named")


def source(alert: Alert) -> str:
    """The address that the call came from."""
    return say(alert.source_ip, NAME) or _none(alert, "addresses", "no address named")


def via(alert: Alert) -> str:
    """By what means."""
    return say(alert.via, NAME) or _none(alert, "means", "means not told")


def _none(alert: Alert, things: str, words: str = "") -> str:
    """What is said of a field that is empty: members of what came together differ in it."""
    return f"several {things}" if alert.together else words


def event(alert: Alert) -> str:
    """The event's id, or the alert's where the record has none."""
    if alert.event_id:
        return f"event {code(alert.event_id, NAME)}"
    return f"alert {code(alert.alert_id, NAME)}"


def plainest_lines(alert: Alert) -> list[str]:
    """The facts as lines, without blocks."""
    if is_about_us(alert):
        return [f"{date(alert.event_time)} · {event(alert)}"]
    return [
        f"{operation(alert)} · {result(alert)}",
        f"On {targets(alert)}",
        f"By {who(alert)} · {via(alert)} · from {source(alert)}",
        f"{account(alert)} · {region(alert)} · {date(alert.event_time)}",
        event(alert),
    ]


def section(text: str, **more: Any) -> Json:
    """A section block of mrkdwn."""
    return {"type": "section", "text": mrkdwn(text), **more}


def context(text: str) -> Json:
    """A context block: small and grey."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def mrkdwn(text: str) -> Json:
    """A text object. `verbatim` keeps Slack from making links of addresses that a caller chose."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}
