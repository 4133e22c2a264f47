"""Clicks and commands, from Slack's signed request to the message that shows what came of it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from chalice.app import Chalice
from chalice.test import Client

from chalicelib.alerts.archive import AlertPage, AlertQuery
from chalicelib.alerts.clicks import Action, Click
from chalicelib.alerts.deciding import decision
from chalicelib.alerts.handling import Person
from chalicelib.alerts.outbox import StoreError
from chalicelib.bootstrap import Program, now
from chalicelib.settings import Settings
from chalicelib.usecases import commands
from chalicelib.web.api import register
from cli.pressing import Message, action, command, user_id
from tests.events import cloudtrail
from tests.slack.pressing import SECRET, Presser
from tests.slack.stub import Slack, serving

CHANNEL, ITS_ID = "#alerts", "CALERTS"


@dataclass
class Place:
    """The program behind its routes, the workspace, and somebody in it."""

    program: Program
    slack: Slack
    anna: Presser

    def tell(self, name: str = "StopLogging", **fields: Any) -> str:
        """Take in a record and tell of it; the alert's id."""
        event_time = datetime.now(UTC) - timedelta(minutes=1)
        fields = {"eventTime": f"{event_time:%Y-%m-%dT%H:%M:%SZ}"} | fields
        before = {each.alert.alert_id for each in self.alerts()}
        self.program.ingest([cloudtrail(name, **fields)], lambda: 60_000.0)
        (new,) = {each.alert.alert_id for each in self.alerts()} - before
        return str(new)

    def alerts(self) -> Any:
        return self.program.archive.search(AlertQuery(), 50).alerts

    def handling(self, alert_id: str) -> Any:
        stored = self.program.archive.get(alert_id)
        assert stored
        return stored.alert.handling

    def sweep(self) -> None:
        self.program.sweep(lambda: 60_000.0)

    def shown(self, number: int = -1) -> str:
        return str(self.anna.messages()[number][1])

    def other(self, name: str, **changes: Any) -> Presser:
        return replace(self.anna, name=name, **changes)


@contextmanager
def a_place(folder: Path, rules: str = "", **settings: Any) -> Iterator[Place]:
    slack = Slack()
    slack.scopes |= {"users:read", "usergroups:read"}
    (folder / "rules.toml").write_text(rules)
    with serving(slack) as url:
        chosen: dict[str, Any] = {
            "slack_token": "xoxb-" + "test",
            "slack_channel": CHANNEL,
            "slack_api_url": url,
            "slack_signing_secret": SECRET,
            "alert_store": f"sqlite:///{folder}/alerts.db",
            "rules_file": str(folder / "rules.toml"),
            "swept": True,
        }
        program = Program(Settings(**chosen | settings))
        app = Chalice(app_name="trailbell")
        register(app, lambda: program, now)
        with Client(app) as client:
            yield Place(program, slack, Presser(slack, client))


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with a_place(tmp_path) as found:
        yield found


def until(true: Callable[[], Any], seconds: float = 5.0) -> None:
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends
        time.sleep(0.02)


def whispered(place: Place) -> str:
    """What the one who clicked was told, which comes after the answer."""
    until(lambda: place.slack.whispers)
    said = place.slack.whispers.pop()
    assert said["channel"] == ITS_ID
    return str(said["text"])


def test_a_click_says_who_looks_at_it_in_the_store_at_once_and_in_the_message_soon(
    place: Place,
) -> None:
    alert_id = place.tell()
    assert place.anna.press("acknowledge").status_code == 200
    owner = place.handling(alert_id).owner
    assert (owner.id, owner.name, owner.via) == (user_id("anna"), "anna", "slack")
    place.sweep()
    assert "anna is looking at it · " in place.shown()
    assert "'action_id': 'release'" in place.shown()
    assert len(place.anna.messages()) == 1


def test_the_message_shows_it_within_five_seconds_without_waiting_for_the_minute(
    tmp_path: Path,
) -> None:
    with a_place(tmp_path, swept=False) as place:
        place.tell()
        place.anna.press("acknowledge")
        until(lambda: "anna is looking at it" in place.shown())
        until(lambda: not is_busy())


def is_busy() -> bool:
    """Whether the thread that sweeps is still about."""
    return any(thread.name == "at once" for thread in threading.enumerate())


def test_the_first_owner_stays_and_the_second_is_told_who_has_it(place: Place) -> None:
    alert_id = place.tell()
    place.anna.press("acknowledge")
    answer = place.other("bob").press("acknowledge")
    assert answer.status_code == 200
    assert "anna is looking at it already" in answer.json_body["text"]
    assert "anna is looking at it already" in whispered(place)
    assert place.handling(alert_id).owner.name == "anna"


def test_only_the_owner_gives_it_back_by_a_button_of_its_own(place: Place) -> None:
    alert_id = place.tell()
    place.anna.press("acknowledge")
    place.sweep()
    assert "Only anna can give it back" in place.other("bob").press("release").json_body["text"]
    place.anna.press("release")
    assert place.handling(alert_id).owner is None
    place.sweep()
    assert "is looking at it" not in place.shown()


def test_the_same_request_twice_changes_nothing_more(place: Place) -> None:
    alert_id = place.tell()
    channel, shown = place.anna.messages()[-1]
    body = action(Action.ACKNOWLEDGE, alert_id, Message(channel, shown["ts"]), "anna")
    at = datetime.now(UTC)
    anna = replace(place.anna, team="T0LOCAL")
    assert place.anna.team != anna.team
    body = body.replace(b"T0LOCAL", place.anna.team.encode())
    assert place.anna.post("/slack/actions", body, at=at).status_code == 200
    place.anna.press("acknowledge")
    since = place.handling(alert_id).since
    assert place.anna.post("/slack/actions", body, at=at).status_code == 200
    assert place.handling(alert_id).since == since


def test_a_mute_says_what_it_hides_and_until_when(place: Place) -> None:
    place.tell("PutBucketAcl", eventSource="s3.amazonaws.com",
               requestParameters={"bucketName": "b", "x-amz-acl": "public-read"})  # fmt: skip
    words = place.anna.press("mute", "8h").json_body["text"]
    assert words.startswith("Muted until")
    (mute,) = place.program.store.mutes.in_force()
    assert mute.until - mute.since == timedelta(hours=8)
    assert mute.by.name == "anna"


@pytest.mark.parametrize(
    ("button", "value", "says"),
    [
        (Action.ACKNOWLEDGE, "0" * 32, "no such alert"),
        (Action.RELEASE, "0" * 32, "no such alert"),
        (Action.MUTE_END, "0" * 32, "no such mute"),
        (Action.YES, "", "only whoever was asked"),
        (Action.NO, "", "only whoever was asked"),
        (Action.RELEASE, "", "nothing to give back"),
    ],
)
def test_a_stale_button_is_answered_with_what_holds_now(
    place: Place, button: Action, value: str, says: str
) -> None:
    alert_id = place.tell()
    channel, shown = place.anna.messages()[-1]
    answer = place.anna.send(button, value or alert_id, Message(channel, shown["ts"]))
    assert answer.status_code == 200
    assert says in answer.json_body["text"]
    assert says in whispered(place)


def test_a_button_acts_only_on_what_its_message_carries(place: Place) -> None:
    first, _ = place.tell(), place.tell("DeleteTrail")
    channel, second = place.anna.messages()[-1]
    answer = place.anna.send(Action.ACKNOWLEDGE, first, Message(channel, second["ts"]))
    assert "does not carry" in answer.json_body["text"]
    assert place.handling(first).owner is None
    answer = place.anna.send(Action.ACKNOWLEDGE, first, Message("COTHER", second["ts"]))
    assert place.handling(first).owner is None


def raw(**payload: Any) -> bytes:
    user = {"id": user_id("anna"), "username": "anna", "team_id": "T0123456789"}
    whole = {"type": "block_actions", "user": user, "team": {"id": "T0123456789"}} | payload
    return urlencode({"payload": json.dumps(whole)}).encode()


def test_a_button_of_another_version_is_answered_kindly_and_a_link_with_nothing(
    place: Place,
) -> None:
    link = raw(actions=[{"action_id": "open_0", "type": "button"}])
    answer = place.anna.post("/slack/actions", link)
    assert (answer.status_code, answer.body) == (200, b"")
    for action_id, value in (("snooze", "x"), ("acknowledge", "é" * 2000), ("mute", "x 2h")):
        button = {"action_id": action_id, "value": value}
        unknown = raw(actions=[button], channel={"id": ITS_ID}, message={"ts": "17.000100"})
        answer = place.anna.post("/slack/actions", unknown)
        assert answer.status_code == 200
        assert "another version" in answer.json_body["text"]
        assert "another version" in whispered(place)


@pytest.mark.parametrize(
    "body", [b"", b"payload=%7B", raw(), raw(actions=[{"action_id": "acknowledge", "value": "x"}])]
)
def test_what_cannot_be_read_is_a_400(place: Place, body: bytes) -> None:
    answer = place.anna.post("/slack/actions", body)
    assert (answer.status_code, answer.json_body["code"]) == (400, "bad_request")


def test_another_workspace_s_are_refused_whoever_they_are(place: Place) -> None:
    alert_id = place.tell()
    stranger = place.other("eve", team="TOTHER")
    assert stranger.press("acknowledge").status_code == 403
    command = urlencode({"user_id": "UEVE", "team_id": "TOTHER", "channel_id": ITS_ID})
    assert stranger.post("/slack/commands", command.encode()).status_code == 403
    assert place.handling(alert_id).owner is None
    assert place.slack.whispers == []


def test_a_guest_is_refused(place: Place) -> None:
    alert_id = place.tell()
    place.slack.guests.add(user_id("gus"))
    assert place.other("gus").press("acknowledge").status_code == 403
    assert "not among those who handle alerts" in whispered(place)
    assert place.handling(alert_id).owner is None
    assert "not among those" in place.other("gus").ask("last", ITS_ID)


def test_where_slack_does_not_say_who_is_a_guest_the_channel_may(place: Place) -> None:
    alert_id = place.tell()
    place.slack.scopes.discard("users:read")
    place.anna.press("acknowledge")
    assert place.handling(alert_id).owner.name == "anna"


def test_that_slack_did_not_say_who_is_a_guest_holds_for_that_click_alone(place: Place) -> None:
    place.tell()
    place.slack.guests.add(user_id("gus"))
    place.slack.scopes.discard("users:read")
    assert place.other("gus").press("acknowledge").status_code == 200
    place.slack.scopes.add("users:read")
    assert place.other("gus").press("acknowledge").status_code == 403


def test_where_some_are_named_they_alone_may_also_from_elsewhere_and_as_guests(
    tmp_path: Path,
) -> None:
    rules = f'[handling]\nmay = ["{user_id("eve")}", "SOPS01"]\n'
    with a_place(tmp_path, rules) as place:
        place.slack.groups = {"SOPS01": [user_id("bob")]}
        alert_id = place.tell()
        assert place.anna.press("acknowledge").status_code == 403
        # Nobody is known to be in a group before the sweep has read it.
        assert place.other("bob").press("acknowledge").status_code == 403
        place.sweep()
        assert place.other("bob").press("acknowledge").status_code == 200
        assert place.handling(alert_id).owner.name == "bob"
        assert place.other("eve", team="TOTHER").press("acknowledge").status_code == 200


class Away:
    """A store that cannot be reached."""

    def __getattr__(self, name: str) -> Any:
        raise StoreError("the table is gone")


def test_a_store_that_is_down_is_said_and_the_click_may_be_repeated(place: Place) -> None:
    alert_id = place.tell()
    store = place.program.store
    place.program.__dict__["store"] = cast("Any", Away())
    answer = place.anna.press("acknowledge")
    assert (answer.status_code, answer.json_body["code"]) == (503, "unavailable")
    assert "try again in a minute" in whispered(place)
    place.program.__dict__["store"] = store
    assert place.anna.press("acknowledge").status_code == 200
    assert place.handling(alert_id).owner.name == "anna"


def test_without_the_secret_there_are_no_buttons_and_no_routes(tmp_path: Path) -> None:
    with a_place(tmp_path, slack_signing_secret=None) as place:
        place.tell()
        assert "acknowledge" not in place.shown()
        assert place.anna.post("/slack/actions", b"payload=%7B%7D").status_code == 404


def test_last_lists_what_was_told_here_the_newest_first(place: Place) -> None:
    place.tell()
    place.tell("DeleteTrail")
    said = place.anna.ask("last", ITS_ID)
    assert "delete" in said.splitlines()[1]
    assert len(place.anna.ask("last 1", ITS_ID).splitlines()) == 3
    assert "takes a number" in place.anna.ask("last 21", ITS_ID)
    assert place.anna.ask("last\u00a01", ITS_ID) == place.anna.ask("LAST  1", ITS_ID)


def test_find_opens_nothing_to_those_who_could_not_read_it(tmp_path: Path) -> None:
    rules = '[[route]]\naccounts = ["111122223333"]\nchannel = "#secret"\n'
    with a_place(tmp_path, rules) as place:
        place.tell()
        assert place.anna.messages()[-1][0] == "CSECRET"
        assert "no" in place.anna.ask("find alice", ITS_ID).lower()
        assert "alice" not in place.anna.ask("find alice", ITS_ID).replace("find alice", "")
        assert "alice" not in place.anna.ask("last", "CELSEWHERE")
        assert "alice" in place.anna.ask("find alice", "CSECRET")


def test_status_help_and_mutes_are_answered_where_we_post_and_nowhere_else(place: Place) -> None:
    place.tell()
    assert "All is well" in place.anna.ask("status", ITS_ID)
    assert "/trailbell find" in place.anna.ask("", ITS_ID)
    assert "There is no `dance`" in place.anna.ask("dance", ITS_ID)
    assert "Nothing is muted" in place.anna.ask("mutes", ITS_ID)
    assert "takes three characters" in place.anna.ask("find al", ITS_ID)
    for text in ("status", "last", "find alice", "mutes"):
        assert "none of them" in place.anna.ask(text, "COTHER")


def test_a_command_whose_store_is_down_says_so(place: Place) -> None:
    place.tell()
    place.program.__dict__["store"] = cast("Any", Away())
    assert "try again in a minute" in place.anna.ask("last", ITS_ID)


def test_mutes_say_who_and_why_and_have_a_button_to_end_each(place: Place) -> None:
    place.tell("PutBucketAcl", eventSource="s3.amazonaws.com",
               requestParameters={"bucketName": "b", "x-amz-acl": "public-read"})  # fmt: skip
    place.anna.press("mute", "1h")
    answer = place.anna.ask("mutes", ITS_ID)
    assert "by anna" in answer
    blocks = place.anna.answers[-1].json_body["blocks"]
    end = blocks[0]["accessory"]
    assert end["action_id"] == "mute_end"
    # Of what only one sees nothing is kept: its ts is no message's of ours.
    pressed = place.anna.send(Action.MUTE_END, end["value"], Message(ITS_ID, "17.000001"))
    assert pressed.json_body["text"] == "The mute has ended."
    assert "Nothing is muted" in place.anna.ask("mutes", ITS_ID)


def test_a_mute_is_ended_where_people_could_read_of_it_and_nowhere_else(place: Place) -> None:
    place.tell("PutBucketAcl", eventSource="s3.amazonaws.com",
               requestParameters={"bucketName": "b", "x-amz-acl": "public-read"})  # fmt: skip
    place.anna.press("mute", "1h")
    (mute,) = place.program.store.mutes.in_force()
    assert mute.channel_id == ITS_ID
    _, shown = place.anna.messages()[-1]
    for ts in (shown["ts"], "17.000001"):
        answer = place.anna.send(Action.MUTE_END, mute.mute_id, Message("COTHER", ts))
        assert "does not carry" in answer.json_body["text"]
    assert place.program.store.mutes.in_force() == (mute,)


def test_an_operator_s_mute_is_ended_in_a_channel_that_its_alert_went_to(place: Place) -> None:
    acl = {"bucketName": "b", "x-amz-acl": "public-read"}
    alert_id = place.tell("PutBucketAcl", eventSource="s3.amazonaws.com", requestParameters=acl)
    operator = Person(id="root", name="root", via="command")
    click = Click(action=Action.MUTE, subject=alert_id, person=operator, at=datetime.now(UTC),
                  span=timedelta(hours=1))  # fmt: skip
    place.program.store.handlings.handle(alert_id, decision(click), click.at)
    (mute,) = place.program.store.mutes.in_force()
    answer = place.anna.send(Action.MUTE_END, mute.mute_id, Message(ITS_ID, "17.000001"))
    assert answer.json_body["text"] == "The mute has ended."


def test_a_person_of_another_organization_in_a_shared_channel_is_refused(place: Place) -> None:
    alert_id = place.tell()
    place.slack.homes[user_id("eve")] = "TOTHER"
    eve = place.other("eve")  # whose own workspace a command does not say
    body = command("last", ITS_ID, "eve", team=eve.team)
    assert eve.post("/slack/commands", body).status_code == 403
    assert eve.press("acknowledge").status_code == 403
    assert place.handling(alert_id).owner is None


def test_what_was_told_here_is_found_while_its_message_waits_to_be_updated(place: Place) -> None:
    alert_id = place.tell()
    place.anna.press("acknowledge")
    stored = place.program.archive.get(alert_id)
    assert stored
    assert all(delivery.amended for delivery in stored.deliveries)
    assert "anna is looking at it" in place.anna.ask("last", ITS_ID)
    assert "alice" in place.anna.ask("find alice", ITS_ID)


class Long:
    """A store that has more alerts than can be looked at while Slack waits."""

    def __init__(self, store: Any) -> None:
        self._store, self.notes, self.archive = store, store.notes, self

    def backlog(self, now: datetime) -> Any:
        return self._store.archive.backlog(now)

    def search(self, *_: Any) -> Any:
        time.sleep(commands.SEARCH_SECONDS)
        return AlertPage(alerts=(), next_cursor="more")


def test_what_there_was_no_time_to_look_at_is_not_said_to_be_missing(place: Place) -> None:
    place.tell()
    place.program.__dict__["store"] = cast("Any", Long(place.program.store))
    assert "no time" in place.anna.ask("find alice", ITS_ID)
