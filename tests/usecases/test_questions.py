"""Was it you? Who did it is asked once, in person where that can be, and only they can answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Action, Reply
from chalicelib.alerts.handling import NO, YES, Person
from chalicelib.alerts.notices import QUESTION, notice_id
from chalicelib.delivery.outcome import Outcome, ambiguous, destination_refused
from chalicelib.monitoring.health import health
from chalicelib.rules.handling import HandlingChoices
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.usecases.due_later import DOES
from chalicelib.usecases.later import do_due
from tests.delivery.world import CHANNEL, World, alert
from tests.events import cloudtrail, iam_user
from tests.usecases.later import Killed, around_of, keep, mortal, press, swept

CHOICES = HandlingChoices(ask=Severity.HIGH, remind={Severity.CRITICAL: timedelta(minutes=15)})
PEOPLE = {"alice": "alice@example.com"}
ALICE, BOB = Person(id="U0ALICE", name="alice"), Person(id="U0BOB", name="bob")
RECORD = cloudtrail("StopLogging", userIdentity=iam_user("alice"))


class Directory:
    """Slack, as it is asked who somebody is and whether they can be written to."""

    def __init__(self) -> None:
        self.users = {"alice@example.com": "U0ALICE"}
        self.refuses: set[str] = set()
        self.is_away = False
        self.asked: list[str] = []

    def __call__(self, method: str, arguments: dict[str, Any]) -> dict[str, Any] | Outcome:
        self.asked.append(method)
        if self.is_away:
            return ambiguous("HTTP 503")
        if method in self.refuses:
            return destination_refused("missing_scope")
        if method == "conversations.open":
            return {"channel": {"id": "D0123456789"}}
        user = self.users.get(arguments["email"])
        return {"user": {"id": user}} if user else ambiguous("users_not_found")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(sqlite_store(tmp_path / "alerts.db"))


@pytest.fixture
def slack() -> Directory:
    return Directory()


def did(number: int = 1, severity: Severity = Severity.HIGH, **changes: Any) -> Alert:
    """What alice did."""
    values = {"actor": "alice", "principal": "alice", "record": RECORD, **changes}
    return alert(number, severity, **values)


def happens(world: World, *alerts: Alert) -> None:
    keep(world, *alerts, choices=CHOICES, people=PEOPLE)


def pass_by(world: World, slack: Directory | None, minutes: int = 1) -> None:
    swept(world, minutes, choices=CHOICES, people=PEOPLE, ask=slack)


def questions(world: World, channel: str | None = None) -> list[str]:
    return [
        message["text"]
        for name, shown in world.slack.channels.items()
        for message in shown
        if "Was it you?" in message["text"] and channel in (None, name)
    ]


def kept(world: World, one: Alert) -> Alert:
    (found,) = world.store.archive.alerts([one.alert_id])
    return found


def test_who_did_it_is_asked_in_person_at_once(world: World, slack: Directory) -> None:
    happens(world, did(text="alice stopped the trail"))
    pass_by(world, slack)
    (text,) = questions(world, "@U0ALICE")
    assert "Was it you? alice stopped the trail" in text
    assert kept(world, did()).handling.asked == "U0ALICE"
    pass_by(world, slack, 20)
    assert len(questions(world)) == 1


@pytest.mark.parametrize("severity", [Severity.MEDIUM, Severity.LOW])
def test_of_what_was_not_chosen_nobody_is(
    world: World, slack: Directory, severity: Severity
) -> None:
    happens(world, did(severity=severity))
    pass_by(world, slack)
    assert (questions(world), slack.asked) == ([], [])


def test_rules_may_be_chosen_one_by_one(world: World, slack: Directory) -> None:
    keep(
        world,
        did(1, Severity.LOW, rule_ids=("mine", "other")),
        choices=HandlingChoices(ask_rules=("other",)),
        people=PEOPLE,
    )
    pass_by(world, slack)
    assert len(questions(world)) == 1


def test_nobody_is_asked_whom_nobody_knows(world: World, slack: Directory) -> None:
    keep(world, did(), choices=CHOICES, people={})
    slack.users.clear()
    happens(world, did(2, actor="x", principal="x"))
    pass_by(world, slack, 60)
    assert questions(world) == []


def test_whom_the_token_may_not_write_to_is_asked_in_the_thread(
    world: World, slack: Directory
) -> None:
    slack.refuses = {"conversations.open"}
    happens(world, did())
    pass_by(world, slack)
    assert len(questions(world, "CTRAILBELL")) == 1
    (question,) = world.store.archive.alerts([notice_id(QUESTION, did().alert_id)])
    assert (question.mention, question.about) == ("<@U0ALICE>", did().alert_id)


def test_without_a_slack_to_ask_the_question_is_shown_where_the_alert_is(world: World) -> None:
    happens(world, did())
    pass_by(world, None)
    assert len(questions(world, "CTRAILBELL")) == 1
    assert kept(world, did()).handling.asked == "alice@example.com"


def test_while_slack_does_not_answer_the_question_waits(world: World, slack: Directory) -> None:
    slack.is_away = True
    happens(world, did())
    pass_by(world, slack, 5)
    assert questions(world) == []
    slack.is_away = False
    pass_by(world, slack, 2)
    assert len(questions(world)) == 1


def test_once_slack_has_not_answered_it_is_asked_no_more_in_that_sweep(
    world: World, slack: Directory
) -> None:
    slack.is_away = True
    happens(world, *(did(n, rule_id=f"r{n}", rule_ids=(f"r{n}",)) for n in range(9)))
    pass_by(world, slack)
    assert len(slack.asked) == 1
    slack.is_away = False
    pass_by(world, slack, 2)
    assert len(questions(world)) == 9


def test_of_one_rule_in_one_account_nobody_is_asked_twice_an_hour(
    world: World, slack: Directory
) -> None:
    happens(world, *(did(number) for number in range(1, 30)))
    pass_by(world, slack, 40)
    assert len(questions(world)) == 1
    happens(world, did(40), did(41, rule_id="other", rule_ids=("other",)))
    pass_by(world, slack)
    assert len(questions(world)) == 2  # of the other rule
    pass_by(world, slack, 40)
    happens(world, did(42))
    pass_by(world, slack)
    assert len(questions(world)) == 3


def test_a_yes_acknowledges_with_their_name_and_nothing_more_is_said(
    world: World, slack: Directory
) -> None:
    happens(world, did())
    pass_by(world, slack)
    assert press(world, Action.YES, did(), ALICE).reply is Reply.CONFIRMED
    handling = kept(world, did()).handling
    assert (handling.answer, handling.owner) == (YES, ALICE)
    pass_by(world, slack, 60)
    assert [text for text in world.texts if "has not answered" in text] == []


def test_nobody_else_can_answer(world: World, slack: Directory) -> None:
    happens(world, did())
    assert press(world, Action.YES, did(), ALICE).reply is Reply.NOT_ASKED
    pass_by(world, slack)
    for action in (Action.YES, Action.NO):
        assert press(world, action, did(), BOB).reply is Reply.NOT_ASKED
    assert kept(world, did()).handling.answer == ""


def test_a_no_makes_it_critical_calls_the_channel_and_says_what_to_do(
    world: World, slack: Directory
) -> None:
    happens(world, did(runbook="Start the trail again."), did(2, rule_id="b", rule_ids=("b",)))
    pass_by(world, slack)
    for number in (1, 2):
        assert press(world, Action.NO, did(number), ALICE).reply is Reply.DENIED
    one, other = kept(world, did(1)), kept(world, did(2))
    assert (one.severity, one.mention, one.runbook) == (
        Severity.CRITICAL,
        "@channel",
        "Start the trail again.",
    )
    assert other.runbook is not None
    assert "end their sessions" in other.runbook
    before = len(world.texts)
    pass_by(world, slack, 2)
    assert len(world.texts) > before  # told anew
    pass_by(world, slack, 16)
    assert sum("nobody has acknowledged" in text for text in world.texts) == 2


def test_a_no_takes_a_yes_back_and_no_yes_takes_a_no_back(world: World, slack: Directory) -> None:
    happens(world, did())
    pass_by(world, slack)
    press(world, Action.YES, did(), ALICE)
    assert press(world, Action.NO, did(), ALICE).reply is Reply.DENIED
    handling = kept(world, did()).handling
    assert (handling.answer, handling.owner) == (NO, None)
    assert press(world, Action.YES, did(), ALICE).reply is Reply.ANSWERED
    assert press(world, Action.NO, did(), ALICE).reply is Reply.ANSWERED


def test_no_answer_in_half_an_hour_is_said_where_the_alert_is_once(
    world: World, slack: Directory
) -> None:
    happens(world, did())
    pass_by(world, slack, 30)
    assert [text for text in world.texts if "has not answered" in text] == []
    pass_by(world, slack, 120)
    (said,) = [text for text in world.texts if "has not answered" in text]
    assert "alice was asked whether it was them, and has not answered for 30 minutes" in said


def test_the_half_hour_runs_from_when_the_question_was_told(world: World, slack: Directory) -> None:
    world.slack.behaviour = "invalid_auth"
    happens(world, did())
    pass_by(world, slack, 60)
    world.slack.behaviour = "ok"
    pass_by(world, slack, 29)
    assert [text for text in world.texts if "has not answered" in text] == []
    pass_by(world, slack, 15)
    assert len([text for text in world.texts if "has not answered" in text]) == 1


def test_a_question_that_the_person_cannot_be_told_is_asked_in_the_thread(
    world: World, slack: Directory
) -> None:
    def choose(method: str, channel: str, number: int) -> str:
        return "channel_not_found" if channel.startswith("@") else "ok"

    world.slack.choose = choose
    happens(world, did())
    pass_by(world, slack, 29)
    assert questions(world) == []
    pass_by(world, slack, 3)
    assert len(questions(world, "CTRAILBELL")) == 1
    found = health(world.store.archive, world.store.notes, world.clock.now(), next_step=str)
    assert not any("U0ALICE" in words for words in found.words)
    pass_by(world, slack, 40)
    assert len([text for text in world.texts if "has not answered" in text]) == 1


def test_who_was_asked_and_acknowledged_it_has_answered(world: World, slack: Directory) -> None:
    happens(world, did())
    pass_by(world, slack)
    press(world, Action.ACKNOWLEDGE, did(), ALICE)
    pass_by(world, slack, 60)
    assert [text for text in world.texts if "has not answered" in text] == []


def test_it_is_asked_once_and_missed_once_wherever_the_process_is_killed(
    tmp_path: Path, slack: Directory
) -> None:
    at = 0
    while True:
        world = World(sqlite_store(tmp_path / f"{at}.db"))
        happens(world, did())
        chosen: dict[str, Any] = {"choices": CHOICES, "people": PEOPLE, "ask": slack}
        try:
            around = around_of(world, mortal(world.store, at), **chosen)
            do_due(around, DOES, lambda: 60_000.0)
        except Killed:
            pass
        else:
            break
        pass_by(world, slack, 45)
        assert len(questions(world)) == 1
        assert len([text for text in world.texts if "has not answered" in text]) == 1
        at += 1
    assert at >= 14


def test_a_question_is_no_alert_that_anybody_lists(world: World, slack: Directory) -> None:
    happens(world, did())
    pass_by(world, slack)
    now = world.clock.now()
    counted = world.store.archive.summary(now - timedelta(days=1), now + timedelta(days=1))
    assert counted.total == 1
    assert replace(kept(world, did()), handling=did().handling) == replace(did())


def test_the_channel_of_the_alert_stays_what_it_was(world: World, slack: Directory) -> None:
    happens(world, did())
    pass_by(world, slack, 3)
    assert [each.channel for each in world.store.queue.deliveries([did().alert_id], CHANNEL)] == [
        CHANNEL
    ]
