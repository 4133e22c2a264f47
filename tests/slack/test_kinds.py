"""Messages of all kinds, as a person reads them: each says in its first line what it is about."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.rules.rule import Severity
from chalicelib.slack.limits import violations
from chalicelib.slack.message import Look, single
from cli.message_kinds import kinds, sample

LOOK = Look(public_url="https://trailbell.example.com/", buttons=True)
KINDS = kinds(LOOK)
NOTICES = ("was it you", "reminder", "summary", "no answer", "mute ended", "mute hides many")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_keeps_slacks_limits_and_leaves_no_field_empty(kind: str) -> None:
    said = json.dumps(KINDS[kind], ensure_ascii=False)
    assert violations(KINDS[kind]) == []
    for empty in ("None", "no account named", "no operation named", "several · several"):
        assert empty not in said


def test_the_first_line_of_an_alert_ends_with_its_rules_title() -> None:
    for alert in sample():
        payload = single(replace(alert, mention=None), channel="C1", post_id="p", look=LOOK)
        assert payload["text"].endswith(f" · {alert.title}"), alert.title
        assert alert.title not in json.dumps(payload["attachments"])


def test_twelve_different_things_are_called_so() -> None:
    assert "*× 12* on 12 different ones" in KINDS["× 12"]["text"]
    assert "on 12 different ones" in json.dumps(KINDS["digest"])


def test_what_came_together_says_how_often_what_came_of_it_and_in_what_time() -> None:
    assert "12 × ConsoleLogin, all failed, within 8 min 15 s, 4 different" in said("over time")


@pytest.mark.parametrize("kind", NOTICES)
def test_a_notice_says_what_its_title_says_once(kind: str) -> None:
    below = json.dumps(KINDS[kind]["attachments"])
    for title in ("Was it you?", "Nobody is looking", "The day's summary", "A mute "):
        assert title not in below


def test_an_alert_about_trailbell_itself_names_no_caller_and_no_address() -> None:
    for severity in Severity:
        alert = replace(next(iter(sample())), actor_type="Trailbell", severity=severity)
        shown = json.dumps(single(alert, channel="C1", post_id="p", look=LOOK))
        for of_a_call in ("succeeded", "*From*", alert.source_ip, alert.event_source):
            assert of_a_call not in shown


def said(kind: str) -> str:
    payload: dict[str, Any] = KINDS[kind]
    return str(payload["text"])
