"""A Slack message drawn in a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from chalicelib.rules.rule import Severity
from chalicelib.slack.message import Look, single
from chalicelib.slack.terminal import drawn
from tests.events import cloudtrail
from tests.slack.golden import CHANNEL, LOOK, alert


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


CARD = single(
    alert(cloudtrail(), Severity.CRITICAL, mention="@here"), channel=CHANNEL, post_id="p", look=LOOK
)
COMPACT = single(alert(cloudtrail()), channel=CHANNEL, post_id="p", look=Look(username="Bell"))


def test_a_drawn_message_shows_everything_that_slack_would() -> None:
    text = drawn(CARD, width=180)
    for needed in (
        "Trailbell  #trailbell",
        "Critical · alice stopped the trail main from recording · Something worth knowing",
        "▌ Ask the actor whether this is meant.",
        "Who",
        "alice (IAM user)",
        "StopLogging · cloudtrail.amazonaws.com",
        "Jan 2, 2026 03:04:05",
        "[ Event in CloudTrail ] https://eu-west-1.console.aws.amazon.com/",
    ):
        assert needed in text, needed


def test_fields_stand_in_two_columns_where_there_is_room() -> None:
    wide = [line for line in drawn(CARD, width=100).splitlines() if "Who" in line]
    narrow = [line for line in drawn(CARD, width=50).splitlines() if "Who" in line]
    assert "On" in wide[0].split()
    assert narrow[0].split() == ["▌", "Who"]


@pytest.mark.parametrize("width", [20, 40, 80, 200])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    for payload in (CARD, COMPACT):
        assert max(map(len, drawn(payload, width=width).splitlines())) <= width


def test_without_colour_there_are_no_control_sequences() -> None:
    assert "\x1b" not in drawn(CARD, width=80)


def test_in_colour_the_bar_has_the_severitys_and_buttons_can_be_clicked() -> None:
    text = drawn(CARD, width=80, colour=True)
    assert "\x1b[38;2;179;18;42m▌" in text
    assert "\x1b]8;" in text
    assert "https://eu-west-1.console" in text


def test_slacks_markup_is_drawn_and_not_shown() -> None:
    hostile = cloudtrail("CreateUser", requestParameters={"userName": "<b> & [red]x[/red]"})
    text = drawn(
        single(alert(hostile), channel=CHANNEL, post_id="p", look=Look(username="Bell")), width=200
    )
    assert "created the IAM user <b> & [red]x[/red]" in text
    assert text.startswith("Bell  #trailbell")
    for markup in ("&lt;", "&amp;", "<!date", "`", "*"):
        assert markup not in text


def test_a_message_from_elsewhere_cannot_control_the_terminal() -> None:
    evil = {**COMPACT, "text": "a\x1b[2Jb\x07\x9b", "username": "\x1b]0;x"}
    assert not set("\x1b\x07\x9b") & set(drawn(evil, width=80))
