"""The last line of a replay fits the end that it came to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import replaying
from cli.main import main
from cli.next_step import Asked, next_after_a_cut, next_step
from cli.tally import Tally
from tests.events import cloudtrail

STORE = "sqlite:///x.db"
FOUND: dict[str, Any] = {"records": 9, "readable": 9, "matched": 3, "new": 3}


def _asked(*paths: str, output: str = "slack", store: str | None = None, span: bool = False) -> Any:
    return Asked(output=output, store=store, paths=paths or ("a.json",), has_span=span)


ENDS: list[tuple[dict[str, Any], Asked, str]] = [
    ({}, _asked(), "no record to read; name other files"),
    ({}, _asked("-"), "no record came in; pipe"),
    ({}, _asked(span=True), "name an earlier --since or a later --until"),
    ({}, _asked("s3://trail", store=STORE), "nothing there was new; --again"),
    ({"records": 9}, _asked(), "no rule matched; .venv/bin/python trailbell.py rules"),
    ({"records": 9}, _asked(store=STORE), "no rule matched"),
    (FOUND, _asked(), "make deploy tells this to a channel; --store sqlite:///"),
    (FOUND, _asked(output="messages"), "keeps it for the page of make run"),
    (FOUND, _asked("s3://trail"), "keeps it, and which files were read, for the page"),
    (FOUND, _asked(output="json"), "Next: the same with --format slack shows the messages"),
    (FOUND, _asked("-", output="text"), "Next: piping the same in again with --format slack"),
    (FOUND, _asked(store=STORE), "Next: the same with --post delivers"),
    (FOUND, _asked("-", store=STORE), "piping the same in again with --post delivers"),
    ({**FOUND, "new": 0}, _asked(store=STORE), "all of it was kept before; "),
    ({**FOUND, "posted": 3}, _asked(store=STORE), f"trailbell.py parked --store {STORE} lists"),
]


@pytest.mark.parametrize(("found", "asked", "says"), ENDS)
def test_each_end_has_its_next_step(found: dict[str, Any], asked: Asked, says: str) -> None:
    line = next_step(Tally(**found), asked)
    assert says in line
    assert line.startswith("Next: ")
    assert line.endswith(".")
    assert "\n" not in line


def test_a_replay_that_was_cut_off_goes_on_where_it_kept_something() -> None:
    assert "the same goes on" in next_after_a_cut(_asked(store=STORE))
    assert "piping the same in again goes on" in next_after_a_cut(_asked("-", store=STORE))
    assert "--since 7d reads less" in next_after_a_cut(_asked())


def _interrupted_after_one(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Result:
    file = tmp_path / "trail.json"
    file.write_text(json.dumps(cloudtrail("StopLogging")) + "\nnonsense\n")
    run = replaying.Replay.run

    def cut_off(self: replaying.Replay, batches: Iterator[Any], *more: Any) -> None:
        run(self, batches, *more)
        raise KeyboardInterrupt

    monkeypatch.setattr(replaying.Replay, "run", cut_off)
    return CliRunner().invoke(main, ["replay", "--format", "text", *arguments, str(file)])


@pytest.mark.parametrize("store", [[], ["--store"]])
def test_an_interrupt_says_what_was_done_until_then_and_ends_with_130(
    store: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = [*store, f"sqlite:///{tmp_path}/x.db"] if store else []
    result = _interrupted_after_one(url, tmp_path, monkeypatch)
    assert result.exit_code == 130
    assert len(result.stdout.splitlines()) == 1
    lines = result.stderr.splitlines()
    assert lines[0].startswith(f"{tmp_path}/trail.json:2: not JSON")
    assert lines[1] == "trailbell: interrupted; what was done until then:"
    assert lines[2] == "records read                2"
    assert "alerts new                  1" in lines
    assert lines[-1].startswith("Next: ")


def test_the_interrupt_of_a_replay_that_read_nothing_yet_names_no_trail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(replaying.Replay, "run", cut_off)
    file = tmp_path / "trail.json"
    file.write_text("nonsense")
    result = CliRunner().invoke(main, ["replay", str(file)])
    assert result.exit_code == 130
    assert "holds no CloudTrail record" not in result.stderr


def test_a_price_is_followed_by_how_to_read(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["replay", "--dry-run", str(tmp_path)])
    assert result.stderr.splitlines()[-1] == "Next: the same without --dry-run reads it."
