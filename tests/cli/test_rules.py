"""`trailbell.py rules`: lists, checks, tests, derives, counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chalicelib.rules.default_rules import DEFAULT, load_defaults
from cli.rule_compiler import DOCUMENT, document_defaults, written_defaults
from cli.rules import rules
from tests.events import assumed_role, cloudtrail, console_login, refused

NOTHING = "/dev/null"
# How many examples each default rule has.
EXAMPLES = {
    rule: len(entry["fires"]) + len(entry["near_misses"])
    for path in DEFAULT.glob("*.examples.json")
    for rule, entry in json.loads(path.read_text()).items()
}


def run(*arguments: str, rules_file: str = NOTHING) -> Result:
    return CliRunner().invoke(rules, [*arguments, "--rules", rules_file])


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def test_every_rule_is_listed_with_severity_title_and_conditions() -> None:
    result = run()
    assert result.exit_code == 0
    line = next(line for line in result.stdout.splitlines() if line.startswith("trail-stopped "))
    assert line.split()[:2] == ["trail-stopped", "critical"]
    assert line.endswith("A trail was stopped or deleted (3 conditions)")


def test_the_summary_counts_rules_and_examples() -> None:
    summary = run().stderr.splitlines()[-1]
    count = len(load_defaults()[0])
    assert summary.startswith(f"{count} rules (")
    assert summary.endswith(f"{sum(EXAMPLES.values())} examples tested, 0 failed")


def test_a_rule_is_told_in_full_by_its_id() -> None:
    result = run("trail-stopped")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "trail-stopped (critical): A trail was stopped or deleted"
    parts = ("It means", "It matters", "First", "Harmless where", "ATT&CK", "See", "Pattern")
    assert [line for line in lines if line.startswith("  ") and line[2] != " "] == [
        f"  {part}:" for part in parts
    ]
    assert "    Start it again now" in result.stdout


def test_many_rules_are_told_and_one_that_is_off_is_as_well(mine: Path) -> None:
    mine.write_text('off = ["trail-created"]\n')
    result = run("trail-stopped", "trail-created", rules_file=str(mine))
    assert "trail-created (low): A trail was created or started" in result.stdout


def test_what_is_neither_a_rule_nor_a_file_is_refused() -> None:
    result = run("trail-stoped")
    assert result.exit_code == 2
    assert "trail-stoped" in result.stderr


def test_what_a_rule_of_one_s_own_lacks_is_a_warning_and_it_loads(mine: Path) -> None:
    deletes = '{ ($.eventSource = "cloudtrail.amazonaws.com") && ($.eventName = "DeleteTrail") }'
    head = '[[rule]]\nid = "mine"\ntitle = "t"\nseverity = "critical"\n'
    mine.write_text(f"{head}pattern = '{deletes}'\n")
    result = run(rules_file=str(mine))
    assert result.exit_code == 0
    assert "warning: mine: it lacks means, why, a runbook of 2 lines, false_p" in result.stderr
    assert "warning: mine: whatever fires it fires trail-stopped, too" in result.stderr


def test_a_rule_that_is_off_is_listed_as_that(mine: Path) -> None:
    mine.write_text('mute = ["trail-created"]\n')
    result = run(rules_file=str(mine))
    assert "off       A trail was created or started" in result.stdout
    assert ", 1 off," in result.stderr


def test_a_default_rule_that_the_user_changed_is_no_longer_held_to_its_examples(
    mine: Path,
) -> None:
    mine.write_text(
        '[[rule]]\nid = "trail-stopped"\npattern = \'{ $.eventName = "X" }\'\n'
        "[settings]\nreads = true\n"
    )
    result = run(rules_file=str(mine))
    assert result.exit_code == 0
    # and two rules skip reads no more
    changed = ("trail-stopped", "root-use", "iam-user-operations")
    count = sum(EXAMPLES.values()) - sum(EXAMPLES[rule] for rule in changed)
    assert f"{count} examples tested, 0 failed" in result.stderr


def test_the_user_s_own_examples_are_tested_and_a_failure_exits_1(mine: Path) -> None:
    mine.write_text(
        '[[rule]]\nid = "mine"\ntitle = "t"\nseverity = "low"\n'
        "pattern = '{ $.eventName = \"StopLogging\" }'\n"
    )
    miss = {"field": "eventName", "value": "StartLogging"}
    entry = {"fires": [cloudtrail("StopLogging")], "near_misses": [miss]}
    own = mine.with_suffix(".examples.json")
    own.write_text(json.dumps({"mine": entry}))
    assert run(rules_file=str(mine)).exit_code == 0
    own.write_text(json.dumps({"mine": entry | {"fires": [cloudtrail("DeleteTrail")]}}))
    result = run(rules_file=str(mine))
    assert result.exit_code == 1
    assert "failed: mine: a record that should fire it does not" in result.stderr


@pytest.mark.parametrize(
    "text", ['{"mine": {}}', '{"mine": 1}', "[]", "{", '{"mine": {"fires": 1}}']
)
def test_examples_that_cannot_be_read_are_named_with_what_they_should_hold(
    text: str, mine: Path
) -> None:
    mine.touch()
    own = mine.with_suffix(".examples.json")
    own.write_text(text)
    result = run(rules_file=str(mine))
    assert result.exit_code == 2
    assert f"the examples cannot be read: {own}: " in result.stderr
    assert 'It takes {"rule-id": {"fires": [' in result.stderr


def test_no_default_rule_draws_a_warning() -> None:
    assert "warning" not in run().stderr


def test_an_exception_that_never_holds_draws_a_warning(mine: Path) -> None:
    mine.write_text(
        '[[rule]]\nid = "trail-stopped"\nexcept = ["{ $.sessionCredentialFromConsole IS TRUE }"]\n'
    )
    assert "warning: trail-stopped: $.sess" in run(rules_file=str(mine)).stderr


def test_a_pattern_that_never_fires_draws_a_warning_with_what_to_write(mine: Path) -> None:
    mine.write_text(
        '[[rule]]\nid = "mine"\ntitle = "t"\nseverity = "low"\n'
        "pattern = '{ $.readOnly = false }'\n"
    )
    result = run(rules_file=str(mine))
    assert "warning: mine: $.readOnly = false:" in result.stderr
    assert "$.readOnly IS FALSE" in result.stderr
    assert result.exit_code == 0


def test_a_wrong_file_exits_2_with_one_clear_line(mine: Path) -> None:
    mine.write_text('[[rule]]\nid = "trail-stopped"\nseverity = "urgent"\n')
    result = run(rules_file=str(mine))
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        f"trailbell: {mine}:3: rule trail-stopped: severity: 'urgent' is none of "
        "info, low, medium, high, critical"
    ]


def test_the_file_that_the_environment_names_is_the_one_that_is_checked(
    mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine.write_text('mute = ["trail-created"]\n')
    monkeypatch.setenv("RULES_FILE", str(mine))
    assert ", 1 off," in CliRunner().invoke(rules).stderr
    assert ", 0 off," in run().stderr


def test_a_missing_file_exits_2() -> None:
    result = run(rules_file="none.toml")
    assert result.exit_code == 2
    assert "none.toml: cannot be read" in result.stderr


def test_the_subscription_filter_is_printed_alone_and_explained_beside_it() -> None:
    result = run("--subscription-filter")
    (pattern,) = result.stdout.splitlines()
    assert (pattern[0], pattern[-1]) == ("{", "}")
    assert "rung: narrowed" in result.stderr
    assert "why: rule " in result.stderr
    assert f"characters: {len(pattern)} of 1024" in result.stderr


def test_a_pinned_filter_warns_of_the_rules_whose_example_it_stops(mine: Path) -> None:
    mine.write_text("[settings]\nsubscription_filter = '{ $.eventName = \"ConsoleLogin\" }'\n")
    result = run("--subscription-filter", rules_file=str(mine))
    assert result.stdout == '{ $.eventName = "ConsoleLogin" }\n'
    assert "warning: it stops an example that fires trail-stopped" in result.stderr
    assert "fires iam-user-sign-in-without-mfa" not in result.stderr


def test_coverage_counts_the_noise_of_reads_apart_from_reads_of_credentials(
    tmp_path: Path,
) -> None:
    records = [
        cloudtrail("DescribeInstances"),
        refused(cloudtrail("DescribeInstances"), "ec2:DescribeInstances"),
        cloudtrail("GetSecretValue", source="secretsmanager"),
        cloudtrail("ListUsers", source="iam", userIdentity=assumed_role()),
    ]
    path = tmp_path / "trail.jsonl"
    path.write_text("\n".join(map(json.dumps, records)) + "\nno record\n")
    lines = run("--coverage", str(path)).stdout.splitlines()
    assert lines[0] == "4 records, 1 unreadable, 2 raise an alert"
    assert lines[1] == "2 successful reads, 0 of them alert above info: 0.00 %"
    assert lines[2:] == [
        "1 reads of credentials that rules name, left out:",
        "  1 × GetSecretValue (secret-read-by-person)",
    ]


def test_coverage_names_the_reads_that_alert(tmp_path: Path, mine: Path) -> None:
    mine.write_text("[settings]\nreads = true\n")
    path = tmp_path / "trail.jsonl"
    path.write_text(json.dumps(cloudtrail("DescribeInstances")))
    output = run("--coverage", str(path), rules_file=str(mine)).stdout
    assert "1 of them alert above info: 100.00 %" in output
    assert "  1 × DescribeInstances (iam-user-operations)" in output


def test_coverage_tells_which_techniques_alert_at_medium_or_above(tmp_path: Path) -> None:
    trail, table = tmp_path / "attacks.jsonl", tmp_path / "attacks.tsv"
    records = [cloudtrail("DescribeInstances"), cloudtrail("StopLogging"), console_login(mfa="Yes")]
    trail.write_text("\n".join(map(json.dumps, records)))
    table.write_text("line\ttechnique\n1\tstop-trail\n2\tstop-trail\n3\tsign-in\n")
    output = run("--coverage", str(trail), "--techniques", str(table)).stdout
    assert "1 of 2 techniques alert at medium or above" in output
    assert "  critical stop-trail" in output
    assert "  low      sign-in" in output


def test_coverage_of_a_missing_file_exits_2() -> None:
    result = run("--coverage", "none.jsonl")
    assert result.exit_code == 2
    assert "none.jsonl: no such file or folder" in result.stderr


def test_techniques_without_coverage_exit_2() -> None:
    result = run("--techniques", "none.tsv")
    assert result.exit_code == 2
    assert "--techniques needs --coverage" in result.stderr


def test_help_shows_examples() -> None:
    output = CliRunner().invoke(rules, ["--help"]).stdout
    assert ".venv/bin/python trailbell.py rules --subscription-filter" in output


def test_the_documented_default_rules_are_those_that_load() -> None:
    document = DOCUMENT.read_text(encoding="utf-8")
    assert document == document_defaults(document, written_defaults()), (
        "run: .venv/bin/python trailbell.py rules --compile"
    )


ALLOWED = '[[allow]]\nrule = "all"\nactor = "alice"\nuntil = 2099-12-31\nreason = "known"\n'
ROUTED = '[[route]]\nseverity = "high"\nchannel = "#urgent"\n'


@pytest.fixture
def trail(tmp_path: Path) -> Path:
    folder = tmp_path / "trail"
    folder.mkdir()
    by_deploy = assumed_role("deploy")
    records = [
        cloudtrail("CreateUser", eventID="1", eventTime="2026-01-01T00:00:00Z"),
        cloudtrail("CreateUser", eventID="2", userIdentity=by_deploy),
        cloudtrail("StopLogging", eventID="3", userIdentity=by_deploy),
        cloudtrail("StopLogging", eventID="3", userIdentity=by_deploy),
        cloudtrail("DescribeInstances", eventID="4"),
    ]
    (folder / "a.jsonl").write_text("\n".join(map(json.dumps, records)) + "\nno record\n")
    return folder


def test_over_records_each_allow_and_route_says_how_many_it_is_of(mine: Path, trail: Path) -> None:
    mine.write_text(ALLOWED + ROUTED)
    result = run(str(trail), rules_file=str(mine))
    assert result.stdout.splitlines() == [
        "5 records, 1 unreadable, 4 raise an alert",
        "      1 × lowered by mine.toml:1 (known)",
        "      2 × taken by mine.toml:6 to #urgent",
    ]


def test_a_difference_of_rules_is_told_message_by_message(mine: Path, trail: Path) -> None:
    mine.write_text('off = ["iam-user-operations"]\n')
    other = mine.with_name("other.toml")
    other.write_text('off = ["iam-user-operations"]\n' + ALLOWED + ROUTED)
    lines = run("--diff", str(other), str(trail), rules_file=str(mine)).stdout.splitlines()
    assert [line.split("  2026")[0] for line in lines[:4]] == [
        "- medium   #trailbell",
        "+ info     #trailbell",
        "- critical #trailbell",
        "+ critical #urgent",
    ]
    assert lines[1].endswith("(allowed: known, other.toml:2)")
    assert lines[4] == "2 messages added, 2 taken away, 1 as before"


def test_rules_that_are_the_same_differ_in_nothing(trail: Path) -> None:
    lines = run("--diff", NOTHING, str(trail)).stdout.splitlines()
    assert lines == ["0 messages added, 0 taken away, 3 as before"]


def test_a_difference_needs_records_and_rules_that_load(mine: Path, trail: Path) -> None:
    assert run("--diff", NOTHING).exit_code == 2
    assert run("--diff", NOTHING, "none.jsonl").exit_code == 2
    mine.write_text("[rule]\n")
    assert run("--diff", str(mine), str(trail)).exit_code == 2


def test_every_mistake_of_a_file_is_one_line(mine: Path) -> None:
    mine.write_text('off = ["trail-stoped"]\n[[allow]]\nrule = "all"\nnetwork = "10.0.0.0/33"\n')
    lines = run(rules_file=str(mine)).stderr.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["trailbell", f"{mine}:4"]
    assert "did you mean 'trail-stopped'?" in lines[0]
