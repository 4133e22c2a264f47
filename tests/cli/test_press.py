"""`trailbell.py press`: the very request that Slack would send, to a server on this machine."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.alerts.archive import AlertQuery
from chalicelib.bootstrap import Program, now
from chalicelib.settings import Settings
from cli import pressing
from cli.main import main
from cli.press import WORDS
from tests.browser.serving import serving
from tests.events import cloudtrail
from tests.ports import free_port

SECRET = "8f742231" + "b10e8888abcd99yyyzzz85a5"


class Here:
    """A program that draws in a terminal, and its server."""

    def __init__(self, folder: Path, url: str, program: Program, screen: StringIO) -> None:
        self.program, self.screen, self.url = program, screen, url
        self.env = {
            "ALERT_STORE": f"sqlite:///{folder}/alerts.db",
            "SLACK_SIGNING_SECRET": SECRET,
            "RULES_FILE": "",
        }

    def tell(self, name: str = "CreateUser") -> str:
        time = datetime.now(UTC) - timedelta(minutes=1)
        record = cloudtrail(name, eventTime=f"{time:%Y-%m-%dT%H:%M:%SZ}",
                            eventSource="iam.amazonaws.com")  # fmt: skip
        self.program.ingest([record], lambda: 60_000.0)
        (found,) = self.program.archive.search(AlertQuery(), 1).alerts
        return found.alert.alert_id

    def press(self, *arguments: str, **env: str) -> Result:
        return CliRunner().invoke(
            main, ["press", *arguments, "--url", self.url], env=self.env | env
        )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Here]:
    monkeypatch.setattr(pressing, "RUNNING", tmp_path / "run.json")
    screen = StringIO()
    settings = Settings(
        alert_store=f"sqlite:///{tmp_path}/alerts.db", slack_signing_secret=SECRET, swept=True
    )
    program = Program(settings, screen)
    with serving(program, now) as served:  # type: ignore[arg-type]
        yield Here(tmp_path, served.url, program, screen)


def test_the_line_below_a_message_is_pasted_as_it_stands_and_presses_its_first_button(
    here: Here,
) -> None:
    alert_id = here.tell()
    line = next(each for each in here.screen.getvalue().splitlines() if " press " in each)
    python, program, _, *arguments = line.removeprefix("▌ ").split()
    assert (python, program) == (".venv/bin/python", "trailbell.py")
    done = here.press(*arguments)
    assert (arguments[0], done.exit_code) == (alert_id, 0)
    assert done.output == "You are looking at it.\n"


def test_no_two_buttons_have_one_key() -> None:
    assert len({word[0] for word in WORDS}) == len(WORDS)


def test_a_button_that_the_terminal_shows_is_pressed_and_the_message_drawn_anew(
    here: Here,
) -> None:
    alert_id = here.tell()
    assert "[a] acknowledge" in here.screen.getvalue()
    done = here.press(alert_id, "acknowledge", "--as", "anna")
    assert (done.exit_code, done.output) == (0, "You are looking at it.\n")
    again = here.press(alert_id, "acknowledge", "--as", "bob")
    assert "anna is looking at it already" in again.output
    here.program.sweep(lambda: 60_000.0)
    assert "anna is looking at it · " in here.screen.getvalue()
    assert "[r] release" in here.screen.getvalue()


def test_a_mute_takes_its_span_and_is_ended_by_the_alert_it_was_made_from(here: Here) -> None:
    alert_id = here.tell()
    assert "Muted until" in here.press(alert_id, "mute", "1h").output
    (mute,) = here.program.store.mutes.in_force()
    assert mute.until - mute.since == timedelta(hours=1)
    assert here.press(alert_id, "end").output == "The mute has ended.\n"


WRONG: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "mute takes one of 1h, 8h, 1d, 7d": (("ALERT", "mute"), {}),
    "acknowledge takes nothing": (("ALERT", "acknowledge", "1h"), {}),
    "there is no alert 'nope'": (("nope", "acknowledge"), {}),
    "no mute was made from that alert": (("ALERT", "end"), {}),
    "signed with": (("ALERT", "acknowledge"), {"SLACK_SIGNING_SECRET": ""}),
    "is not one of": (("ALERT", "snooze"), {}),
}


@pytest.mark.parametrize("said", WRONG)
def test_wrong_use_is_one_sentence_and_exit_2(here: Here, said: str) -> None:
    arguments, env = WRONG[said]
    alert_id = here.tell()
    done = here.press(*(alert_id if each == "ALERT" else each for each in arguments), **env)
    assert done.exit_code == 2
    assert said in done.output
    assert len(done.output.splitlines()) == 1


def test_a_server_that_does_not_answer_is_said_with_the_way_to_start_it(here: Here) -> None:
    alert_id = here.tell()
    here.url = f"http://127.0.0.1:{free_port()}/"
    done = here.press(alert_id, "acknowledge")
    assert done.exit_code == 2
    assert "does not answer" in done.output
    assert "make run" in done.output


def test_what_the_server_refuses_is_said_with_its_status(here: Here) -> None:
    alert_id = here.tell()
    done = here.press(alert_id, "acknowledge", SLACK_SIGNING_SECRET="another")
    assert (done.exit_code, done.output) == (1, "401: This needs Slack's signature.\n")


def test_run_leaves_press_what_it_needs_for_this_user_alone_and_takes_it_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = tmp_path / "run.json"
    monkeypatch.setattr(pressing, "RUNNING", left)
    env: dict[str, Any] = {
        "SLACK_SIGNING_SECRET": SECRET,
        "ALERT_STORE": "sqlite:////tmp/a.db",
    }
    with pressing.pressable("http://127.0.0.1:8001/", env):
        assert stat.S_IMODE(left.stat().st_mode) == 0o600
        assert pressing.running({}) == pressing.Server(
            "http://127.0.0.1:8001/", SECRET, "sqlite:////tmp/a.db"
        )
        left.write_text(json.dumps("spoiled"))
        assert pressing.running({}).secret == ""
    assert not left.exists()
    assert pressing.running({}).url == "http://127.0.0.1:8000/"


def test_a_person_s_id_derives_from_their_name_and_one_of_slack_s_stays() -> None:
    assert pressing.user_id("anna") == pressing.user_id("anna") != pressing.user_id("bob")
    assert pressing.user_id("U0123ABCD") == "U0123ABCD"
