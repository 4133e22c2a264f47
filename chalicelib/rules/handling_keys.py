"""What each key of [handling], [people] and [summary] takes: checks as in rule_keys.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from chalicelib.cloudtrail.actor import EMAIL
from chalicelib.rules import rule_keys
from chalicelib.rules.destinations import SLACK_GROUP, SLACK_USER
from chalicelib.rules.place import choices, meant
from chalicelib.rules.rule import URGENT, Severity
from chalicelib.rules.spans import span

LONGEST_WAIT = timedelta(days=7)
_ONES_OWN = re.compile(r"arn:aws[a-z-]*:iam::\d{12}:((user|role)/[^\s*]+|root)")
# Source: the IAM user guide, "IAM and AWS STS quotas", names of users.
_USER_NAME = re.compile(r"[\w+=,.@-]{1,128}", re.ASCII)


def reminders(value: Any) -> dict[Severity, timedelta]:
    """After how long each severity is said once more."""
    if not isinstance(value, dict):
        raise ValueError('it takes a table such as { critical = "15m", high = "4h" }')
    named = [severity.value for severity in Severity if severity in URGENT]
    found, wrong = {}, []
    for key, wait in value.items():
        try:
            if key not in named:
                raise ValueError(f"unknown key {key!r}; {choices(key, named)}")
            found[Severity(key)] = _wait(wait)
        except ValueError as error:
            wrong.append(str(error) if key not in named else f"{key}: {error}")
    if wrong:
        raise ValueError("; ".join(wrong))
    return found


def asked(value: Any) -> Severity | tuple[str, ...] | None:
    """Of what the actor is asked: true (as "high"), the least severity, or rules by their ids."""
    if isinstance(value, bool):
        return Severity.HIGH if value else None
    if isinstance(value, list):
        return tuple(map(rule_keys.identifier, value))
    try:
        return rule_keys.severity(value)
    except ValueError as error:
        raise ValueError(f"{error}; or true, or a list of rules' ids") from error


def may(value: Any) -> tuple[str, ...]:
    """Who handles alerts: Slack users (U…) and user groups (S…), by their ids. An empty list would
    let everyone in where somebody meant nobody.
    """
    if not isinstance(value, list) or not value:
        raise ValueError('it takes a list of ids such as ["S0123ABCD", "U0123ABCD"]')
    return tuple(map(_slack_id, value))


def actor(value: str) -> str:
    """Whose it is: a user of IAM or Identity Center by name, or an ARN that is one person's."""
    if _ONES_OWN.fullmatch(value) or _USER_NAME.fullmatch(value):
        return value
    if ":assumed-role/" in value:
        raise ValueError("a session is named by whoever opens it; write the ARN of its role")
    raise ValueError(f"{value!r} is neither a user's name nor the ARN of a user, role or root")


def person(value: Any) -> str:
    """Who somebody is in Slack: an e-mail address, or the id of a user."""
    who = rule_keys.text(value)
    if EMAIL.fullmatch(who) or SLACK_USER.fullmatch(who):
        return who
    raise ValueError(f"{who!r} is neither an e-mail address nor the id of a Slack user (U…)")


def hour(value: Any) -> time:
    """An hour of the day, as "09:00", or as TOML writes one."""
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return time.fromisoformat(value)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    raise ValueError(f'{value!r} is no hour of the day such as "09:00"')


def zone(value: Any) -> str:
    """A zone of the IANA time zone database. Where a machine has none of it, any name will do:
    rules must load there too, and the summary says that it goes by UTC.
    """
    from zoneinfo import ZoneInfo, available_timezones  # who sets no summary pays for neither

    name = rule_keys.text(value)
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # OSError: a folder of zones, or too long
        known = available_timezones()
        if known:
            near = meant(name, known) or "write one such as Europe/Berlin"
            raise ValueError(f"no time zone is called {name!r}; {near}") from error
    return name


def _slack_id(value: Any) -> str:
    who = rule_keys.text(value)
    if not SLACK_USER.fullmatch(who) and not SLACK_GROUP.fullmatch(who):
        raise ValueError(f"{who!r} is neither the id of a Slack user (U…) nor of a group (S…)")
    return who


def _wait(value: Any) -> timedelta:
    wait = span(value)
    if wait > LONGEST_WAIT:
        raise ValueError(f"{value!r} is longer than 7d")
    return wait


# The key of [handling] → what it sets, and its check.
HANDLING_KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "remind": ("remind", reminders),
    "ask": ("ask", asked),
    "may": ("may", may),
}

# The key of [summary] → the field of SummaryChoices it sets, and its check.
SUMMARY_KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "at": ("at", hour),
    "zone": ("zone", zone),
    "quiet_days": ("quiet_days", rule_keys.flag),
}
