"""Which alerts are of one sitting."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.sessions import sessions_of
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from tests.stores.factories import NOW, alert

BEGAN = "2026-11-24T08:00:00Z"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def at(after: timedelta, number: int = 1, **changes: Any) -> Alert:
    return alert(number, **{"event_time": NOW + after, "principal": "alice", **changes})


def of(*alerts: Alert) -> list[list[str]]:
    return [[each.event_id for each in session.alerts] for session in sessions_of(alerts)]


def test_what_says_when_its_session_began_is_one_however_far_apart() -> None:
    first, second = at(0 * HOUR, 1, session_began=BEGAN), at(11 * HOUR, 2, session_began=BEGAN)
    assert of(second, first) == [["event-1", "event-2"]]


def test_two_sessions_of_one_person_are_two() -> None:
    first = at(0 * HOUR, 1, session_began=BEGAN)
    second = at(MINUTE, 2, session_began="2026-11-24T09:00:00Z")
    assert of(first, second) == [["event-2"], ["event-1"]]


@pytest.mark.parametrize(
    ("marks", "rests"),
    [({"access_key": "AKIA…MPLE"}, 12 * HOUR), ({}, HOUR)],
    ids=["access key", "address"],
)
def test_what_does_not_say_so_ends_when_it_rests(marks: dict[str, str], rests: timedelta) -> None:
    first, second = at(0 * HOUR, 1, **marks), at(rests, 2, **marks)
    third = at(2 * rests + MINUTE, 3, **marks)
    assert of(first, second, third) == [["event-3"], ["event-1", "event-2"]]


def test_a_sign_in_belongs_to_the_session_that_begins_after_it() -> None:
    sign_in = at(0 * HOUR, 1, event_name="ConsoleLogin")
    call = at(10 * MINUTE, 2, session_began=BEGAN)
    assert of(call, sign_in) == [["event-1", "event-2"]]
    elsewhere = at(0 * HOUR, 1, source_ip="198.51.100.9")
    assert len(of(call, elsewhere)) == 2
    long_before = at(-HOUR, 1)
    assert len(of(call, long_before)) == 2


def test_nobody_shares_a_session() -> None:
    one, other = at(0 * HOUR, 1, session_began=BEGAN), at(0 * HOUR, 2, session_began=BEGAN,
                                                          principal="bob")  # fmt: skip
    elsewhere = at(0 * HOUR, 3, session_began=BEGAN, account_id="444455556666")
    assert len(of(one, other, elsewhere)) == 3


def test_a_session_sums_up_what_was_done() -> None:
    (session,) = sessions_of(
        [
            at(0 * HOUR, 1, session_began=BEGAN, severity=Severity.LOW),
            at(HOUR, 2, session_began=BEGAN, outcome=Outcome.REFUSED, source_ip="198.51.100.9"),
        ]
    )
    assert (session.first, session.last) == (NOW, NOW + HOUR)
    assert session.refused == 1
    assert session.highest is Severity.HIGH
    assert session.addresses == ("192.0.2.10", "198.51.100.9")
    assert session.id == alert(1).alert_id


@settings(deadline=None, derandomize=True)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 5000),
            st.sampled_from(["", BEGAN, "later"]),
            st.sampled_from(["", "AKIA…MPLE"]),
            st.sampled_from(["192.0.2.1", "192.0.2.2"]),
        ),
        max_size=12,
    ),
    st.randoms(use_true_random=False),
)
def test_each_alert_is_in_one_session_whatever_their_order(made: Any, random: Any) -> None:
    alerts = [
        at(minutes * MINUTE, n, session_began=began, access_key=key, source_ip=ip)
        for n, (minutes, began, key, ip) in enumerate(made)
    ]
    shuffled = random.sample(alerts, len(alerts))
    assert of(*shuffled) == of(*alerts)
    assert sorted(name for session in of(*alerts) for name in session) == sorted(
        each.event_id for each in alerts
    )
