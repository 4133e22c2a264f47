"""Views: alerts, rules and deliveries as the API shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields, replace
from datetime import datetime
from enum import Enum
from typing import Any

from chalicelib import __version__
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertPage, Last, Summary
from chalicelib.alerts.console import event_url
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.mutes import Mute
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import Post
from chalicelib.alerts.together import Met, Together, shown
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.compiling import Asked
from chalicelib.rules.correlation import Correlation
from chalicelib.rules.filter_pattern import compile_pattern
from chalicelib.rules.prose import with_prose
from chalicelib.rules.routes import Route
from chalicelib.rules.rule import Rule
from chalicelib.web.program import Rules

MessageUrl = Callable[[Post], str | None]
_UNLISTED = ("record", "handling", "notice", "about")
ALERT = tuple(field.name for field in fields(Alert) if field.name not in _UNLISTED)
DELIVERY = ("channel", "state", "due_at", "attempts", "possible_repeat", "reason")
MET = tuple(field.name for field in fields(Met))
RULE = tuple(field.name for field in fields(Rule))
ALLOW = ("rules", "actors", "networks", "accounts", "reason", "until", "where")
MUTE = ("mute_id", "rule_id", "actor", "principal", "account_id", "outcome", "up_to", "of_alert",
        "channel", "why", "since", "until", "ended_at")  # fmt: skip
ROUTE = tuple(field.name for field in fields(Route))
SUMMARY = tuple(field.name for field in fields(Summary))
DELIVERY_DETAILS = ("posted_at", "message_url", "message_kind")


def page_view(page: AlertPage) -> dict[str, Any]:
    """A page of the list; `searched_until` says how far back one that ended early looked."""
    return {
        "alerts": [list_view(stored) for stored in page.alerts],
        "next_cursor": page.next_cursor,
        "searched_until": as_json(page.searched_until),
    }


def list_view(stored: StoredAlert) -> dict[str, Any]:
    """An alert with where its deliveries stand, without its record and without members."""
    alert = stored.alert
    if alert.together:
        alert = replace(alert, together=replace(alert.together, members=()))
    return {**_viewed(alert), "deliveries": [_stands(each) for each in stored.deliveries]}


def detailed(
    stored: StoredAlert,
    rules: tuple[Rule, ...],
    message_url: MessageUrl,
    mute: Mute | None = None,
) -> dict[str, Any]:
    """All that is known of one alert, with the mute that hides it. A rule that was removed since is
    not among its rules.
    """
    posts = {post.post_id: post for post in stored.posts}
    by_id = {rule.id: rule for rule in rules}
    matched = with_prose(by_id[name] for name in stored.alert.rule_ids if name in by_id)
    asked = Asked(Record(stored.alert.record))
    return {
        **_viewed(stored.alert),
        "deliveries": [_delivery(item, posts, message_url) for item in stored.deliveries],
        "rules": [explained(rule, asked) for rule in matched],
        "mute": None if mute is None else mute_view(mute),
        "cloudtrail_url": event_url(stored.alert),
        "record": stored.alert.record,
    }


def mutes_view(counted: Iterable[tuple[Mute, int]]) -> dict[str, Any]:
    """Mutes, each with how many deliveries it hides."""
    return {"mutes": [{**mute_view(mute), "hidden": hidden} for mute, hidden in counted]}


def mute_view(mute: Mute) -> dict[str, Any]:
    """A mute, with the name of who made it, and of who ended it."""
    people = {"by": mute.by.name, "ended_by": mute.ended_by.name if mute.ended_by else None}
    return _picked(mute, MUTE) | people


def rules_view(ruleset: Rules, last: Mapping[str, Last] | None = None) -> dict[str, Any]:
    """The rules in force and those that are off, what is allowed, and the routes in their order;
    where `last` is given, also when each told last, and which alert.
    """

    def viewed(rule: Rule) -> dict[str, Any]:
        if last is None:
            return rule_view(rule)
        told = last.get(rule.id)
        at, alert_id = (told.at, told.alert_id) if told else (None, None)
        return rule_view(rule) | {"last_matched": as_json(at), "last_alert_id": alert_id}

    return {
        "rules": [viewed(rule) for rule in with_prose(ruleset.rules)],
        "off": [viewed(rule) for rule in with_prose(ruleset.off)],
        "allows": [_picked(allow, ALLOW) for allow in ruleset.allows],
        "routes": [_picked(route, ROUTE) for route in ruleset.routes],
    }


def rule_view(rule: Rule) -> dict[str, Any]:
    """A rule as it was written."""
    return _picked(rule, RULE)


def summary_view(summary: Summary, since: datetime, until: datetime) -> dict[str, Any]:
    """Counts, and the span that they are of."""
    span = {"since": as_json(since), "until": as_json(until)}
    return span | _picked(summary, SUMMARY)


def health_view(health: Mapping[str, Any], *, details: bool) -> dict[str, Any]:
    """Status and version; with details also why, and what it comes from."""
    public = {"status": health["status"], "version": __version__}
    return {**health, **public} if details else public


def explained(rule: Rule, asked: Asked) -> dict[str, Any]:
    """A rule, and which of its conditions hold for the record as it is kept."""
    pattern = compile_pattern(rule.pattern)
    verdicts = [] if rule.is_sequence else pattern.explain(asked.raw, added=asked.added)
    conditions = [{"text": text, "holds": holds} for text, holds in verdicts]
    return rule_view(rule) | {"conditions": conditions}


def as_json(value: Any) -> Any:
    """A value as JSON has it: times in UTC to the second, enums as their values."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Together):
        return shown(value)
    if isinstance(value, Correlation):
        return value.to_dict()
    return list(value) if isinstance(value, tuple) else value


def _picked(of: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: as_json(getattr(of, name)) for name in names}


def _viewed(alert: Alert) -> dict[str, Any]:
    """An alert, and who has it."""
    handling = alert.handling
    return {
        **_picked(alert, ALERT),
        "acknowledged_by": handling.owner.name if handling.owner else None,
        "acknowledged_at": as_json(handling.since),
    }


def _stands(delivery: Delivery) -> dict[str, Any]:
    """Where a delivery stands, and which mute hides it, if one does."""
    return _picked(delivery, DELIVERY) | {"mute_id": delivery.mute_id or None}


def _delivery(
    delivery: Delivery, posts: dict[str, Post], message_url: MessageUrl
) -> dict[str, Any]:
    post = posts.get(delivery.post_id or "")
    return {
        **_stands(delivery),
        "posted_at": as_json(post.attempted_at) if post else None,
        "message_url": message_url(post) if post else None,
        "message_kind": post.kind.value if post else None,
    }
