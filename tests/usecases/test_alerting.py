"""What is prepared for a dispatch: where alerts may go, and a name for who sends them."""

from __future__ import annotations

from pathlib import Path

from chalicelib.bootstrap import Program
from chalicelib.settings import Settings
from chalicelib.usecases.alerting import channels_of, prepared

RULES = """
[[rule]]
id = "paged"
title = "Somebody is paged"
severity = "high"
pattern = '{ $.eventName = "StopLogging" }'
channel = "#pager"
"""


def program(folder: Path, rules: str = "") -> Program:
    path = folder / "mine.toml"
    path.write_text(rules)
    return Program(Settings(alert_store=f"sqlite:///{folder}/alerts.db", rules_file=str(path)))


def test_alerts_may_go_to_every_channel_that_a_rule_names_and_to_the_default(
    tmp_path: Path,
) -> None:
    ruleset = program(tmp_path, RULES).ruleset
    assert channels_of(ruleset, "#ops") == {"#pager", "#ops"}


def test_each_dispatch_holds_its_channels_under_a_name_of_its_own(tmp_path: Path) -> None:
    parts = program(tmp_path)
    owners = {prepared(parts, lambda: 0.0).owner for _ in range(3)}
    assert len(owners) == 3
