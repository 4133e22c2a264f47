"""docs/rules.md, followed to the letter."""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.loaded import PROJECT
from chalicelib.rules.rule import RuleSettings
from chalicelib.rules.rule_file import parse
from chalicelib.rules.rule_keys import RULE_KEYS
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.table_keys import ALLOW_KEYS, ROUTE_KEYS
from cli.main import main

DOCUMENT = (PROJECT / "docs" / "rules.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return DOCUMENT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def blocks(text: str, language: str) -> list[str]:
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    assert found
    return [re.sub(rf"^{indent}", "", code, flags=re.MULTILINE) for indent, code in found]


def block(text: str, language: str) -> str:
    return blocks(text, language)[0]


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The files of the recipe, written, and the arguments of its commands."""
    monkeypatch.chdir(tmp_path)
    written = section("Adding a rule")
    mine = tmp_path / "chalicelib" / "rules" / "local" / "mine.toml"
    mine.parent.mkdir(parents=True)
    mine.write_text(block(written, "toml"))
    (tmp_path / "record.json").write_text(block(written, "json"))
    lines = [line for code in blocks(written, "sh") for line in code.splitlines()]
    return [shlex.split(line.removeprefix(".venv/bin/python trailbell.py ")) for line in lines]


def test_adding_a_rule_works_as_written(recipe: list[list[str]]) -> None:
    check, try_out = (CliRunner().invoke(main, arguments) for arguments in recipe)
    assert check.exit_code == 0
    assert "payroll-opened" in check.stdout
    assert ", 0 failed" in check.stderr
    assert try_out.exit_code == 0
    alert = json.loads(try_out.stdout)
    assert (alert["rule_id"], alert["severity"]) == ("payroll-opened", "high")


def test_the_added_rule_s_exception_holds(recipe: list[list[str]]) -> None:
    record = json.loads(Path("record.json").read_text())
    record["userIdentity"] |= {"sessionContext": {"sessionIssuer": {"userName": "payroll-admin"}}}
    rules = Ruleset.load("chalicelib/rules/local/mine.toml")
    assert "payroll-opened" not in {rule.id for rule in rules.match(Record(record))}


@pytest.mark.parametrize(
    "title",
    [
        "Changing a default rule",
        "Switching rules off",
        "Allowing what is known",
        "Routes: which channel",
        "Naming accounts",
        "Settings",
    ],
)
def test_every_example_of_a_user_s_file_loads(title: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(block(section(title), "toml"))
    Ruleset.load(str(mine))


def test_every_key_and_every_setting_is_explained() -> None:
    keys = re.findall(r"^\| `(\w+)` \|", section("The keys of a rule"), re.MULTILINE)
    assert keys == list(RULE_KEYS)
    for title, table in (
        ("Allowing what is known", ALLOW_KEYS),
        ("Routes: which channel", ROUTE_KEYS),
    ):
        assert re.findall(r"^\| `(\w+)` \|", section(title), re.MULTILINE) == list(table)
    settings = re.findall(r"^\| `(\w+)` \|", section("Settings"), re.MULTILINE)
    assert sorted(settings) == sorted(setting.name for setting in fields(RuleSettings))


def test_the_default_of_every_setting_is_as_documented() -> None:
    for setting in fields(RuleSettings):
        written = re.search(rf"^\| `{setting.name}` \| `(.*?)` \|", DOCUMENT, re.MULTILINE)
        assert written
        (found,) = parse(f"[settings]\n{setting.name} = {written[1]}\n", "x").settings.values()
        assert found == setting.default


def test_the_readme_counts_the_rules_that_load() -> None:
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    counted = re.findall(r"^(\d+) rules come along", readme, re.MULTILINE)
    assert counted == [str(len(Ruleset.load().rules))]
