"""A message of each kind, made up: for pictures, for figures, and to be read aloud."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from typing import Any

from chalicelib.alerts import sayings
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import Summary
from chalicelib.alerts.days import day_of
from chalicelib.alerts.handling import YES, Handling, Person
from chalicelib.alerts.judging import alert_from
from chalicelib.alerts.members import Member, Said
from chalicelib.alerts.mutes import Mute
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.summing import Counted, summary_of
from chalicelib.alerts.told import Told, Way, alert_of
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.record import Record
from chalicelib.monitoring.own_alerts import about_itself
from chalicelib.rules.handling import SummaryChoices
from chalicelib.rules.rule import URGENT, Severity
from chalicelib.rules.ruleset import Ruleset
from chalicelib.slack.message import Look, digest, single
from cli.sample.calls import ACCOUNT
from cli.sample.trail import sample_trail

END = datetime(2026, 1, 15, 10, 42, tzinfo=UTC)
CHANNEL = "#trailbell"
ANNA = Person(id="U0123ABCD", name="anna")
_FROM = "192.0.2.44"


def kinds(look: Look) -> dict[str, dict[str, Any]]:
    """Every kind of message by its name, in the order in which they are best read."""
    return {
        "critical": _one(look, "StopLogging", mention="@here"),
        "high, acknowledged": _one(
            look, "AuthorizeSecurityGroupIngress", handling=Handling(owner=ANNA, since=END)
        ),
        "× 12": _again(look),
        "refused": _one(look, "CreateUser", of=Outcome.REFUSED),
        "over time": _single(_over_time(), look),
        "was it you": _single(
            sayings.question(_alert("CreateUser"), "U0123ABCD", CHANNEL, END), look
        ),
        "digest": digest(
            [each for each in sample() if each.severity not in URGENT],
            channel=CHANNEL,
            post_id="p",
            look=look,
        ),
        "reminder": _single(
            sayings.reminder(_alert("StopLogging"), "1.2", timedelta(minutes=15), CHANNEL, END),
            look,
        ),
        "summary": _single(_summary(), look),
        "self-watch": _single(_own(), look),
        "medium": _one(look, "CreateUser"),
        "possible repeat": _one(look, "DeleteUser", possible_repeat=True),
        "corrected": _one(look, "DeleteUser", corrected=True),
        "answered": _one(
            look,
            "CreateUser",
            handling=Handling(asked=ANNA.id, answer=YES, answered_at=END, answered_by=ANNA),
        ),
        "no answer": _single(sayings.no_answer(_alert("CreateUser"), CHANNEL, END), look),
        "mute ended": _single(sayings.mute_ended(_mute(), 7, END), look),
        "mute hides many": _single(sayings.mute_hides_many(_mute(), 120, 0, END), look),
        "own doing muted": _single(sayings.muted_own_doing(_mute(), END), look),
    }


@cache
def sample() -> tuple[Alert, ...]:
    """The alerts of the sample trail by the default rules."""
    ruleset, names = Ruleset.load(), {ACCOUNT: "production"}
    records = [Record(raw) for raw in sample_trail(END - timedelta(minutes=1))]
    return tuple(
        alert_from(record, rules, accounts=names, default_channel=CHANNEL, now=END)
        for record in records
        if (rules := ruleset.match(record))
    )


def _alert(operation: str, of: Outcome | None = None) -> Alert:
    """The first of the sample that called it and came to that; of any other where none did."""
    found = [each for each in sample() if of is None or each.outcome is of]
    return next((each for each in found if each.event_name == operation), found[0])


def _single(alert: Alert, look: Look, **options: Any) -> dict[str, Any]:
    return single(alert, channel=CHANNEL, post_id="p", look=look, **options)


def _one(
    look: Look,
    operation: str,
    of: Outcome | None = None,
    mention: str | None = None,
    **options: Any,
) -> dict[str, Any]:
    handling = options.pop("handling", Handling())
    made = replace(_alert(operation, of), mention=mention, handling=handling)
    return _single(made, look, **options)


def _again(look: Look) -> dict[str, Any]:
    deleted: Sequence[Alert] = [each for each in sample() if each.event_name == "DeleteSnapshot"]
    also = tuple(f"on {name}" for each in deleted for name in each.resources)
    last = deleted[-1].event_time
    return _single(deleted[0], look, repeats=len(deleted), last_at=last, also=also)


def _over_time() -> Alert:
    rule = next(each for each in Ruleset.load().rules if each.id == "many-sign-ins-failed")
    said = Said(
        event_name="ConsoleLogin",
        event_source="signin.amazonaws.com",
        account_id=ACCOUNT,
        account_name="production",
        source_ip=_FROM,
        outcome=Outcome.FAILED.value,
    )
    start = int(END.timestamp()) - 540
    members = tuple(
        Member(id=f"{n:032x}", at=start + 45 * n, value=f"user-{n % 4}", said=said)
        for n in range(12)
    )
    told = Told(rule=rule, kind="event_count", group="g", alert_id="0" * 32, members=members)
    return alert_of(told, Way(default_channel=CHANNEL, now=END))


def _summary() -> Alert:
    counted = Counted()
    for each in sample():
        counted.add(StoredAlert(alert=each))
    severities: dict[str, int] = {}
    rules: dict[str, int] = {}
    for each in sample():
        severities[each.severity.value] = severities.get(each.severity.value, 0) + 1
        rules[each.rule_id] = rules.get(each.rule_id, 0) + 1
    counts = Summary(total=len(sample()), severities=severities, rules=rules)
    day = day_of(SummaryChoices(at=time(9), zone="Europe/Berlin"), END)
    return summary_of(day, counts, counted, CHANNEL, END)


def _own() -> Alert:
    return about_itself(
        "silence",
        rule_id="trailbell-silence",
        severity=Severity.HIGH,
        title="Trailbell hears nothing",
        text="No record has come for 3 hours; before, one came every 2 minutes",
        event_name="Failing",
        channel=CHANNEL,
        now=END,
    )


def _mute() -> Mute:
    made = _alert("CreateUser")
    return Mute(
        mute_id="m",
        rule_id=made.rule_id,
        principal=made.principal,
        actor=made.actor,
        account_id=made.account_id,
        outcome=made.outcome,
        up_to=made.severity,
        by=ANNA,
        of_alert=made.alert_id,
        channel=CHANNEL,
        since=END,
        until=END + timedelta(hours=8),
    )
