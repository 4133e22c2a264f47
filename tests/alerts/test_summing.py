"""What the day's summary counts and says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from chalicelib.alerts.archive import Summary
from chalicelib.alerts.days import day_of
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.handling import Handling, Person
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.summing import Counted, headline, lines, summary_of
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.handling import SummaryChoices
from chalicelib.rules.rule import Severity
from tests.stores.factories import alert, delivery

DAY = day_of(SummaryChoices(at=time(9)), datetime(2026, 11, 24, 9, tzinfo=UTC))
ANNA = Person(id="U0ANNA", name="anna")


def stored(
    number: int = 1, state: DeliveryState = DeliveryState.SENT, **changes: Any
) -> StoredAlert:
    made = alert(number, **changes)
    return StoredAlert(alert=made, deliveries=(replace(delivery(made), state=state),))


def counted(*all_of_them: StoredAlert) -> Counted:
    found = Counted()
    for each in all_of_them:
        found.add(each)
    return found


def line(name: str, *all_of_them: StoredAlert, counts: Summary | None = None) -> str:
    found = counted(*all_of_them)
    counts = counts or Summary(total=found.looked_at)
    return next(each for each in lines(counts, found) if each.startswith(f"{name}: "))


def acknowledged(number: int, after: timedelta) -> StoredAlert:
    one = stored(number)
    handling = Handling(owner=ANNA, since=one.alert.seen_at + after)
    return replace(one, alert=replace(one.alert, handling=handling))


def test_the_headline_counts_by_severity_the_most_severe_first() -> None:
    counts = Summary(total=1203, severities={"info": 1000, "critical": 1, "high": 202})
    assert headline(DAY, counts) == (
        "The day until Tue 24 Nov, 08:45 UTC: 1,203 alerts, 1 critical, 202 high, 1,000 info"
    )
    some = replace(counts, searched_until=DAY.since)
    assert "at least 1,203 alerts" in headline(DAY, some)


def test_a_quiet_day_is_one_line() -> None:
    made = summary_of(DAY, Summary(), Counted(), "#security", DAY.until)
    assert made.text == "The day until Tue 24 Nov, 08:45 UTC: no alerts"
    assert made.resources == ()


def test_the_five_most_active_are_named_with_their_counts() -> None:
    many = [stored(n, actor=f"person-{n % 7}") for n in range(1, 30)]
    assert line("Most active people", *many) == (
        "Most active people: person-1 5, person-0 4, person-2 4, person-3 4, person-4 4 and 2 more"
    )


def test_a_roles_session_is_a_person_where_somebody_stands_behind_it() -> None:
    role = "arn:aws:iam::111122223333:role/deploy"
    some = [
        stored(1, actor="deploy", actor_type="AssumedRole", principal=role),
        stored(2, actor="dave", actor_type="AssumedRole", principal=f"{role}/dave"),
        stored(3, actor="s3.amazonaws.com", actor_type="AWSService", principal="s3.amazonaws.com"),
        stored(4, actor="root", actor_type="Root", principal="arn:aws:iam::111122223333:root"),
    ]
    assert line("Most active people", *some) == "Most active people: dave 1, root 1"


def test_what_was_refused_is_named_by_operation() -> None:
    refused = [stored(n, outcome=Outcome.REFUSED, event_name="GetSecretValue") for n in (1, 2)]
    assert line("Refused", *refused, stored(3)) == "Refused: 2 (GetSecretValue 2)"
    assert line("Refused", stored(3)) == "Refused: none"


def test_urgent_alerts_in_nobodys_hands_are_told_the_most_severe_first() -> None:
    some = [
        stored(1, text="a high one"),
        stored(2, severity=Severity.CRITICAL, text="a critical one"),
        stored(3, severity=Severity.MEDIUM),
        acknowledged(4, timedelta(minutes=3)),
    ]
    assert line("Not acknowledged", *some) == (
        "Not acknowledged: 2 (critical: a critical one; high: a high one)"
    )


def test_what_mutes_hid_is_counted_by_rule_and_wants_no_acknowledgement() -> None:
    hidden = stored(1, DeliveryState.MUTED)
    assert line("Hidden by mutes", hidden, stored(2)) == "Hidden by mutes: 1 (trail-stopped 1)"
    assert line("Not acknowledged", hidden) == "Not acknowledged: none of the critical and high"


def test_half_of_the_acknowledged_were_so_within_a_time() -> None:
    waits = [timedelta(minutes=minutes) for minutes in (1, 5, 700)]
    some = [acknowledged(n, wait) for n, wait in enumerate(waits, 1)]
    assert line("Acknowledged", *some) == "Acknowledged: 3, half of them within 5 minutes"
    assert line("Acknowledged", acknowledged(1, timedelta(hours=5))).endswith("within 5 hours")


def test_what_trailbell_itself_had_is_told_apart_from_people() -> None:
    own = stored(1, actor_type="Trailbell", actor="Trailbell", title="The sweep does not come")
    assert line("Trailbell itself", own) == "Trailbell itself: 1 (The sweep does not come 1)"
    assert line("Most active people", own) == "Most active people: none"


def test_where_not_all_were_looked_at_that_is_said() -> None:
    assert lines(Summary(total=9000), counted(stored()))[-1] == (
        "All but severities and rules is of the newest 1 alone."
    )


def test_the_same_day_is_the_same_notice_whatever_it_counts() -> None:
    one = summary_of(DAY, Summary(), Counted(), "#security", DAY.until)
    other = summary_of(DAY, Summary(total=2), counted(stored()), "#other", DAY.until)
    assert one.alert_id == other.alert_id
    assert one.event_id == "2026-11-23T08:45:00Z/2026-11-24T08:45:00Z"
