"""The buttons of a message, who handles it, and what whoever clicked is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Action, Handled, Reply
from chalicelib.alerts.handling import NO, YES, Handling, Muted, Person
from chalicelib.alerts.mutes import SPANS, mute_of
from chalicelib.alerts.notices import QUESTION, TRAILBELL
from chalicelib.rules.rule import Severity
from chalicelib.slack.limits import violations
from chalicelib.slack.message import Look, digest, single
from chalicelib.slack.replies import is_shown, reply
from chalicelib.slack.terminal import drawn
from tests.slack.stub import buttons_of, refused_buttons
from tests.stores.factories import NOW, alert

ACTING = Look(public_url="https://trail.example.com/", buttons=True)
ANNA = Person(id="UANNA", name="anna")
OWNED = Handling(owner=ANNA, since=NOW)
MUTED = Handling(muted=Muted(mute_id="m" * 32, by=ANNA, until=NOW + timedelta(hours=1)))


def message(of: Alert, look: Look = ACTING, **changes: Any) -> dict[str, Any]:
    return single(of, channel="#alerts", post_id="p", look=look, **changes)


def acts(of: dict[str, Any]) -> list[str]:
    return [each["action_id"] for each in buttons_of(of) if "url" not in each]


@pytest.mark.parametrize("severity", [Severity.HIGH, Severity.LOW])
def test_an_alert_can_be_acknowledged_and_what_is_like_it_muted(severity: Severity) -> None:
    one = alert(severity=severity)
    said = message(one)
    assert acts(said) == ["acknowledge", "mute"]
    acknowledge, mute = buttons_of(said)[:2]
    assert acknowledge["value"] == one.alert_id
    values = [option["value"] for option in mute["options"]]
    assert values == [f"{one.alert_id} {span}" for span in SPANS] == [
        f"{one.alert_id} {span}" for span in ("1h", "8h", "1d", "7d")
    ]  # fmt: skip


@pytest.mark.parametrize("changes", [{"severity": Severity.CRITICAL}, {"actor_type": TRAILBELL}])
def test_what_is_critical_or_about_trailbell_is_never_muted(changes: dict[str, Any]) -> None:
    assert acts(message(alert(**changes))) == ["acknowledge"]


def test_without_a_way_back_there_are_no_buttons_that_act() -> None:
    look = replace(ACTING, buttons=False)
    assert acts(message(alert(), look)) == []
    assert acts(digest([alert()], channel="#alerts", post_id="p", look=look)) == []


def test_who_looks_at_it_stands_in_every_form_and_gives_it_back_by_a_button_of_its_own() -> None:
    owned = alert(handling=OWNED)
    assert acts(message(owned)) == ["release", "mute"]
    for form in range(3):
        for of in (owned, replace(owned, severity=Severity.LOW)):
            said = message(of, form=form)
            assert "anna is looking at it · " in drawn(said, width=200)
            assert "12:00 UTC>" in str(said)


def test_a_mute_is_named_with_its_end_and_ended_by_a_button() -> None:
    said = message(alert(handling=MUTED))
    assert acts(said) == ["acknowledge", "mute_end"]
    assert buttons_of(said)[1]["value"] == "m" * 32
    assert "Muted by anna until" in drawn(said, width=200)


def test_a_digest_is_acknowledged_as_one_by_its_first_alert() -> None:
    many = [alert(number, severity=Severity.LOW) for number in range(1, 251)]
    said = digest(many, channel="#alerts", post_id="p", look=ACTING)
    assert acts(said) == ["acknowledge"]
    assert buttons_of(said)[0]["value"] == many[0].alert_id
    owned = [replace(many[0], handling=OWNED), *many[1:]]
    said = digest(owned, channel="#alerts", post_id="p", look=ACTING)
    assert acts(said) == ["release"]
    assert "anna is looking at it" in drawn(said, width=200)


def test_a_question_has_its_two_answers_and_another_notice_none() -> None:
    asked = alert(notice=QUESTION, about="b" * 32, actor_type=TRAILBELL)
    said = message(asked)
    assert acts(said) == ["was_it_you:yes", "was_it_you:no"]
    assert {each["value"] for each in buttons_of(said) if "url" not in each} == {"b" * 32}
    assert acts(message(replace(asked, notice="reminder"))) == []


@pytest.mark.parametrize(
    ("handling", "words"),
    [
        (replace(OWNED, answer=YES, answered_at=NOW, answered_by=ANNA), "anna says: yes, I did"),
        (Handling(answer=NO, answered_at=NOW, answered_by=ANNA), "anna says: no, it was not me"),
    ],
)
def test_what_the_person_who_was_asked_said_stands_in_the_message(
    handling: Handling, words: str
) -> None:
    assert words in drawn(message(alert(handling=handling)), width=200)


def test_a_notice_is_its_sentence_its_lines_and_the_way_to_what_it_is_about() -> None:
    summed = alert(
        notice="summary",
        title="The day's summary",
        text="The day: 3 alerts",
        event_id="2026-11-23T08:00:00Z/2026-11-24T08:00:00Z",
        resources=("Most active: alice 3", "Refused: <none>"),
        actor_type=TRAILBELL,
        severity=Severity.INFO,
    )
    for form in range(3):
        said = message(summed, form=form)
        assert violations(said) == []
        assert "CloudTrail" not in str(said)
        assert "The day: 3 alerts" in said["text"]
    urls = [button["url"] for button in buttons_of(message(summed))]
    span = "since=2026-11-23T08%3A00%3A00Z&until=2026-11-24T08%3A00%3A00Z"
    assert urls[0] == f"https://trail.example.com/?{span}"
    assert urls[-1] == f"https://trail.example.com/?{span}&state=muted"
    assert "*Refused:* &lt;none&gt;" in str(message(summed))
    about = message(replace(summed, notice="reminder", about="b" * 32))
    assert [button["url"] for button in buttons_of(about)] == [
        f"https://trail.example.com/#alert={'b' * 32}"
    ]
    ended = message(replace(summed, notice="mute_ended"))
    assert [button["url"] for button in buttons_of(ended)] == [
        "https://trail.example.com/?state=muted"
    ]


def test_a_name_cannot_format_link_or_mention() -> None:
    hostile = Handling(owner=Person(id="U1", name="<!channel> *x* `y`"), since=NOW)
    said = str(message(alert(handling=hostile)))
    assert "<!channel>" not in said
    assert "&lt;!channel&gt;" in said


@pytest.mark.parametrize("handling", [Handling(), OWNED, replace(OWNED, muted=MUTED.muted)])
@pytest.mark.parametrize("severity", list(Severity))
def test_every_message_with_buttons_keeps_slack_s_limits(
    severity: Severity, handling: Handling
) -> None:
    one = alert(severity=severity, handling=handling)
    for form in range(3):
        said = message(one, form=form)
        assert (violations(said), refused_buttons(said)) == ([], "")


def test_the_validator_knows_the_limits_of_menus() -> None:
    def wrong(**changes: Any) -> list[str]:
        text = {"type": "plain_text", "text": "for 1 hour"}
        menu = {
            "type": "static_select",
            "action_id": "mute",
            "placeholder": text,
            "options": [{"text": text, "value": "x 1h"}],
        } | changes
        block = {"type": "actions", "elements": [menu]}
        return violations({"channel": "#a", "text": "x", "blocks": [block]})

    text = {"type": "plain_text", "text": "x"}
    assert wrong() == []
    assert wrong(options=[])
    assert wrong(options=[{"text": text, "value": "1"}] * 101)
    assert wrong(options=[{"text": {"type": "plain_text", "text": "x" * 76}, "value": "1"}])
    assert wrong(options=[{"text": text, "value": "x" * 151}])
    assert wrong(placeholder=None)
    assert wrong(action_id="x" * 256)


def test_in_the_terminal_the_buttons_are_keys_and_a_command_to_paste_presses_the_first() -> None:
    one = alert()
    text = drawn(message(one), width=80)
    assert "[a] acknowledge  [m] mute 1h|8h|1d|7d" in text
    # Broken in two by the bar it could be copied no more: it fits whole beside the bar.
    assert f"▌ .venv/bin/python trailbell.py press {one.alert_id} a\n" in text


@pytest.mark.parametrize("what", list(Reply))
def test_each_reply_has_words(what: Reply) -> None:
    mute = mute_of(alert(), ANNA, NOW, timedelta(hours=1), channel="#alerts")
    handled = Handled(reply=what, alert=alert(handling=OWNED), mute=mute)
    assert reply(handled).endswith((".", "them."))
    assert reply(replace(handled, alert=None, mute=None))


def test_a_second_click_is_told_who_has_it() -> None:
    taken = Handled(reply=Reply.TAKEN, alert=alert(handling=OWNED))
    assert reply(taken).startswith("anna is looking at it already, since")
    assert not is_shown(taken)


def test_a_mute_says_what_it_hides() -> None:
    mute = mute_of(alert(), ANNA, NOW, timedelta(hours=1), channel="#alerts")
    said = reply(Handled(reply=Reply.MUTED, mute=mute))
    assert "trail-stopped by alice in 111122223333 (succeeded, up to high)" in said


def test_the_ids_of_the_buttons_are_those_that_are_documented() -> None:
    assert {action.value for action in Action} == {
        "acknowledge",
        "release",
        "mute",
        "mute_end",
        "was_it_you:yes",
        "was_it_you:no",
    }
