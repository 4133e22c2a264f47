"""A user's files add, override, mute, allow, name accounts and hold settings."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib.rules.loaded import SUCCESSFUL_READS, LoadedRules
from chalicelib.rules.loading import check_ships, load, user_files
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.user_rules import read

STOPPED = Rule(
    id="trail-stopped",
    title="A trail was stopped",
    severity=Severity.CRITICAL,
    pattern='{ $.eventName = "StopLogging" }',
    runbook="Start it.",
)
READING = Rule(
    id="reading",
    title="Something was read",
    severity=Severity.LOW,
    pattern='{ $.eventSource = "s3.amazonaws.com" }',
    skip_reads=True,
)


def loaded(*texts: str) -> LoadedRules:
    files = [parse(text, f"{at}.toml", f"{at}") for at, text in enumerate(texts)]
    return load([STOPPED, READING], files)


def rule(loaded: LoadedRules, rule_id: str) -> Rule:
    return next(rule for rule in loaded.rules if rule.id == rule_id)


def test_an_override_changes_only_the_keys_given() -> None:
    changed = rule(loaded('[[rule]]\nid = "trail-stopped"\nseverity = "high"\n'), "trail-stopped")
    assert changed.severity is Severity.HIGH
    assert (changed.title, changed.pattern, changed.runbook) == (
        STOPPED.title,
        STOPPED.pattern,
        STOPPED.runbook,
    )


def test_a_new_rule_comes_after_the_default_rules_with_its_file_as_theme() -> None:
    text = '[[rule]]\nid = "mine"\ntitle = "t"\nseverity = "low"\npattern = \'{ $.a = "b" }\'\n'
    rules = loaded(text).rules
    assert [rule.id for rule in rules] == ["trail-stopped", "reading", "mine"]
    assert rules[-1].theme == "0"


def test_a_misspelt_override_says_which_rule_was_meant() -> None:
    with pytest.raises(RulesError) as caught:
        loaded('\n[[rule]]\nid = "trail-stoped"\nseverity = "high"\n')
    assert (caught.value.line, caught.value.rule) == (3, "trail-stoped")
    assert "title, pattern" in caught.value.reason
    assert "did you mean 'trail-stopped'?" in caught.value.reason


def test_two_files_cannot_set_one_rule() -> None:
    text = '[[rule]]\nid = "trail-stopped"\nseverity = "high"\n'
    with pytest.raises(RulesError, match=r"1\.toml:2: rule trail-stopped: 0\.toml"):
        loaded(text, text)


def test_a_muted_rule_takes_no_part_but_is_known() -> None:
    result = loaded('mute = ["trail-stopped"]\n')
    assert [rule.id for rule in result.rules] == ["reading"]
    assert [rule.id for rule in result.off] == ["trail-stopped"]


def test_muting_what_does_not_exist_is_refused() -> None:
    with pytest.raises(RulesError, match=r"0\.toml:1: mute: no rule is called 'nothing'"):
        loaded('mute = ["nothing"]\n')


def test_successful_reads_are_left_out_until_a_setting_brings_them_back() -> None:
    assert rule(loaded(), "reading").exceptions == (SUCCESSFUL_READS,)
    assert rule(loaded("[settings]\nreads = true\n"), "reading").exceptions == ()


def test_allowing_for_an_unknown_rule_is_refused() -> None:
    with pytest.raises(RulesError, match=r"0\.toml:2: no rule is called 'nothing'"):
        loaded('[[allow]]\nrule = "nothing"\nactor = "deploy"\n')


def test_accounts_and_settings_come_from_all_files_and_clash_in_none() -> None:
    both = loaded('[accounts]\n111122223333 = "prod"\n', '[accounts]\n444455556666 = "test"\n')
    assert both.accounts == {"111122223333": "prod", "444455556666": "test"}
    with pytest.raises(RulesError, match=r"1\.toml:2: \[settings\] reads"):
        loaded("[settings]\nreads = true\n", "[settings]\nreads = false\n")


def test_a_wrong_file_loads_nothing_at_all(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('mute = ["trail-stopped"]\n[[rule]]\nid = "x"\nseverity = "urgent"\n')
    with pytest.raises(RulesError, match=r"mine\.toml:4: rule x: severity"):
        load([STOPPED], user_files(str(path)))


def test_a_missing_file_and_one_that_is_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="cannot be read"):
        read(tmp_path / "none.toml")
    (tmp_path / "binary.toml").write_bytes(b"a = \xff")
    with pytest.raises(RulesError, match="UTF-8 at byte 4"):
        read(tmp_path / "binary.toml")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    local = tmp_path / "chalicelib" / "rules" / "local"
    local.mkdir(parents=True)
    (local / "mine.toml").touch()
    (tmp_path / "mine.toml").touch()
    return tmp_path


def test_a_rules_file_inside_chalicelib_ships(project: Path) -> None:
    check_ships("chalicelib/rules/local/mine.toml", project)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("mine.toml", "inside chalicelib/"),
        ("chalicelib/../mine.toml", "inside chalicelib/"),
        ("chalicelib/rules/local/none.toml", "names no file"),
        ("chalicelib/rules/local", "names no file"),
    ],
)
def test_a_rules_file_that_would_not_ship_is_refused(project: Path, name: str, reason: str) -> None:
    with pytest.raises(RulesError, match=reason):
        check_ships(name, project)


def test_an_absolute_rules_file_is_refused(project: Path) -> None:
    with pytest.raises(RulesError, match="relative"):
        check_ships(str(project / "chalicelib/rules/local/mine.toml"), project)


def test_a_link_that_leads_out_of_chalicelib_does_not_ship(project: Path) -> None:
    (project / "chalicelib" / "link.toml").symlink_to(project / "mine.toml")
    with pytest.raises(RulesError, match="inside chalicelib/"):
        check_ships("chalicelib/link.toml", project)


def test_off_and_its_former_name_switch_rules_off_alike() -> None:
    now, before = loaded('off = ["reading"]\n'), loaded('mute = ["reading"]\n')
    assert now.off == before.off
    assert now.hints == ()
    assert before.hints == ("0.toml:1: mute is called off from now on; write off = […]",)


def test_only_switches_every_other_rule_off() -> None:
    result = loaded('only = ["reading"]\n', 'off = ["trail-stopped"]\n')
    assert [rule.id for rule in result.rules] == ["reading"]
    assert [rule.id for rule in result.off] == ["trail-stopped"]


def test_what_is_off_stays_so_also_where_it_is_among_the_only_ones() -> None:
    result = loaded('only = ["reading", "trail-stopped"]\n', 'off = ["reading"]\n')
    assert [rule.id for rule in result.rules] == ["trail-stopped"]


def test_an_allow_of_the_former_form_loads_as_it_did() -> None:
    text = '[[allow]]\nrule = "reading"\nactor = "arn:aws:iam::111122223333:role/deploy"\n'
    (allow,) = loaded(text).allows
    assert (allow.rules, allow.actors, allow.until) == (
        ("reading",),
        ("arn:aws:iam::111122223333:role/deploy",),
        None,
    )


@pytest.mark.parametrize(
    "written", ["2026-03-31", '"2026-03-31"', "2026-04-01T00:00:00Z", '"2026-04-01T02:00:00+02:00"']
)
def test_a_day_is_the_last_of_an_allow_and_a_time_its_end(written: str) -> None:
    (allow,) = loaded(f'[[allow]]\nrule = "all"\nactor = "ci"\nuntil = {written}\n').allows
    assert allow.until == datetime(2026, 4, 1, tzinfo=UTC)


def test_allows_and_routes_stand_in_the_order_of_the_files() -> None:
    each = '[[allow]]\nrule = "all"\nactor = "ci"\n[[route]]\nchannel = "#c"\n'
    result = loaded(each, "\n" + each)
    assert [allow.where for allow in result.allows] == ["0.toml:1", "1.toml:2"]
    assert [route.where for route in result.routes] == ["0.toml:4", "1.toml:5"]
