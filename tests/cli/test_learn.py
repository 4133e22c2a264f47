"""`trailbell.py learn`: what is usual, for rules that tell what was not seen before."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.main import main
from tests.events import cloudtrail

RULES = """
only = ["new-region"]
[[rule]]
id = "new-region"
title = "A region was used for the first time"
severity = "high"
pattern = '{ $.eventName = "RunInstances" }'
[rule.correlation]
type = "new_terms"
group_by = ["$.recipientAccountId"]
fields = ["$.awsRegion"]
history = "30d"
"""


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("SLACK_TOKEN", "SLACK_CHANNEL", "ALERT_STORE", "RULES_FILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text(RULES)


def run(command: str, *arguments: str, store: str = "alerts.db") -> Result:
    options = ("--store", f"sqlite:///{store}", "--rules", "mine.toml")
    return CliRunner().invoke(main, [command, *arguments, *options])


def trail(name: str, *regions: str, day: int = 2, **fields: Any) -> str:
    records = [
        cloudtrail(
            "RunInstances", awsRegion=region, eventTime=f"2026-03-{day:02d}T09:15:0{number}Z",
            eventID=f"{name}-{number}", **fields,
        )
        for number, region in enumerate(regions)
    ]  # fmt: skip
    Path(name).write_text("\n".join(map(json.dumps, records)) + "\n")
    return name


def told(name: str) -> list[str]:
    """The regions that a replay into the store tells."""
    found = run("replay", "--format", "json", name)
    assert found.exit_code == 0, found.stderr
    return [json.loads(line)["aws_region"] for line in found.stdout.splitlines()]


def test_what_was_learned_is_known_and_what_comes_after_is_told() -> None:
    result = run("learn", trail("usual.jsonl", "eu-west-1", "eu-central-1"))
    assert result.exit_code == 0, result.stderr
    assert result.stdout.splitlines() == [
        "records read 2, unreadable 0",
        "new-region                             knows 2 values, seen on 1 days",
    ]
    assert told(trail("new.jsonl", "eu-west-1", "ap-east-1", day=5)) == ["ap-east-1"]


def test_learning_the_same_again_changes_nothing() -> None:
    name = trail("usual.jsonl", "eu-west-1")
    first, second = run("learn", name), run("learn", name)
    assert first.stdout == second.stdout
    assert told(trail("new.jsonl", "eu-west-1", day=5)) == []


def test_where_nothing_could_be_read_nothing_is_learned() -> None:
    Path("broken.jsonl").write_text("{broken\n")
    assert run("learn", "broken.jsonl").exit_code == 1
    # The rule still learns by itself, so that nothing is told yet.
    assert told(trail("new.jsonl", "eu-west-1")) == []


def test_rules_that_tell_nothing_new_learn_nothing() -> None:
    Path("mine.toml").write_text('only = ["trail-stopped"]\n')
    result = run("learn", trail("usual.jsonl", "eu-west-1"))
    assert result.exit_code == 2
    assert "no rule of type new_terms is in force" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "name a PATH"),
        (("--from-log-group", "g"), "needs --since"),
        (("nowhere.jsonl",), "no such file"),
        (("--from-log-group", "g", "--since", "soon"), "--since"),
    ],
)
def test_wrong_use_is_told_with_the_next_step(arguments: tuple[str, ...], said: str) -> None:
    result = run("learn", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
