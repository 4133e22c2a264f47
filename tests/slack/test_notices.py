"""What Trailbell says of handling: short, within Slack's limits whatever names hold, and linked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts import sayings
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import Summary
from chalicelib.alerts.days import day_of
from chalicelib.alerts.handling import Person
from chalicelib.alerts.mutes import mute_of
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.summing import Counted, summary_of
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.handling import SummaryChoices
from chalicelib.rules.rule import Severity
from chalicelib.slack.limits import violations
from chalicelib.slack.message import Look, single
from tests.slack.stub import buttons_of, texts
from tests.stores.factories import alert, delivery

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
ANNA = Person(id="U0ANNA", name="anna")
PAGE = "https://trailbell.example.com/"


def message(notice: Alert, form: int = 0, *, buttons: bool = True) -> dict[str, Any]:
    look = Look(public_url=PAGE, buttons=buttons)
    return single(notice, channel="#security", post_id="p", look=look, form=form)


def summary(name: str = "alice", count: int = 9) -> Alert:
    day = day_of(SummaryChoices(at=time(9)), NOW)
    counted = Counted()
    for number in range(count):
        made = alert(
            number,
            actor=f"{number}{name}",
            text=f"{number}{name} did it",
            event_name=f"{number}{name}",
            outcome=Outcome.REFUSED,
        )
        counted.add(StoredAlert(alert=made, deliveries=(delivery(made),)))
    counts = Summary(
        total=count, severities={"high": count}, rules={f"{n}{name}": n for n in range(count)}
    )
    return summary_of(day, counts, counted, "#security", NOW)


def every_kind(name: str = "alice") -> list[Alert]:
    about = alert(1, text=f"{name} stopped the trail", actor=name, mention="@here")
    mute = mute_of(about, replace(ANNA, name=name), NOW, timedelta(hours=1), channel="#security")
    ended = replace(mute, ended_at=NOW, ended_by=ANNA)
    return [
        sayings.reminder(about, "1.2", timedelta(minutes=15), "#security", NOW),
        sayings.question(about, "U0ANNA", "@U0ANNA", NOW),
        sayings.question(about, "U0ANNA", "#security", NOW),
        sayings.no_answer(about, "#security", NOW),
        sayings.mute_ended(mute, 7, NOW),
        sayings.mute_ended(ended, 0, NOW),
        sayings.mute_hides_many(mute, 1234, 1, NOW),
        sayings.muted_own_doing(mute, NOW),
        summary(name),
    ]


@pytest.mark.parametrize("form", [0, 1, 2])
@pytest.mark.parametrize("number", range(9))
def test_each_kind_keeps_slacks_limits_in_each_form(number: int, form: int) -> None:
    assert violations(message(every_kind()[number], form)) == []


@pytest.mark.parametrize("number", range(9))
def test_no_name_can_mention_link_or_grow_beyond_the_limits(number: int) -> None:
    payload = message(every_kind("<!channel>&" * 40)[number])
    assert violations(payload) == []
    assert not any("<!channel>" in text for text in texts(payload))
    assert payload["attachments"][0]["blocks"]  # not a plainer form


@pytest.mark.parametrize("name", ["𐀀" * 23 + "𝐪" * 10, "名" * 40, "𝐪 " * 60, "й" * 60])
def test_a_summary_with_names_that_weigh_much_keeps_all_its_lines(name: str) -> None:
    said = summary(name)
    payload = message(said)
    assert violations(payload) == []
    for label in (line.partition(":")[0] for line in said.resources):
        assert any(f"*{label}:*" in text for text in texts(payload)), label


@given(st.text(max_size=300))
def test_whatever_a_name_holds_the_summary_is_told_in_full(name: str) -> None:
    payload = message(summary(name.replace("\n", " ")))
    assert violations(payload) == []
    assert any("*Refused:*" in text for text in texts(payload))


def test_only_a_question_has_answers_and_only_where_they_lead_somewhere() -> None:
    def actions(notice: Alert, *, buttons: bool) -> list[str]:
        found = buttons_of(message(notice, buttons=buttons))
        return [each["action_id"] for each in found if each.get("value")]

    for notice in every_kind():
        expected = ["was_it_you:yes", "was_it_you:no"] if "Was it" in notice.title else []
        if notice.title.startswith("No answer"):
            expected = []
        assert actions(notice, buttons=True) == expected
        assert actions(notice, buttons=False) == []


def test_a_question_in_the_thread_mentions_who_is_asked_and_in_person_does_not() -> None:
    _, in_person, in_thread, *_ = every_kind()
    assert "<@U0ANNA>" in message(in_thread)["text"]
    assert "<@U0ANNA>" not in message(in_person)["text"]


def test_a_reminder_calls_whom_the_alert_called() -> None:
    assert message(every_kind()[0])["text"].endswith("<!here>")


def test_the_summary_leads_to_its_day_on_the_page() -> None:
    links = [each for each in buttons_of(message(summary())) if "url" in each]
    day = "since=2026-11-23T08%3A45%3A00Z&until=2026-11-24T08%3A45%3A00Z"
    assert links[0]["url"] == f"{PAGE}?{day}"
    assert f"{PAGE}?{day}&severity=critical" in [link["url"] for link in links]
    assert f"{PAGE}?{day}&acknowledged=false" in [link["url"] for link in links]


def test_the_same_notice_is_made_under_one_id() -> None:
    assert [each.alert_id for each in every_kind()] == [each.alert_id for each in every_kind()]
    assert (
        len({each.alert_id for each in every_kind()}) == 7
    )  # one for two questions, and for two ends


def test_a_reminder_is_as_severe_as_its_alert() -> None:
    assert every_kind()[0].severity is Severity.HIGH
