"""Whatever is wrong with rule files is said at once, each with file, line and remedy."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.loading import load
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.rule_file import parse

KNOWN = Rule(
    id="trail-stopped",
    title="A trail was stopped",
    severity=Severity.CRITICAL,
    pattern='{ $.eventName = "StopLogging" }',
    theme="logging",
)
MANY = """\
of = ["trail-stopped"]
only = ["trail-stoped"]

[[rule]]
id = "mine"
title = 3
severity = "urgent"
pattern = '{ $.a == 1 }'
severty = "low"

[[allow]]
rule = ["mine", "other"]
network = ["10.0.0.0/33", "10.0.0.1/8"]
until = "soon"
reson = "x"

[[route]]
accounts = 111122223333
themes = ["loging"]
severity = "hihg"
channel = "#a b"

[settings]
read = true
"""


def refused(*texts: str) -> RulesError:
    with pytest.raises(RulesError) as caught:
        loaded(*texts)
    return caught.value


def loaded(*texts: str) -> LoadedRules:
    return load([KNOWN], [parse(text, f"{at}.toml", f"{at}") for at, text in enumerate(texts)])


def test_every_mistake_of_a_file_is_said_at_once_in_the_order_of_its_lines() -> None:
    error = refused(MANY)
    assert [mistake.line for mistake in error.mistakes] == [
        1, 2, 6, 7, 8, 9, 12, 13, 14, 15, 18, 19, 20, 21, 24,
    ]  # fmt: skip
    lines = str(error).splitlines()
    assert len(lines) == len(error.mistakes)
    assert all(line.startswith("0.toml:") for line in lines)
    assert (error.line, error.reason) == (1, error.mistakes[0].reason)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (1, "did you mean 'off'?"),
        (2, "only: no rule is called 'trail-stoped'; did you mean 'trail-stopped'?"),
        (9, "did you mean 'severity'?"),
        (12, "no rule is called 'other'"),
        (
            13,
            "network: '10.0.0.0/33' is neither an address nor a CIDR block such as 203.0.113.0/24",
        ),
        (14, "until: 'soon' is neither a day such as 2026-03-31 nor a time such as"),
        (15, "did you mean 'reason'?"),
        (18, "accounts: 111122223333 is a number; write an account's id in quotes"),
        (19, "no theme is called 'loging'; did you mean 'logging'?"),
        (20, "severity: 'hihg' is none of info, low, medium, high, critical"),
        (24, "did you mean 'reads'?"),
    ],
)
def test_each_mistake_says_what_to_write_instead(line: int, said: str) -> None:
    (mistake,) = (each for each in refused(MANY).mistakes if each.line == line)
    assert said in mistake.reason


def test_the_mistakes_of_several_files_are_said_together() -> None:
    error = refused('off = ["nothing"]\n', "[settings]\nread = true\n")
    assert [(mistake.file, mistake.line) for mistake in error.mistakes] == [
        ("0.toml", 1),
        ("1.toml", 2),
    ]


def test_a_rule_that_is_wrong_is_no_reason_to_say_that_there_is_none() -> None:
    wrong = '[[rule]]\nid = "mine"\ntitle = "t"\nseverity = "urgent"\npattern = "{ $.a = 1 }"\n'
    error = refused(wrong, 'off = ["mine"]\n[[route]]\nthemes = ["0"]\nchannel = "#c"\n')
    assert [mistake.reason[:9] for mistake in error.mistakes] == ["severity:"]


def test_a_rule_with_a_wrong_id_is_read_to_its_end() -> None:
    error = refused('[[rule]]\nid = "Mine"\nseverity = "urgent"\nchanel = "#c"\n')
    assert [mistake.line for mistake in error.mistakes] == [2, 3, 4]


def test_what_a_new_rule_lacks_is_said_beside_what_is_wrong_with_it() -> None:
    error = refused('[[rule]]\nid = "mine"\nseverity = "urgent"\n')
    assert [mistake.line for mistake in error.mistakes] == [2, 3]
    assert error.reason.startswith("a new rule needs title, pattern,")


def test_what_another_file_would_have_is_not_missed_while_that_is_no_toml() -> None:
    error = refused("[[rule]\n", 'off = ["mine"]\n')
    assert [mistake.reason[:8] for mistake in error.mistakes] == ["not TOML"]


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ('[[allow]]\nactor = "ci"', "rule: is missing; 'all' means every rule"),
        ('[[allow]]\nrule = "all"', "it needs an actor or a network"),
        ('[[allow]]\nrule = "all"\nactor = []', "an empty list holds for nothing"),
        ('[[allow]]\nrule = "all"\nactor = "*"', "would allow everyone"),
        ('[[allow]]\nrule = "all"\nactor = 3', "3 is not a text"),
        ('[[allow]]\nrule = "all"\nnetwork = "0.0.0.0/0"', "is every address; leave network out"),
        ('[[allow]]\nrule = "all"\nnetwork = "10.0.0.1/8"', "write '10.0.0.0/8'"),
        ('[[allow]]\nrule = "all"\nactor = "ci"\naccount = "12"', "12 digits"),
        ('[[allow]]\nrule = "all"\nactor = "ci"\nuntil = 3', "3 is neither a day"),
        ('[[allow]]\nrule = "all"\nactor = "ci"\nuntil = ["2026-03-31"]', "is neither a day"),
        ('[[allow]]\nrule = "all"\nactor = "ci"\nuntil = 9999-12-31', "leave until out"),
        ('[[allow]]\nrule = "all"\nactor = "ci"\nuntil = 10:00:00', "is neither a day"),
        (f'[[allow]]\nrule = "all"\nactor = "ci"\nreason = "{"x" * 201}"', "more than 200"),
        ('[[route]]\nseverity = "high"', "it needs a channel or a mention"),
        ('[[route]]\nchannel = "#c"\nrules = ["nothing"]', "no rule is called 'nothing'"),
        ('[[route]]\nchannel = "#c"\naccounts = []', "an empty list holds for nothing"),
        ('[[route]]\nchannel = "#c"\ncontinue = "yes"', "neither true nor false"),
        ('[route]\nchannel = "#c"', "route is written [[route]], once for each"),
        ("only = []", "only: names no rule, so none would be left"),
        ("off = 'x'", "off: 'x' is not a list of texts"),
    ],
)
def test_what_is_wrong_is_refused_once_with_its_line(table: str, said: str) -> None:
    error = refused(f"\n{table}\n")
    assert len(error.mistakes) == 1
    assert said in error.reason
    assert error.line


KEYS = ("rule", "actor", "network", "account", "reason", "until", "channel", "severity", "x")
VALUES = st.one_of(
    st.sampled_from(["all", "ci", "10.0.0.0/8", "2026-03-31", "#c", "high", "trail-stopped"]),
    st.text(st.characters(codec="ascii", exclude_characters='"\\\x7f', min_codepoint=32)),
).map(lambda text: f'"{text}"') | st.sampled_from(["3", "true", "[]", '["ci", 3]', "2026-03-31"])
TABLES = st.sampled_from(["[[allow]]", "[[route]]", "[[rule]]", "[settings]"])


@given(TABLES, st.dictionaries(st.sampled_from(KEYS), VALUES))
def test_a_file_loads_whole_or_is_refused_with_a_line_a_mistake(
    table: str, keys: dict[str, str]
) -> None:
    text = table + "\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
    lines, whole = outcome(text)
    assert all(re.match(r"0\.toml:\d", line) for line in lines)
    assert bool(lines) is not whole


def outcome(text: str) -> tuple[list[str], bool]:
    """The lines that refuse a file, and whether it was loaded."""
    try:
        loaded(text)
    except RulesError as error:
        return str(error).splitlines(), False
    return [], True
