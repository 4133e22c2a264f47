"""The whole program: what rule files choose is looked at later by the sweep, and only then."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.clicks import Action, Click, Reply
from chalicelib.alerts.handling import Person
from chalicelib.bootstrap import Program
from chalicelib.rules.place import RulesError
from chalicelib.settings import Settings
from chalicelib.usecases.handle import handle
from tests.events import cloudtrail, iam_user
from tests.slack.stub import Slack, serving

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HANDLING = """\
[handling]
remind = { critical = "15m" }
ask = true

[people]
alice = "alice@example.com"

[summary]
at = "12:30"
quiet_days = true
"""


class Watched(Program):
    """A program whose clock is set by hand, and what its terminal shows."""

    def __init__(self, folder: Path, rules: str, **more: str) -> None:
        (folder / "mine.toml").write_text(rules)
        env = {
            "ALERT_STORE": f"sqlite:///{folder}/alerts.db",
            "RULES_FILE": str(folder / "mine.toml"),
            **more,
        }
        self.shown = io.StringIO()
        self.time = NOON
        super().__init__(Settings.from_env(env), screen=self.shown)
        self.now = lambda: self.time

    def minutes(self, count: int) -> None:
        """So many sweeps, one a minute."""
        for _ in range(count):
            self.sweep(lambda: 120_000.0)
            self.time += timedelta(minutes=1)

    def happens(self, **changes: Any) -> None:
        """Alice stops a trail."""
        record = cloudtrail(
            "StopLogging",
            eventTime=f"{self.time:%Y-%m-%dT%H:%M:%SZ}",
            userIdentity=iam_user("alice"),
            **changes,
        )
        self.ingest([json.dumps(record)], lambda: 120_000.0)

    def count(self, words: str) -> int:
        return " ".join(self.shown.getvalue().split()).count(words)


def test_all_of_it_is_said_once_by_a_program_that_chose_it(tmp_path: Path) -> None:
    program = Watched(tmp_path, HANDLING)
    program.happens()
    program.minutes(60)
    assert program.count("Was it you? alice") == 1
    assert program.count("For 15 minutes nobody has acknowledged this: alice") == 1
    assert program.count("alice was asked whether it was them, and has not answered") == 1
    assert program.count("The day until Tue 24 Nov, 12:15 UTC: 1 alert, 1 critical") == 1


def test_in_slack_who_did_it_is_found_asked_in_person_and_believed(tmp_path: Path) -> None:
    scopes = {"chat:write", "users:read.email", "im:write"}
    slack = Slack(scopes=scopes, people={"alice@example.com": "U0ALICE"})
    with serving(slack) as url:
        program = Watched(tmp_path, HANDLING, SLACK_TOKEN="xoxb-test", SLACK_API_URL=url)
        slack.clock = lambda: program.time.timestamp()
        program.happens()
        program.minutes(1)
        (asked,) = slack.channels["D0ALICE00"]
        assert "Was it you?" in asked["text"]
        (listed,) = program.archive.search(AlertQuery(actor=("alice",)), 10).alerts
        click = Click(
            action=Action.YES,
            subject=listed.alert.alert_id,
            person=Person(id="U0ALICE", name="alice"),
            at=program.time,
            channel_id="D0ALICE00",
            ts=asked["ts"],
        )
        assert handle(click, program).reply is Reply.CONFIRMED
        program.minutes(40)
    shown = " ".join(message["text"] for message in slack.channels["CTRAILBELL"])
    assert "has not answered" not in shown
    assert "The day until Tue 24 Nov, 12:15 UTC: " in shown


def test_what_an_addendum_makes_urgent_is_said_once_more_too(tmp_path: Path) -> None:
    program = Watched(tmp_path, HANDLING)
    program.happens(errorCode="AccessDenied", eventID="event-1")
    program.happens(
        eventID="event-2",
        addendum={
            "reason": "UPDATED_DATA",
            "updatedFields": "errorCode",
            "originalEventID": "event-1",
        },
    )
    program.minutes(20)
    assert program.count("For 15 minutes nobody has acknowledged this: alice") == 1


def test_what_its_original_makes_urgent_after_the_addendum_is_said_once_more_too(
    tmp_path: Path,
) -> None:
    program = Watched(tmp_path, HANDLING)
    program.happens(
        eventID="event-2",
        errorCode="AccessDenied",
        addendum={
            "reason": "UPDATED_DATA",
            "updatedFields": "errorCode",
            "originalEventID": "event-1",
        },
    )
    program.minutes(1)
    program.happens(eventID="event-1")
    program.happens(eventID="event-1")
    program.minutes(20)
    assert program.count("For 15 minutes nobody has acknowledged this: alice") == 1


def test_without_a_choice_nothing_is_kept_for_later(tmp_path: Path) -> None:
    program = Watched(tmp_path, "")
    program.happens()
    program.minutes(60)
    assert program.store.followups.due(NOON + timedelta(days=6), 10) == []
    for words in ("Was it you?", "nobody has acknowledged", "The day until"):
        assert program.count(words) == 0


def test_while_no_rules_load_it_waits(tmp_path: Path) -> None:
    program = Watched(tmp_path, HANDLING)
    program.happens()
    (tmp_path / "mine.toml").write_text("[handling]\nremind = 3")
    broken = Watched.__new__(Watched)
    Program.__init__(broken, program.settings, screen=program.shown)
    broken.now = lambda: NOON + timedelta(hours=1)
    with pytest.raises(RulesError):
        broken.sweep(lambda: 120_000.0)
    assert program.count("nobody has acknowledged") == 0
    program.time += timedelta(hours=1)
    program.minutes(3)
    assert program.count("nobody has acknowledged") == 1
