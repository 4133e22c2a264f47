"""docs/rules.md, followed to the letter."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.loading import PROJECT
from chalicelib.rules.rule import RuleSettings, Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.rule_keys import RULE_KEYS
from chalicelib.rules.ruleset import Ruleset

DOCUMENT = (PROJECT / "docs" / "rules.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return DOCUMENT.split(f"\n## {title}\n")[1].split("\n## ")[0]


def block(text: str, language: str) -> str:
    found = re.search(rf"^( *)```{language}\n(.*?)^ *```", text, re.MULTILINE | re.DOTALL)
    assert found
    return re.sub(rf"^{found[1]}", "", found[2], flags=re.MULTILINE)


def test_adding_a_rule_works_as_written(tmp_path: Path) -> None:
    recipe = section("Adding a rule")
    mine = tmp_path / "mine.toml"
    mine.write_text(block(recipe, "toml"))
    record = json.loads(block(recipe, "json"))
    rules = Ruleset.load(str(mine)).match(Record(record))
    assert (rules[0].id, rules[0].severity) == ("payroll-opened", Severity.HIGH)
    by_admin = {"sessionContext": {"sessionIssuer": {"userName": "payroll-admin"}}}
    record["userIdentity"] |= by_admin
    assert "payroll-opened" not in {r.id for r in Ruleset.load(str(mine)).match(Record(record))}


@pytest.mark.parametrize(
    "title",
    ["Changing a default rule", "Muting rules", "Allowing actors", "Naming accounts", "Settings"],
)
def test_every_example_of_a_user_s_file_loads(title: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text(block(section(title), "toml"))
    Ruleset.load(str(mine))


def test_every_key_and_every_setting_is_explained() -> None:
    keys = re.findall(r"^\| `(\w+)` \|", section("The keys of a rule"), re.MULTILINE)
    assert keys == list(RULE_KEYS)
    settings = re.findall(r"^\| `(\w+)` \|", section("Settings"), re.MULTILINE)
    assert sorted(settings) == sorted(setting.name for setting in fields(RuleSettings))


def test_the_default_of_every_setting_is_as_documented() -> None:
    for setting in fields(RuleSettings):
        written = re.search(rf"^\| `{setting.name}` \| `(.*?)` \|", DOCUMENT, re.MULTILINE)
        assert written
        (found,) = parse(f"[settings]\n{setting.name} = {written[1]}\n", "x").settings.values()
        assert found == setting.default
