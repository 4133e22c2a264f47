"""What came together, as a message tells it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.together import Together
from chalicelib.rules.rule import Severity
from chalicelib.slack.limits import violations
from chalicelib.slack.message import Look, single
from tests.stores.factories import NOW, alert


def of(**changes: object) -> Alert:
    values = {
        "kind": "value_count",
        "group": "0" * 32,
        "count": 1000,
        "first": NOW - timedelta(minutes=9, seconds=12),
        "last": NOW,
        "more": True,
        "distinct": 12,
        "values": tuple(f"prod/db-{number}" for number in range(10)),
        **changes,
    }
    return replace(alert(), event_id="", together=Together(**values))  # type: ignore[arg-type]


def text_of(told: Alert, form: int = 0) -> str:
    payload = single(told, channel="#c", post_id="p", look=Look(), form=form)
    assert violations(payload) == []
    return str(payload)


def test_a_message_says_how_many_how_long_which_values_and_the_first_and_last() -> None:
    for severity in (Severity.HIGH, Severity.LOW):
        said = text_of(replace(of(), severity=severity))
        assert "1,000 or more within 9 min 12 s · first <!date^" in said
        assert "12 different: `prod/db-0`, `prod/db-1`," in said
        assert "`prod/db-9` and 2 more" in said
    for form in (1, 2):
        assert "1,000 or more within 9 min 12 s" in text_of(of(), form)


def test_what_members_differ_in_is_said_to_be_several() -> None:
    told = replace(of(), actor="", actor_detail="", mfa=None, event_name="", event_source="")
    assert "*Who*\\nseveral actors" in text_of(told)
    assert "*Operation*\\nseveral operations'" in text_of(told)


def test_long_values_stay_within_slacks_limits() -> None:
    text_of(of(values=tuple("v" * 80 + str(number) for number in range(10))))
