"""Health, asked of the whole program: whatever fails is red and says so, and nothing is raised."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.channel import DESTINATION
from chalicelib.bootstrap import Program, now
from chalicelib.settings import Settings
from tests.stores.factories import alert, stored


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db"}


def health(env: dict[str, str]) -> dict[str, Any]:
    return Program(Settings.from_env(env)).health()


def unloadable(folder: Path) -> str:
    path = folder / "mine.toml"
    path.write_text('[[rule]]\nid = "root-use"\nseverity = "urgent"\n')
    return str(path)


def test_with_nothing_stored_it_is_green(env: dict[str, str]) -> None:
    found = health(env)
    assert (found["status"], found["words"], found["pending"]) == ("green", (), 0)


def test_rules_that_do_not_load_make_it_red_and_the_store_is_asked_all_the_same(
    env: dict[str, str], tmp_path: Path
) -> None:
    found = health({**env, "RULES_FILE": unloadable(tmp_path)})
    (word,) = found["words"]
    assert (found["status"], found["pending"]) == ("red", 0)
    assert word.startswith("The rules cannot be loaded: ")
    assert "mine.toml:3: rule root-use: severity" in word


def test_a_store_that_fails_makes_it_red_and_says_so(tmp_path: Path) -> None:
    found = health({"ALERT_STORE": f"sqlite:///{tmp_path}"})  # a folder is no file
    (word,) = found["words"]
    assert found == {"status": "red", "words": (word,)}
    assert word.startswith(f"The store does not answer: {tmp_path}: ")


def test_both_at_once_are_both_told(tmp_path: Path) -> None:
    found = health({"ALERT_STORE": f"sqlite:///{tmp_path}", "RULES_FILE": unloadable(tmp_path)})
    assert [word.split(":")[0] for word in found["words"]] == [
        "The rules cannot be loaded",
        "The store does not answer",
    ]


def test_what_slack_refuses_says_what_to_do_about_it(env: dict[str, str]) -> None:
    program = Program(Settings.from_env(env))
    program.store.outbox.add([stored(alert(1, channels=("#ops",)), due_at=now())], now())
    claim = program.store.queue.claim("#ops", "me", now())
    assert claim
    troubled = replace(claim.channel, trouble=DESTINATION, reason="not_in_channel", since=now())
    program.store.queue.save(troubled)
    assert "Invite the app: type /invite" in program.health()["words"][0]
