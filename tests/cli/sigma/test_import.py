"""Sigma rules as rule files: what comes whole, what is left out and why."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.correlation import Correlation, CorrelationType
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset
from cli.rules import rules
from tests.events import cloudtrail

FOLDER = Path(__file__).parent / "rules"
SHAPES, CORRELATIONS, UNSAYABLE = (
    FOLDER / name for name in ("shapes.yml", "correlations.yml", "unsayable.yml")
)
HEAD = "title: T\nlogsource: {product: aws, service: cloudtrail}\ndetection:\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(rules, arguments)


def loaded(text: str, folder: Path) -> dict[str, Rule]:
    """The rules of an imported file, as they load."""
    file = folder / "imported.toml"
    file.write_text(text)
    return {rule.id: rule for rule in Ruleset.load(str(file)).rules if rule.theme == "imported"}


@pytest.fixture
def sigma(tmp_path: Path) -> Callable[[str], Ruleset]:
    def imported(detection: str) -> Ruleset:
        file, rule = tmp_path / "one.yml", tmp_path / "one.toml"
        file.write_text(f"{HEAD}{detection}\nlevel: high\n")
        result = run("--import-sigma", str(file))
        assert result.exit_code == 0, result.stderr
        rule.write_text('only = ["t"]\n' + result.stdout)
        return Ruleset.load(str(rule))

    return imported


def matches(ruleset: Ruleset, **fields: Any) -> bool:
    return bool(ruleset.match(Record(cloudtrail(**fields))))


def test_rules_in_sigmas_shapes_are_imported_whole(tmp_path: Path) -> None:
    result = run("--import-sigma", str(SHAPES), str(CORRELATIONS))
    assert result.exit_code == 0
    found = loaded(result.stdout, tmp_path)
    assert len(found) == 24
    assert "24 of 24 rules imported whole" in result.stderr


def test_what_sigma_says_of_a_rule_stands_in_its_keys_and_the_rest_in_comments(
    tmp_path: Path,
) -> None:
    text = run("--import-sigma", str(SHAPES)).stdout
    rule = loaded(text, tmp_path)["a-list-of-operations"]
    assert rule.title == "A List Of Operations"
    assert rule.severity is Severity.HIGH
    assert rule.means == "One service and several of its operations."
    assert rule.attack == ("T1562.008",)
    assert rule.false_positives == ("A planned change",)
    assert "# by: Somebody\n" in text
    assert "# tags: attack.defense-evasion\n" in text
    assert "# Sigma: 5f2a1c34-6f0e-4d0e-9b0a-2f8f5d1c0a01\n" in text


def test_correlations_become_rules_over_time_and_what_only_counts_no_rule(tmp_path: Path) -> None:
    found = loaded(run("--import-sigma", str(CORRELATIONS)).stdout, tmp_path)
    assert found["many-failed-sign-ins"].correlation == Correlation(
        type=CorrelationType.EVENT_COUNT,
        group_by=("$.userIdentity.userName", "$.recipientAccountId"),
        timespan=600,
        gte=10,
    )
    secrets = found["secrets-read-in-number"].correlation
    assert secrets is not None
    assert (secrets.gte, secrets.field) == (10, "$.requestParameters.secretId")
    sequence = found["user-then-key"].correlation
    assert sequence is not None
    assert sequence.rules == ("user-created", "key-created")
    assert "failed-sign-in" not in found
    assert "secret-read" in found  # generate: true


def test_what_cannot_be_said_is_named_with_the_reason() -> None:
    result = run("--import-sigma", str(UNSAYABLE))
    assert result.exit_code == 1
    assert result.stdout == ""
    reasons = {
        "Another Product": "not of product aws, service cloudtrail",
        "A Field Compared With Another": "fieldref: a pattern compares no field with another",
        "A Text Within An Object": "requestParameters: is an object",
        "A Text In Arrays Within Arrays": "lies in arrays within arrays",
        "A Field Of No Record And A Placeholder": "no field status; sourceIPAddress|expand",
        "An Expression With A Group": "as a pattern it is refused",
        "A Network Of Half A Number": "would need 32 texts",
        "Any One Character": "a ? for any one character",
        "Words Beside Fields": "keywords beside fields",
        "Nothing But What Must Not Be": "only what must not be",
        "More Than A Pattern Holds": "at most 3|may hold 3",
        "In Any Order": "temporal: our rules count",
        "Over A Week": "7d is more than a day",
        "At Most So Many": "lte has no word",
        "More Than Memory Counts": "1001 is not a whole number from 1 to 1000",
        "By An Object": "userIdentity: is an object",
        "A Sequence Whose Rules Keep Silent": "generate: ",
    }
    lines = [line for line in result.stderr.splitlines() if line.startswith("left out: ")]
    said = {title: line for title in reasons for line in lines if f": {title}: " in line}
    assert said.keys() == reasons.keys()
    wrong = [
        said[title]
        for title, reason in reasons.items()
        if not any(part in said[title] for part in reason.split("|")) and reason not in said[title]
    ]
    assert wrong == []
    assert len(lines) == len(reasons)


def test_texts_that_only_sigma_compares_whatever_their_case_are_counted_and_named(
    tmp_path: Path,
) -> None:
    file = tmp_path / "one.yml"
    file.write_text(
        f"{HEAD}  s: {{eventName: ConsoleLogin, additionalEventData.MFAUsed: 'NO',"
        " userAgent|cased: X}\n  condition: s\n"
    )
    told = run("--import-sigma", str(file)).stderr
    assert "narrowed: t: case counts in additionalEventData.MFAUsed 'NO'\n" in told
    assert "they compare 2 texts by case, which Sigma does not: 1 of them" in told


def test_null_is_a_field_that_is_not_there_or_null(sigma: Callable[[str], Ruleset]) -> None:
    ruleset = sigma("  s: {eventName: X, errorCode: null}\n  condition: s")
    assert matches(ruleset, eventName="X")
    assert matches(ruleset, eventName="X", errorCode=None)
    assert not matches(ruleset, eventName="X", errorCode="AccessDenied")


def test_a_filter_within_an_alternative_is_said_by_its_opposite(
    sigma: Callable[[str], Ruleset],
) -> None:
    ruleset = sigma(
        "  a: {eventName: X}\n  b: {eventName: Y}\n  f: {userAgent: ci, errorCode: null}\n"
        "  condition: a or (b and not f)"
    )
    assert matches(ruleset, eventName="X", userAgent="ci")
    assert not matches(ruleset, eventName="Y", userAgent="ci")
    assert matches(ruleset, eventName="Y", userAgent="aws-cli")
    assert matches(ruleset, eventName="Y", userAgent="ci", errorCode="Throttled")


def test_the_text_false_is_also_the_boolean(sigma: Callable[[str], Ruleset]) -> None:
    ruleset = sigma("  s: {requestParameters.enable: 'false'}\n  condition: s")
    assert matches(ruleset, requestParameters={"enable": False})
    assert matches(ruleset, requestParameters={"enable": "false"})
    assert not matches(ruleset, requestParameters={"enable": True})


def test_words_are_looked_for_in_the_whole_record(sigma: Callable[[str], Ruleset]) -> None:
    ruleset = sigma("  keywords: [Pacu, Cloud Fox]\n  condition: keywords")
    assert matches(ruleset, userAgent="Cloud Fox 1.0")
    assert not matches(ruleset, userAgent="aws-cli")


@pytest.mark.parametrize("title", ["", "\x00", "!!", "é" * 200, "a \"b\" 'c' \\ d"])
def test_any_title_makes_a_rule_that_loads(tmp_path: Path, title: str) -> None:
    file = tmp_path / "one.yml"
    detection = {"selection": {"eventName": "X"}, "condition": "selection"}
    source = {"product": "aws", "service": "cloudtrail"}
    document = {"title": title, "logsource": source, "detection": detection}
    file.write_text(yaml.safe_dump(document))
    result = run("--import-sigma", str(file))
    assert result.exit_code == 0, result.stderr
    assert len(loaded(result.stdout, tmp_path)) == 1


def test_an_id_that_a_rule_has_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "one.yml"
    rule = (
        HEAD.replace("title: T", "title: Trail stopped") + "  s: {eventName: X}\n  condition: s\n"
    )
    file.write_text(f"{rule}---\n{rule}")
    assert set(loaded(run("--import-sigma", str(file)).stdout, tmp_path)) == {
        "trail-stopped-2",
        "trail-stopped-3",
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("title: [", "no rule of Sigma"),
        ("- 1\n- 2\n", "no rule of Sigma"),
        ("just a text", "no rule of Sigma"),
        ("title: T\n", "no rule of Sigma"),
        ("", "it holds no rule"),
        (f"{HEAD}  s: {{eventName: X}}\n  condition: s and\n", "no rule of Sigma"),
        (f"{HEAD}  s: {{eventName: X}}\n  condition: s and t\n", "no rule of Sigma"),
        (f"{HEAD}  s: {{eventName|nosuch: X}}\n  condition: s\n", "no rule of Sigma"),
        (
            "title: T\ncorrelation: {type: event_count, rules: [x], timespan: 1h,"
            " condition: {gte: 2}}\n",
            "Name the file of the rule that it asks for",
        ),
    ],
)
def test_what_is_no_rule_of_sigma_ends_with_the_file_and_the_next_step(
    tmp_path: Path, text: str, said: str
) -> None:
    good, bad = tmp_path / "good.yml", tmp_path / "bad.yml"
    good.write_text(f"{HEAD}  s: {{eventName: X}}\n  condition: s\n")
    bad.write_text(text)
    result = run("--import-sigma", str(good), str(bad))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert said in result.stderr
    assert str(bad) in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = run("--import-sigma", str(tmp_path / "none.yml"))
    assert result.exit_code == 2
    assert "none.yml" in result.stderr
    assert run("--import-sigma").exit_code == 2
