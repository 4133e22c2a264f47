"""The day's summary: what it counts, and what it says (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.alerts import notices
from chalicelib.alerts.alert import Alert, iso
from chalicelib.alerts.archive import Summary
from chalicelib.alerts.days import Day
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.notices import TRAILBELL
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.cloudtrail.actor import PEOPLE
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.texts import cut
from chalicelib.rules.rule import URGENT, Severity

MOST_NAMED, LONGEST_NAME, LONGEST_SENTENCE = 5, 60, 110


@dataclass(slots=True)
class Counted:
    """What the alerts of a day came to, one by one; how many were looked at."""

    looked_at: int = 0
    people: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    open: list[Alert] = field(default_factory=list)
    hidden: Counter[str] = field(default_factory=Counter)
    waits: list[timedelta] = field(default_factory=list)
    own: Counter[str] = field(default_factory=Counter)

    def add(self, stored: StoredAlert) -> None:
        """Count one more."""
        alert, handling = stored.alert, stored.alert.handling
        self.looked_at += 1
        if alert.actor_type == TRAILBELL:
            self.own[alert.title] += 1
        elif is_by_a_person(alert):
            self.people[alert.actor] += 1
        if alert.outcome is Outcome.REFUSED:
            self.refused[alert.event_name] += 1
        muted = sum(each.state is DeliveryState.MUTED for each in stored.deliveries)
        if muted:
            self.hidden[alert.rule_id] += muted
        if handling.owner and handling.since:
            self.waits.append(max(handling.since - alert.seen_at, timedelta()))
        elif alert.severity in URGENT and len(stored.deliveries) > muted:
            self.open.append(alert)


def is_by_a_person(alert: Alert) -> bool:
    """Whether a person did it, and no workload or service: a role's session has its person behind
    the role in `principal` (see cloudtrail.actor.Actor).
    """
    return alert.actor_type in PEOPLE or "/" in alert.principal.rpartition(":role/")[2]


def is_quiet(counts: Summary) -> bool:
    """Whether nothing happened that is worth a message."""
    return counts.total == 0


def lines(counts: Summary, counted: Counted) -> tuple[str, ...]:
    """What the message says below its headline, a line each."""
    found = [
        f"Most active people: {_named(counted.people)}",
        f"Rules: {_named(counts.rules)}",
        f"Refused: {_total(counted.refused)}",
        f"Not acknowledged: {_open(counted.open)}",
        f"Hidden by mutes: {_total(counted.hidden)}",
        f"Acknowledged: {_acknowledged(counted.waits)}",
        f"Trailbell itself: {_total(counted.own)}",
    ]
    if counted.looked_at < counts.total:
        found.append(f"All but severities and rules is of the newest {counted.looked_at:,} alone.")
    return tuple(found)


def headline(day: Day, counts: Summary) -> str:
    """How many alerts there were, by severity: the day until Tue 24 Nov, 08:45: 3 alerts, …"""
    if is_quiet(counts):
        return f"The day until {day.in_words}: no alerts"
    of_each = ", ".join(
        f"{counts.severities[each.value]:,} {each.value}"
        for each in sorted(Severity, key=lambda one: -one.rank)
        if counts.severities.get(each.value)
    )
    few = f"at least {counts.total:,}" if counts.searched_until else f"{counts.total:,}"
    noun = "alert" if counts.total == 1 else "alerts"
    return f"The day until {day.in_words}: {few} {noun}, {of_each}"


def summary_of(day: Day, counts: Summary, counted: Counted, channel: str, now: datetime) -> Alert:
    """The notice; one a local date. `resources` are its lines, and `event_id` is the span that it
    is of, as ISO 8601 writes one.
    """
    made = notices.notice(
        notices.SUMMARY,
        day.date.isoformat(),
        severity=Severity.INFO,
        title="The day's summary",
        text=headline(day, counts),
        channel=channel,
        now=now,
    )
    said = () if is_quiet(counts) else lines(counts, counted)
    return replace(made, resources=said, event_id=f"{iso(day.since)}/{iso(day.until)}")


def _named(counts: Mapping[str, int]) -> str:
    """The first few with their counts; those that are as many by name."""
    ranked = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    said = [f"{cut(name, LONGEST_NAME)} {count:,}" for name, count in ranked[:MOST_NAMED]]
    more = len(ranked) - MOST_NAMED
    return ", ".join(said) + (f" and {more} more" if more > 0 else "") or "none"


def _total(counts: Mapping[str, int]) -> str:
    total = sum(counts.values())
    return f"{total:,} ({_named(counts)})" if total else "none"


def _open(alerts: Sequence[Alert]) -> str:
    """What is urgent and in nobody's hands, the most severe first."""
    if not alerts:
        return "none of the critical and high"
    first = sorted(alerts, key=lambda alert: (-alert.severity.rank, alert.event_time))
    said = [f"{alert.severity.value}: {cut(alert.text, LONGEST_SENTENCE)}" for alert in first[:3]]
    more = len(alerts) - len(said)
    return f"{len(alerts):,} ({'; '.join(said)}{f'; and {more} more' if more else ''})"


def _acknowledged(waits: Sequence[timedelta]) -> str:
    if not waits:
        return "none"
    return f"{len(waits):,}, half of them within {_in_words(sorted(waits)[len(waits) // 2])}"


def _in_words(wait: timedelta) -> str:
    """A wait to the minute, above two hours to the hour."""
    minutes = max(round(wait / timedelta(minutes=1)), 1)
    if minutes < 120:
        return f"{minutes} minute{'s' if minutes > 1 else ''}"
    return f"{round(minutes / 60)} hours"
