"""What each key of an `[[allow]]` and of a `[[route]]` takes: checks as in rule_keys.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from ipaddress import ip_interface
from typing import Any, TypeVar

from chalicelib.cloudtrail.texts import one_line
from chalicelib.rules import rule_keys
from chalicelib.rules.allow import Automation, pattern_by

Value = TypeVar("Value")
LONGEST_REASON = 200


def some(check: Callable[[Any], Value]) -> Callable[[Any], tuple[Value, ...]]:
    """A check for one value, or for a list of them, as the check takes it."""

    def check_all(value: Any) -> tuple[Value, ...]:
        if value == []:
            raise ValueError("an empty list holds for nothing; leave the key out for anything")
        found, wrong = [], []
        for each in value if isinstance(value, list) else [value]:
            try:
                found.append(check(each))
            except ValueError as error:
                wrong.append(str(error))
        if wrong:
            raise ValueError("; ".join(wrong))
        return tuple(found)

    return check_all


def actor(value: Any) -> str:
    """Whom to allow: a name, an ARN or a principal's id, with * for any characters."""
    who = rule_keys.text(value)
    if not who.strip("*"):
        raise ValueError("'*' would allow everyone; to silence a rule for all, switch it off")
    if '"' in who or "\\" in who:
        raise ValueError(f"{who!r} holds a quote or a backslash, which no name does")
    rule_keys.pattern(pattern_by(who))
    return who


def automated(value: Any) -> tuple[Automation, ...]:
    """Whom `[settings] automation` lists, each by its ARN and the networks that it works from."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        raise ValueError('it takes a list such as [{ arn = "…", networks = ["…"] }]')
    return tuple(_automation(number, table) for number, table in enumerate(value, 1))


def _automation(number: int, table: dict[str, Any]) -> Automation:
    wrong = [f"unknown key {key!r}" for key in table if key not in AUTOMATION_KEYS]
    found = {}
    for key, (name, check) in AUTOMATION_KEYS.items():
        try:
            if key in table:
                found[name] = check(table[key])
        except ValueError as error:
            wrong.append(f"{key}: {error}")
    if "arn" not in table:
        wrong.append("arn: is missing")
    if wrong:
        raise ValueError(f"number {number}: {'; '.join(wrong)}; it takes arn, networks")
    return Automation(**found)


def role_or_user(value: Any) -> tuple[str]:
    """The ARN of a role or an IAM user; a * may end its name, and stand nowhere else."""
    who = actor(value)
    if not re.fullmatch(r"arn:aws[a-z-]*:iam::\d{12}:(role|user)/[^*]+\*?", who):
        raise ValueError(f"{who!r} is not the ARN of a role or user, which only ends with a *")
    return (who,)


def network(value: Any) -> str:
    """An address, or a CIDR block other than that of all addresses."""
    text = rule_keys.text(value)
    try:
        interface = ip_interface(text)
    except ValueError as error:
        raise ValueError(
            f"{text!r} is neither an address nor a CIDR block such as 203.0.113.0/24"
        ) from error
    block = interface.network
    if block.prefixlen == 0:
        raise ValueError(f"{text!r} is every address; leave network out")
    if "/" in text and interface.ip != block.network_address:
        raise ValueError(f"{text!r} is an address within a block; write {str(block)!r}")
    return text


def end(value: Any) -> datetime:
    """When something ends: a time (in UTC where it names no zone), or a day, which is its last."""
    moment = _moment(value)
    if isinstance(moment, datetime):
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return datetime.combine(moment + timedelta(days=1), time(), UTC)
    except OverflowError as error:
        raise ValueError(f"{value} is no end; leave until out") from error


def reason(value: Any) -> str:
    """Why, in one line; of a list each in its turn."""
    line = one_line("; ".join(some(rule_keys.text)(value)), 2 * LONGEST_REASON)
    if len(line) <= LONGEST_REASON:
        return line
    raise ValueError(f"{len(line)} characters are more than {LONGEST_REASON}")


def _moment(value: Any) -> date:
    if isinstance(value, date):  # as TOML writes both
        return value
    if isinstance(value, str):
        for read in (date.fromisoformat, datetime.fromisoformat):
            try:
                return read(value.strip())
            except ValueError:
                continue
    raise ValueError(
        f"{value!r} is neither a day such as 2026-03-31 nor a time such as 2026-03-31T18:00:00Z"
    )


# The key of an [[allow]] → the field of Allow it sets, and its check.
ALLOW_KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "rule": ("rules", some(rule_keys.identifier)),
    "actor": ("actors", some(actor)),
    "network": ("networks", some(network)),
    "account": ("accounts", some(rule_keys.account)),
    "reason": ("reason", reason),
    "until": ("until", end),
}

# The key of one of [settings] automation → the field of Automation it sets, and its check.
AUTOMATION_KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "arn": ("actors", role_or_user),
    "networks": ("networks", some(network)),
}

# The key of a [[route]] → the field of Route it sets, and its check.
ROUTE_KEYS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "accounts": ("accounts", some(rule_keys.account)),
    "themes": ("themes", some(rule_keys.text)),
    "rules": ("rules", some(rule_keys.identifier)),
    "severity": ("severity", rule_keys.severity),
    "channel": ("channel", rule_keys.channel),
    "mention": ("mention", rule_keys.mention),
    "continue": ("goes_on", rule_keys.flag),
}
