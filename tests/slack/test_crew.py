"""Who may: our own workspace, no guests, and those who are named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.slack.actions import Sender
from chalicelib.slack.crew import (
    GROUPS_FRESH_FOR,
    Crew,
    Profile,
    groups_of,
    is_at_home,
    is_named,
    is_ours,
    read_crew,
    whom_slack_knows,
)
from tests.stores.factories import NOW

ANNA = Sender(user="UANNA", name="anna", team="TOURS", home="TOURS")
CREW = Crew(at=NOW, team="TOURS", groups={"SOPS": frozenset({"UANNA"})})


@pytest.mark.parametrize(
    ("changes", "ours"),
    [
        ({}, True),
        ({"team": "TOTHER"}, False),
        ({"home": "TOTHER"}, False),
        ({"team": "TOTHER", "home": "TOTHER"}, False),
        ({"home": ""}, True),  # a command does not say
        ({"team": ""}, True),  # installed for an organization
        ({"team": "", "home": "", "enterprise": "EOTHER"}, False),
        ({"team": "", "home": ""}, True),
    ],
)
def test_where_it_was_used_and_whoever_did_are_both_ours(
    changes: dict[str, str], ours: bool
) -> None:
    assert is_ours(replace(ANNA, **changes), CREW) is ours


def test_a_person_is_named_by_their_id_or_by_a_group_s() -> None:
    assert is_named("UANNA", ("UANNA",), None, NOW)
    assert is_named("UANNA", ("SOPS",), CREW, NOW)
    assert not is_named("UBOB", ("SOPS", "UANNA"), CREW, NOW)


def test_who_is_in_a_group_is_held_for_a_quarter_of_an_hour_and_what_is_not_known_is_no() -> None:
    assert is_named("UANNA", ("SOPS",), CREW, NOW + GROUPS_FRESH_FOR)
    late = NOW + GROUPS_FRESH_FOR + timedelta(seconds=1)
    assert not is_named("UANNA", ("SOPS",), CREW, late)
    assert not is_named("UANNA", ("SOPS",), CREW, NOW - timedelta(seconds=1))
    assert not is_named("UANNA", ("SOTHER",), CREW, NOW)
    assert not is_named("UANNA", ("SOPS",), None, NOW)


class Slack:
    """Answers by method, and remembers what it was asked."""

    def __init__(self, **answers: dict[str, Any]) -> None:
        self.answers = {name.replace("_", "."): answer for name, answer in answers.items()}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def __call__(self, method: str, arguments: dict[str, str]) -> dict[str, Any] | None:
        self.asked.append((method, arguments))
        return self.answers.get(method)


@pytest.mark.parametrize(
    ("user", "guest"),
    [
        ({}, False),
        ({"is_restricted": True}, True),
        ({"is_ultra_restricted": True}, True),
        ({"is_stranger": True}, True),
        ({"deleted": True}, True),
        ({"is_restricted": "true"}, False),
        (None, False),
        ([], False),
    ],
)
def test_a_guest_is_who_slack_says_is_one(user: Any, guest: bool) -> None:
    person = whom_slack_knows(Slack(users_info={"user": user}), "UANNA") or Profile()
    assert person.guest is guest


def test_where_slack_does_not_say_nobody_is_held_to_be_a_guest() -> None:
    assert whom_slack_knows(Slack(), "UANNA") is None
    assert not Profile().guest


@pytest.mark.parametrize(
    ("user", "home"),
    [
        ({"team_id": "TOURS"}, True),
        ({"team_id": "TOTHER"}, False),
        ({"team_id": "TOTHER", "enterprise_user": {"enterprise_id": "EOTHER"}}, False),
        ({"team_id": "TOTHER", "enterprise_user": {"enterprise_id": "EOURS"}}, True),
        ({"team_id": 7, "enterprise_user": []}, True),
        ({}, True),
    ],
)
def test_a_person_of_a_shared_channel_is_of_the_workspace_that_slack_says(
    user: dict[str, Any], home: bool
) -> None:
    person = whom_slack_knows(Slack(users_info={"user": user}), "UANNA")
    assert person
    assert is_at_home(person, replace(CREW, enterprise="EOURS")) is home


def test_where_our_workspace_is_not_known_the_channel_s_and_the_person_s_are_one() -> None:
    unknown = Crew(at=NOW)
    assert is_ours(ANNA, unknown)
    assert not is_ours(replace(ANNA, home="TOTHER"), unknown)
    assert is_at_home(Profile(team="TOURS"), unknown)


def test_the_crew_is_read_from_slack_and_kept_as_a_note() -> None:
    ask = Slack(
        auth_test={"ok": True, "team_id": "TOURS", "enterprise_id": None},
        usergroups_users_list={"ok": True, "users": ["UANNA", 7]},
    )
    crew = read_crew(ask, ["SOPS"], NOW)
    assert crew == CREW
    assert Crew.from_json(CREW.as_json()) == CREW


def test_a_group_that_cannot_be_read_has_nobody_in_it() -> None:
    crew = read_crew(Slack(auth_test={"ok": True, "team_id": "TOURS"}), ["SOPS"], NOW)
    assert crew == Crew(at=NOW, team="TOURS")


def test_where_slack_does_not_answer_nothing_is_known() -> None:
    assert read_crew(Slack(), ["SOPS"], NOW) is None


def test_groups_are_told_from_people() -> None:
    assert groups_of(("UANNA", "SOPS", "WBOB")) == ("SOPS",)
