"""`facts`: one JSON object a record."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from cli.main import main
from tests.events import cloudtrail

KEYS = {
    "event_id", "outcome", "reason", "actor", "targets", "second_parties", "commands", "opens",
    "exposed", "gives", "switches_off", "sentence",
}  # fmt: skip


def facts(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["facts", *arguments])


def test_each_record_is_an_object_a_line(tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    refused = cloudtrail("StopLogging", source="cloudtrail", errorCode="AccessDenied",
                         requestParameters={"name": "main"})  # fmt: skip
    file.write_text("\n".join(map(json.dumps, [cloudtrail(), refused])))
    result = facts(str(file))
    assert result.exit_code == 0
    first, second = map(json.loads, result.stdout.splitlines())
    assert set(first) == KEYS
    assert first["outcome"] == "succeeded"
    assert second["outcome"] == "refused"
    assert second["actor"]["name"] == "alice"
    assert second["actor"]["mfa"] is None
    assert second["targets"] == ["main"]
    assert second["switches_off"] == ["trail"]
    assert second["sentence"].startswith("alice was refused")


def test_one_bad_record_costs_one_record(tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    file.write_text(json.dumps(cloudtrail()) + "\n{nonsense\n")
    result = facts(str(file))
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 1
    assert "trail.jsonl:2" in result.stderr
    assert "records 1, unreadable 1" in result.stderr


def test_where_nothing_can_be_read_it_exits_1(tmp_path: Path) -> None:
    file = tmp_path / "trail.jsonl"
    file.write_text("{nonsense\n")
    assert facts(str(file)).exit_code == 1


def test_a_path_that_does_not_exist_is_wrong_use(tmp_path: Path) -> None:
    result = facts(str(tmp_path / "nothing.json"))
    assert result.exit_code == 2
    assert "no such file" in result.stderr


def test_no_secret_is_shown(tmp_path: Path) -> None:
    secret = "wJalr" + "XUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY"
    file = tmp_path / "trail.jsonl"
    told = {"userName": "bob", "password": secret}
    file.write_text(json.dumps(cloudtrail("CreateLoginProfile", requestParameters=told)))
    assert secret not in facts(str(file)).stdout
