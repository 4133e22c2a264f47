"""What rules do to records at hand: which `[[allow]]` lowers and which route takes how many, and
which messages other rules would add and take away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.alerts.alert import Alert, iso
from chalicelib.alerts.identity import remembered
from chalicelib.alerts.judging import judge, new_of
from chalicelib.cloudtrail.facts import Facts
from chalicelib.ingest.envelopes import Entry
from chalicelib.rules.counted import counts_as
from chalicelib.rules.headline import headline
from chalicelib.rules.matching import Match, Matched, match_all
from chalicelib.rules.routes import taken_by
from chalicelib.rules.ruleset import Ruleset
from cli.texts import Read
from cli.unreadable import Unreadables, batches

MOST_RULES = 10


@dataclass(slots=True)
class Effects:
    """How many records were read, raise an alert, and are lowered or routed by what; how many each
    rule over time counts, and how many of those that it matches lack a field that it asks for.
    """

    ruleset: Ruleset
    unreadables: Unreadables = field(default_factory=Unreadables)
    records: int = 0
    alerting: int = 0
    lowered: Counter[str] = field(default_factory=Counter)
    taken: Counter[str] = field(default_factory=Counter)
    counted: Counter[str] = field(default_factory=Counter)
    lacking: Counter[str] = field(default_factory=Counter)

    def read(self, entries: Iterable[Read]) -> None:
        """Count what becomes of these."""
        for batch in batches(entries, self.unreadables):
            self._add(_matched(batch, self.ruleset, self.unreadables))

    def report(self) -> Iterator[str]:
        """A line for all, then one for each `[[allow]]` and `[[route]]`."""
        unreadable = self.unreadables.count
        yield f"{self.records} records, {unreadable} unreadable, {self.alerting} raise an alert"
        for allow in (*self.ruleset.allows, *self.ruleset.settings.automation):
            reason = f" ({allow.reason})" if allow.reason else ""
            yield f"{self.lowered[allow.where]:>7} × lowered by {allow.where}{reason}"
        for route in self.ruleset.routes:
            whither = route.channel or route.mention
            yield f"{self.taken[route.where]:>7} × taken by {route.where} to {whither}"
        for rule in self.ruleset.rules:
            if self.lacking[rule.id]:
                lacking = f"{self.lacking[rule.id]} lack a field that it asks for"
                yield f"{self.counted[rule.id]:>7} × counted by {rule.id}, {lacking}"

    def _add(self, matched: Matched) -> None:
        self.records += matched.records - len(matched.unreadable)
        for match in matched.matches:
            self._count(match)
            if not match.rules:
                continue
            self.alerting += 1
            head = headline(match.rules, Facts.of(match.record).outcome, match.lowering)
            self.lowered.update({each.where for each in head.lowered.values()})
            account = match.record.account_id
            taken = taken_by(self.ruleset.routes, match.rules, head.told, account)
            self.taken.update(route.where for route in taken)

    def _count(self, match: Match) -> None:
        for rule in match.members:
            counts = rule.correlation and counts_as(rule.correlation, match.record)
            (self.counted if counts else self.lacking)[rule.id] += 1


@dataclass(frozen=True, slots=True)
class Message:
    """What one channel is told of one alert by itself, before anything is folded."""

    at: str
    alert_id: str
    channel: str
    severity: str
    rule_id: str
    title: str
    text: str
    mention: str

    @property
    def line(self) -> str:
        call = f" {self.mention}" if self.mention else ""
        return f"{self.severity:8} {self.channel}{call}  {self.at}  {self.title}: {self.text}"


@dataclass(slots=True)
class Messages:
    """What these rules would tell of the records read."""

    ruleset: Ruleset
    default_channel: str
    now: datetime
    unreadables: Unreadables = field(default_factory=Unreadables)
    found: list[Message] = field(default_factory=list)
    _seen: dict[str, Alert] = field(default_factory=dict)

    def add(self, matched: Matched) -> None:
        """Judge a batch; the same event again tells nothing."""
        judged = judge(
            matched,
            accounts=self.ruleset.accounts,
            default_channel=self.default_channel,
            now=self.now,
            routes=self.ruleset.routes,
        )
        new = new_of(judged, self._seen)
        self._seen |= {alert.alert_id: remembered(alert) for alert in new}
        self.found += [_message(alert, channel) for alert in new for channel in alert.channels]


def compare(before: Messages, after: Messages, entries: Iterable[Read]) -> Iterator[str]:
    """A line for each message that is taken away (-) or added (+), by time; then the counts."""
    for batch in batches(entries, before.unreadables):
        before.add(_matched(batch, before.ruleset, before.unreadables))
        after.add(_matched(batch, after.ruleset, after.unreadables))
    old, new = set(before.found), set(after.found)
    changes = [(message, "-") for message in old - new] + [(message, "+") for message in new - old]
    for message, sign in sorted(changes, key=_place):
        yield f"{sign} {message.line}"
    yield from _counts(changes, len(old & new))


def _place(change: tuple[Message, str]) -> tuple[str, str, bool, str]:
    """By time and alert, what goes before what comes."""
    message, sign = change
    return message.at, message.alert_id, sign == "+", message.channel


def _counts(changes: Sequence[tuple[Message, str]], kept: int) -> Iterator[str]:
    signs = Counter(sign for _, sign in changes)
    yield f"{signs['+']} messages added, {signs['-']} taken away, {kept} as before"
    by_rule = Counter((sign, message.rule_id) for message, sign in changes)
    for (sign, rule_id), count in by_rule.most_common(MOST_RULES):
        yield f"  {sign}{count} × {rule_id}"


def _message(alert: Alert, channel: str) -> Message:
    return Message(
        at=iso(alert.event_time),
        alert_id=alert.alert_id,
        channel=channel,
        severity=alert.severity.value,
        rule_id=alert.rule_id,
        title=alert.title,
        text=alert.text,
        mention=alert.mention or "",
    )


def _matched(batch: Sequence[Entry], ruleset: Ruleset, unreadables: Unreadables) -> Matched:
    matched = match_all((entry.body for entry in batch), ruleset)
    for lost in matched.unreadable:
        unreadables.tell(batch[lost.position].where, lost.reason)
    if len(matched.unreadable) < matched.records:
        unreadables.speak()
    return matched
