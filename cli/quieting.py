"""What made most of a channel's messages, and what to write into a rule file to quiet it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.rules.allow import is_exact
from chalicelib.rules.rule import OWN_THEME, URGENT, Rule, Severity
from chalicelib.rules.table_keys import actor as checked_actor
from cli.played import Message

MOST = 5
# How long a suggested [[allow]] lasts: then somebody looks again.
ALLOWED_FOR = timedelta(days=90)
HOW = (
    "What made most of the messages, and what would quiet it in a file of chalicelib/rules/local/.",
    "An [[allow]] tells at info, which a [[route]] can send elsewhere: see docs/rules.md.",
)


@dataclass(slots=True)
class _Share:
    """What one rule or one actor came to: of a digest each that is in it made one message."""

    messages: int = 0
    alerts: int = 0
    beside: Counter[str] = field(default_factory=Counter)
    above_info: set[str] = field(default_factory=set)
    urgent: set[str] = field(default_factory=set)

    def most(self) -> list[str]:
        """The others that it was told with, the most frequent first."""
        return [name for name, _ in self.beside.most_common()]

    def may_be_lowered(self) -> list[str]:
        """Those of them of which nothing was severe: who allows that hides an attack one day."""
        return [name for name in self.most() if name in self.above_info - self.urgent]


class Told:
    """What the channels got, counted as it comes."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = {rule.id: rule for rule in rules}
        self._by_rule: dict[str, _Share] = {}
        self._by_actor: dict[str, _Share] = {}
        self._names: dict[str, str] = {}
        self._allowable: dict[str, str] = {}
        self._matching: dict[tuple[str, str], dict[str, None]] = {}
        self._alerts: set[str] = set()
        self.messages = self.updates = 0

    def meet(self, alerts: Iterable[Alert]) -> None:
        """Note, while their records are there, how an `[[allow]]` would name who did it."""
        for alert in alerts:
            who = _who(alert)
            if who not in self._allowable:
                self._allowable[who] = allowable(alert)

    def add(self, message: Message) -> None:
        """Count a message."""
        self.messages += message.is_new
        self.updates += not message.is_new
        self._alerts.update(alert.alert_id for alert in message.alerts)
        pairs = Counter((alert.rule_id, _who(alert)) for alert in message.alerts)
        rules, actors = {rule for rule, _ in pairs}, {who for _, who in pairs}
        for rule in rules if message.is_new else ():
            self._by_rule.setdefault(rule, _Share()).messages += 1
        for who in actors if message.is_new else ():
            self._by_actor.setdefault(who, _Share()).messages += 1
        for (rule, who), alerts in pairs.items():
            _count(self._by_rule.setdefault(rule, _Share()), who, alerts)
            _count(self._by_actor.setdefault(who, _Share()), rule, alerts)
        for alert in message.alerts:
            self._note(alert, _who(alert))

    def lines(self, days: int, today: date) -> Iterator[str]:
        """The figures, what made most of them, and last how many alerts in how many messages."""
        yield f"messages            {self.messages:>9,}"
        yield f"  changed later     {self.updates:>9,}"
        if days:
            yield f"days of records     {days:>9,}"
            yield f"messages a day      {self.messages / days:>9,.1f}"
        if self.messages:
            yield from ("", *HOW, "")
        until = today + ALLOWED_FOR
        for rule, share in _first(self._by_rule):
            who = share.most()[0]
            yield f"rule {rule}: {_came_to(share)}, most by {self._names[who]}"
            yield from _indented(self._for_rule(rule, share, until))
        for who, share in _first(self._by_actor):
            most = share.most()[0]
            yield f"{self._names[who]}: {_came_to(share)}, most of {most}"
            yield from _indented(self._for_actor(who, share, until))
        yield f"{len(self._alerts)} alerts in {self.messages} messages"

    def _note(self, alert: Alert, who: str) -> None:
        rule, actor = self._by_rule[alert.rule_id], self._by_actor[who]
        self._names.setdefault(who, _named(alert))
        # An [[allow]] must name all that match: those that it does not go on speaking.
        self._matching.setdefault((alert.rule_id, who), {}).update(dict.fromkeys(alert.rule_ids))
        if alert.severity is not Severity.INFO:
            rule.above_info.add(who)
            actor.above_info.add(alert.rule_id)
        if alert.severity in URGENT:
            rule.urgent.add(who)
            actor.urgent.add(alert.rule_id)

    def _for_rule(self, rule_id: str, share: _Share, until: date) -> Iterator[str]:
        who, count = share.beside.most_common(1)[0]
        is_mostly_one = 2 * count >= share.alerts and who in share.may_be_lowered()
        if is_mostly_one and (rules := self._allowed([rule_id], who)):
            return _allow(rules, self._allowable[who], until)
        return self._elsewhere(rule_id, bool(share.urgent))

    def _for_actor(self, who: str, share: _Share, until: date) -> Iterator[str]:
        if rules := self._allowed(share.may_be_lowered()[:MOST], who):
            return _allow(rules, self._allowable[who], until)
        most = share.most()[0]
        return self._elsewhere(most, most in share.urgent)

    def _allowed(self, heads: Iterable[str], who: str) -> list[str]:
        """The rules that an `[[allow]]` names to lower what these headed; none where it cannot."""
        if not self._allowable.get(who):
            return []
        of_them = [self._matching[head, who] for head in heads]
        rules = list(dict.fromkeys(rule for each in of_them for rule in each))
        return rules if all(map(self._may_be_allowed, rules)) else []

    def _may_be_allowed(self, rule_id: str) -> bool:
        """Trailbell's own are of no `[[allow]]`."""
        rule = self._rules.get(rule_id)
        return rule is not None and rule.theme != OWN_THEME

    def _elsewhere(self, rule_id: str, was_urgent: bool) -> Iterator[str]:
        """A channel of its own for what is severe, or Trailbell's own; else nothing of it."""
        is_off_limits = was_urgent or not self._may_be_allowed(rule_id)
        return _route(rule_id) if is_off_limits else _off(rule_id)


def allowable(alert: Alert) -> str:
    """How an `[[allow]]` names exactly who did it: a person's own ARN, a workload's role, an AWS
    service; "" where nothing does, and for root, whose daily use is what is to end.
    """
    identity = _object(alert.record.get("userIdentity"))
    issuer = str(_object(_object(identity.get("sessionContext")).get("sessionIssuer")).get("arn"))
    arn = str(identity.get("arn"))
    if identity.get("type") == "Root" or arn.endswith(":root"):
        return ""
    # A person's principal ends in their own name, that of a workload in its role's.
    if is_exact(issuer) and alert.principal.rpartition("/")[2] == issuer.rpartition("/")[2]:
        return _as_checked(issuer)
    if is_exact(arn):
        return _as_checked(arn)
    invoked_by = identity.get("invokedBy")
    return _as_checked(str(invoked_by)) if identity.get("type") == "AWSService" else ""


def _as_checked(actor: str) -> str:
    """The actor, "" where an `[[allow]]` does not take it."""
    try:
        return checked_actor(actor) if actor.isascii() and actor.isprintable() else ""
    except ValueError:
        return ""


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _who(alert: Alert) -> str:
    return alert.principal or alert.actor


def _named(alert: Alert) -> str:
    where = alert.account_name or alert.account_id
    return f"{alert.actor} in {where}" if where else alert.actor


def _count(share: _Share, other: str, alerts: int) -> None:
    share.alerts += alerts
    share.beside[other] += alerts


def _first(shares: dict[str, _Share]) -> list[tuple[str, _Share]]:
    """The first few by their messages, then by their alerts."""
    ranked = sorted(shares.items(), key=lambda each: (-each[1].messages, -each[1].alerts, each[0]))
    return ranked[:MOST]


def _came_to(share: _Share) -> str:
    return f"{share.messages:,} of the messages, {share.alerts:,} of the alerts"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"    {line}" for line in lines)


def _allow(rules: Sequence[str], actor: str, until: date) -> Iterator[str]:
    yield "[[allow]]"
    yield f"rule = {_texts(rules)}"
    yield f'actor = "{actor}"'
    yield 'reason = "known"'
    yield f"until = {until}"


def _route(rule: str) -> Iterator[str]:
    yield "[[route]]"
    yield f"rules = {_texts([rule])}"
    yield 'channel = "#somewhere-else"'


def _off(rule: str) -> Iterator[str]:
    yield f"off = {_texts([rule])}  # above the first [table]"


def _texts(texts: Sequence[str]) -> str:
    return "[" + ", ".join(f'"{text}"' for text in texts) + "]"
