"""Our rules as Sigma's: what comes back, and what Sigma cannot say."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as some

from chalicelib.rules.compiling import compiled
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.rule import Rule
from chalicelib.rules.ruleset import Ruleset
from cli.rule_examples import examples
from cli.rules import rules
from cli.sigma.detections import detection
from cli.sigma.fields import CannotSayError
from cli.sigma.reading import read
from tests.cli.sigma.test_import import CORRELATIONS, SHAPES, loaded

DEFAULTS = load_defaults()[0]
# What every rule of ours has, in an id that Sigma does not keep.
RULE = "[[rule]]\nid = 'mine'\ntitle = 'Mine'\nseverity = 'high'\n"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(rules, arguments)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    return tmp_path / "mine.toml"


def there_and_back(mine: Path) -> tuple[dict[str, Rule], str]:
    """The rules of the file once they were Sigma's, and what was said on the way out."""
    exported = run("--rules", str(mine), "--export-sigma")
    assert exported.exit_code == 0, exported.stderr
    sigma = mine.with_suffix(".yml")
    sigma.write_text(exported.stdout)
    found = loaded(run("--import-sigma", str(sigma)).stdout, mine.parent)
    return found, exported.stderr


def test_what_is_imported_whole_comes_back_whole(mine: Path) -> None:
    mine.write_text(run("--import-sigma", str(SHAPES), str(CORRELATIONS)).stdout)
    before = {
        rule.id: replace(rule, theme="imported")
        for rule in Ruleset.load(str(mine)).rules
        if rule.theme == "mine"
    }
    after, told = there_and_back(mine)
    assert after == before
    assert told == f"{len(before)} rules exported, 0 left out\n"


def test_default_rules_that_come_back_give_the_verdicts_that_they_gave(tmp_path: Path) -> None:
    file = tmp_path / "sigma.yml"
    sayable = {rule.id: rule.title for rule in DEFAULTS if _is_sayable(rule)}
    file.write_text(run("--rules", "/dev/null", "--export-sigma", *sayable).stdout)
    found = {imported.table["title"]: imported.table for imported in read([file]).imported}
    wrong = [
        example.rule
        for example in examples()
        if (title := sayable.get(example.rule)) in found
        and _verdict(found[title], example.record) != example.fires
    ]
    assert wrong == []
    assert len(found) > 200


def _is_sayable(rule: Rule) -> bool:
    try:
        return not rule.correlation and bool(detection(rule.pattern, rule.exceptions))
    except CannotSayError:
        return False


def _verdict(table: dict[str, object], record: dict[str, object]) -> bool:
    exceptions = table.get("except", [])
    assert isinstance(exceptions, list)
    return compiled(str(table["pattern"])).matches(record) and not any(
        compiled(text).matches(record) for text in exceptions
    )


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ('{ $.facts.outcome = "failed" }', "no word for what Trailbell makes of a record"),
        ('{ $.requestParameters.names[*] = "x" }', "names of fields do not lead there"),
        ('{ $.resources[0].ARN = "x" }', "names of fields do not lead there"),
        ("{ $.errorCode IS NULL }", "null is also what is not there"),
        ("%a.b%", "keywords are words"),
        ("?one two", "mixes words"),
        ("", "asks for no field"),
    ],
)
def test_what_sigma_cannot_say_is_left_out_with_the_reason(
    mine: Path, pattern: str, said: str
) -> None:
    if not pattern:
        with pytest.raises(CannotSayError, match=said):
            detection(" ", ())
        return
    mine.write_text(f"{RULE}pattern = '{pattern}'\n")
    result = run("--rules", str(mine), "--export-sigma")
    assert result.stdout == ""
    assert "left out: mine: " in result.stderr
    assert said in result.stderr


def test_what_is_new_is_exported_as_a_note(mine: Path) -> None:
    mine.write_text(
        RULE + "pattern = '{ $.eventName = \"CreateUser\" }'\n[rule.correlation]\n"
        "type = 'new_terms'\nfields = ['$.awsRegion']\nhistory = '30d'\n"
    )
    result = run("--rules", str(mine), "--export-sigma")
    assert list(yaml.safe_load_all(result.stdout)) in ([], [None])
    assert "# It tells what is new of $.awsRegion within 30 days" in result.stdout
    assert '# { $.eventName = "CreateUser" }' in result.stdout
    assert "new_terms: Sigma has no word" in result.stderr


def test_keys_that_sigma_does_not_have_are_named_in_a_comment(mine: Path) -> None:
    mine.write_text(
        f"{RULE}pattern = '{{ $.eventName = X }}'\nrefused = 'low'\nmention = '@here'\n"
    )
    result = run("--rules", str(mine), "--export-sigma")
    assert result.stdout.startswith("# Sigma has no word for its refused, mention\n")


def test_rules_are_chosen_by_their_ids_and_an_unknown_one_is_wrong_use() -> None:
    result = run("--rules", "/dev/null", "--export-sigma", "trail-stopped")
    assert [rule["name"] for rule in yaml.safe_load_all(result.stdout)] == ["trail-stopped"]
    assert run("--rules", "/dev/null", "--export-sigma", "no-such-rule").exit_code == 2


FIELDS = ("eventName", "userAgent", "errorCode", "requestParameters.name", "sourceIPAddress")
TEXTS = some.text("ab?*\\\"'% é", min_size=0, max_size=5) | some.sampled_from(
    ["true", "False", "1"]
)
CONDITIONS = some.one_of(
    some.builds(
        lambda field, op, text: f"($.{field} {op} {_quoted(text)})",
        some.sampled_from(FIELDS),
        some.sampled_from(["=", "!="]),
        TEXTS,
    ),
    some.builds(
        lambda field, rest: f"($.{field} {rest})",
        some.sampled_from(FIELDS),
        some.sampled_from(["NOT EXISTS", "IS TRUE", "IS FALSE", "= 1", "= 2.5", "> 3", "<= 4"]),
    ),
    some.builds(
        lambda field: f"(($.{field} NOT EXISTS) || ($.{field} IS NULL))", some.sampled_from(FIELDS)
    ),
)
EXPRESSIONS = some.recursive(
    CONDITIONS,
    lambda inner: some.builds(
        lambda parts, joint: "(" + joint.join(parts) + ")",
        some.lists(inner, min_size=2, max_size=3),
        some.sampled_from([" && ", " || "]),
    ),
    max_leaves=6,
)
VALUES = some.sampled_from(["a", "ab", "b?", "*", "", "true", "1", None, True, False, 1, 4, "é\\"])
RECORDS = some.fixed_dictionaries(
    {},
    optional={
        **{field: VALUES for field in FIELDS if "." not in field},
        "requestParameters": some.fixed_dictionaries({}, optional={"name": VALUES}),
    },
)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


@settings(max_examples=200, deadline=None)
@given(
    EXPRESSIONS, some.lists(EXPRESSIONS, max_size=2), some.lists(RECORDS, min_size=3, max_size=8)
)
def test_a_pattern_that_comes_back_gives_the_verdicts_that_it_gave(
    tmp_path_factory: pytest.TempPathFactory,
    expression: str,
    exceptions: list[str],
    records: list[dict[str, object]],
) -> None:
    pattern, others = f"{{ {expression} }}", [f"{{ {text} }}" for text in exceptions]
    before: dict[str, object] = {"pattern": pattern, "except": others}
    document = {
        "title": "T",
        "logsource": {"product": "aws", "service": "cloudtrail"},
        "detection": detection(pattern, others),
        "level": "low",
    }
    file = tmp_path_factory.mktemp("sigma") / "one.yml"
    file.write_text(yaml.safe_dump(document, allow_unicode=True))
    reading = read([file])
    assume_said = {each.why for each in reading.left_out}
    if assume_said:  # a `not` of which a pattern has no opposite, or more than a pattern holds
        assert all(
            "opposite" in why or "refused" in why or "must not" in why for why in assume_said
        )
        return
    after = reading.imported[0].table
    for record in records:
        assert _verdict(after, record) == _verdict(before, record), (before, after, record)
