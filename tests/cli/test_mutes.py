"""The `mutes` command: what the operator mutes and ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chalicelib.alerts.handling import COMMAND
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from cli.mutes import mutes
from tests.delivery.world import World, alert

RULE = "rule-low"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two low alerts of alice, the newer one refused, one of bob, and a critical one."""
    world = World(sqlite_store(tmp_path / "alerts.db"))
    world.add(
        alert(1, Severity.LOW, actor="alice"),
        alert(2, Severity.LOW, actor="alice", outcome=Outcome.REFUSED),
        alert(3, Severity.LOW, actor="bob"),
        alert(4),
    )
    return world.store


def run(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(mutes, ["--store", f"sqlite:///{tmp_path}/alerts.db", *arguments])


def muted(tmp_path: Path, *more: str) -> Result:
    narrowed = ("--actor", "alice", "--outcome", "succeeded")
    return run(tmp_path, "--add", RULE, *narrowed, *more)


def test_nothing_is_muted_at_first(store: Store, tmp_path: Path) -> None:
    assert run(tmp_path).stdout == "Nothing is muted.\n"
    assert store.mutes.in_force() == ()


def test_a_mute_says_who_why_until_and_of_what(store: Store, tmp_path: Path) -> None:
    done = muted(tmp_path, "--for", "8h", "--why", "a drill")

    (mute,) = store.mutes.in_force()
    assert done.exit_code == 0
    assert (mute.rule_id, mute.actor, mute.outcome) == (RULE, "alice", Outcome.SUCCEEDED)
    assert (mute.up_to, mute.why, mute.by.via) == (Severity.LOW, "a drill", COMMAND)
    assert (mute.until - mute.since).total_seconds() == 8 * 3600
    listed = run(tmp_path).stdout
    assert f"{RULE} by alice in 111122223333, succeeded, up to low" in listed
    assert listed.endswith("(a drill). 0 hidden.\n")


def test_it_may_be_made_from_one_alert(store: Store, tmp_path: Path) -> None:
    assert run(tmp_path, "--add", alert(3).alert_id).exit_code == 0
    assert [mute.actor for mute in store.mutes.in_force()] == ["bob"]


def test_the_same_again_prolongs_it(store: Store, tmp_path: Path) -> None:
    muted(tmp_path, "--for", "8h")
    shorter = muted(tmp_path, "--for", "1h")
    assert shorter.stdout.startswith("In force already: ")
    assert muted(tmp_path, "--for", "2d").stdout.startswith("Muted: ")
    (mute,) = store.mutes.in_force()
    assert (mute.until - mute.since).total_seconds() > 47 * 3600


def test_a_mute_is_ended_by_the_beginning_of_its_id(store: Store, tmp_path: Path) -> None:
    muted(tmp_path)
    (mute,) = store.mutes.in_force()

    done = run(tmp_path, "--end", mute.mute_id[:8])

    assert done.exit_code == 0
    assert done.stdout.startswith("Ended: ")
    assert store.mutes.in_force() == ()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--add", RULE), "say which by --actor: "),
        (("--add", RULE, "--actor", "alice"), "say which by --outcome: "),
        (("--add", "no-such-rule"), "No alert that is kept is of the rule 'no-such-rule'"),
        (("--add", "0" * 32), "There is no alert 0"),
        (
            ("--add", "rule-critical"),
            "What is critical, of several principals",
        ),
        (("--add", RULE, "--for", "8 days"), "it takes a time up to 7 days"),
        (("--add", RULE, "--for", "8d"), "it takes a time up to 7 days"),
        (("--add", RULE, "--for", "0h"), "it takes a time up to 7 days"),
        (("--add", RULE, "--end", "1"), "which of the two?"),
        (("--actor", "alice"), "go with --add RULE"),
        (("--end", "1"), "should begin the id of one mute in force; none does"),
    ],
)
def test_wrong_use_ends_with_2_and_mutes_nothing(
    store: Store, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = run(tmp_path, *arguments)

    assert done.exit_code == 2
    assert said in done.output.replace("\n", " ")
    assert store.mutes.in_force() == ()


def test_a_store_that_cannot_be_opened_is_said(tmp_path: Path) -> None:
    done = CliRunner().invoke(mutes, ["--store", "postgres://somewhere"])
    assert done.exit_code == 2
    assert "names no store" in done.output
