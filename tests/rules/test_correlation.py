"""[rule.correlation] is read whole or refused with file, line, rule and remedy."""

from __future__ import annotations

import pytest

from chalicelib.rules.correlation import Correlation, CorrelationType
from chalicelib.rules.loading import load
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule_file import parse

RULE = """
[[rule]]
id = "many-reads"
title = "Many secrets were read"
severity = "high"
pattern = '{ $.eventName = "GetSecretValue" }'

[rule.correlation]
"""
COUNT = 'type = "event_count"\ngroup_by = ["$.userIdentity.arn"]\ntimespan = "10m"\ngte = 20\n'
SEQUENCE = """
[[rule]]
id = "then"
title = "One after the other"
severity = "high"
[rule.correlation]
type = "temporal_ordered"
timespan = "1h"
rules = %s
"""


def of(text: str) -> Correlation:
    (rule,) = load([], [parse(RULE + text, "mine.toml")]).rules
    assert rule.correlation is not None
    return rule.correlation


def refused(text: str) -> str:
    with pytest.raises(RulesError) as caught:
        load([], [parse(text, "mine.toml")])
    return str(caught.value)


def test_records_are_counted_by_a_group_within_a_timespan() -> None:
    assert of(COUNT) == Correlation(
        type=CorrelationType.EVENT_COUNT,
        group_by=("$.userIdentity.arn",),
        timespan=600,
        gte=20,
    )


def test_values_are_counted_each_of_an_array_where_the_path_says_so() -> None:
    found = of('type = "value_count"\ntimespan = "24h"\ngte = 2\nfield = "$.facts.targets[*]"\n')
    assert (found.field, found.timespan) == ("$.facts.targets[*]", 86400)


def test_new_terms_are_of_the_group_and_the_fields() -> None:
    found = of(
        'type = "new_terms"\ngroup_by = ["$.facts.principal"]\n'
        'fields = ["$.awsRegion"]\nhistory = "30d"\n'
    )
    assert found.terms == ("$.facts.principal", "$.awsRegion")
    assert found.history == 30


def test_a_sequence_needs_no_pattern_of_its_own() -> None:
    other = RULE.replace("[rule.correlation]", "")
    rules = load([], [parse(other + SEQUENCE % '["many-reads", "many-reads"]', "mine.toml")]).rules
    sequence = {rule.id: rule for rule in rules}["then"]
    assert sequence.pattern == ""
    assert sequence.correlation is not None
    assert sequence.correlation.rules == ("many-reads", "many-reads")


@pytest.mark.parametrize(
    ("line", "instead", "reason"),
    [
        ("gte = 20", "gte = 0", "0 is not within 1 and 1000"),
        ("gte = 20", "gte = 1001", "1001 is not within 1 and 1000"),
        ("gte = 20", "gte = true", "True is not a whole number"),
        ('"10m"', '"0m"', "'0m' is not within 1s and 24h"),
        ('"10m"', '"25h"', "'25h' is not within 1s and 24h"),
        ('"10m"', '"ten"', "'ten' is no span such as 30s, 10m, 24h or 7d"),
        ('"10m"', "600", "600 is no span such as 30s, 10m, 24h or 7d"),
        ("event_count", "evnt_count", "'evnt_count' is no type; did you mean 'event_count'?"),
        ("$.userIdentity.arn", "$.userIdentity", "is an object; name a value within it"),
        ("$.userIdentity.arn", "$.userIdenty.arn", "no record has a field 'userIdenty'"),
        ("$.userIdentity.arn", "$.facts.principle", "did you mean 'principal'?"),
        ("$.userIdentity.arn", "$.facts.targets", "is an array"),
        ("$.userIdentity.arn", "$.facts.targets[*]", "names several values"),
        ("$.userIdentity.arn", "userIdentity.arn", "is no path such as $.userIdentity.arn"),
        ("$.userIdentity.arn", "$.userIdentity.arn &&", "is no path such as"),
        ("gte = 20", 'gte = 20\nfield = "$.awsRegion"', "event_count does not take it"),
        ("gte = 20", "", "event_count needs gte too"),
        ("group_by", "groupby", "unknown key 'groupby'; did you mean 'group_by'?"),
        ('type = "event_count"', "", "type: is missing; it takes event_count"),
    ],
)
def test_a_correlation_that_cannot_be_is_refused_with_its_remedy(
    line: str, instead: str, reason: str
) -> None:
    said = refused(RULE + COUNT.replace(line, instead))
    assert reason in said
    assert "rule many-reads" in said


def test_all_mistakes_are_said_at_once_each_with_its_line() -> None:
    said = refused(RULE + COUNT.replace("20", "0").replace("10m", "0s"))
    lines = [line.split(": ")[0] for line in said.splitlines()]
    written = (RULE + COUNT).splitlines()
    wrong = ('timespan = "10m"', "gte = 20")
    assert lines == [f"mine.toml:{written.index(line) + 1}" for line in wrong]


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        ('["then", "many-reads"]', "a cycle"),
        ('["counted", "many-reads"]', "is a rule over time itself"),
        ('["many-read", "many-reads"]', "did you mean 'many-reads'?"),
        ('["many-reads"]', "2 to 8 ids"),
    ],
)
def test_a_sequence_of_what_cannot_be_is_refused(names: str, reason: str) -> None:
    plain = RULE.replace("[rule.correlation]", "")
    counted = (RULE + COUNT).replace("many-reads", "counted")
    assert reason in refused(plain + counted + SEQUENCE % names)


def test_a_sequence_of_a_rule_with_a_mistake_is_not_told_that_there_is_none() -> None:
    said = refused(RULE + COUNT.replace("20", "0") + SEQUENCE % '["many-reads", "nothing"]')
    assert said.count("no rule is called") == 1
    assert "no rule is called 'nothing'" in said


def test_a_sequence_with_a_mistake_is_not_asked_for_a_pattern_too() -> None:
    plain = RULE.replace("[rule.correlation]", "") + SEQUENCE % '["many-reads"]'
    assert "needs pattern" not in refused(plain)


def test_a_sequence_of_a_rule_that_is_off_is_refused_unless_it_is_off_itself() -> None:
    plain = RULE.replace("[rule.correlation]", "") + SEQUENCE % '["many-reads", "many-reads"]'
    assert "is switched off" in refused('off = ["many-reads"]\n' + plain)
    assert load([], [parse('off = ["many-reads", "then"]\n' + plain, "mine.toml")]).rules == ()


def test_a_default_sequence_goes_off_with_a_rule_that_it_is_of_and_that_is_said() -> None:
    plain = RULE.replace("[rule.correlation]", "") + SEQUENCE % '["many-reads", "many-reads"]'
    defaults = load([], [parse(plain, "default.toml")]).rules
    loaded = load(defaults, [parse('off = ["many-reads"]', "mine.toml")])
    assert loaded.rules == ()
    assert loaded.hints == ("then is off too: it is a sequence of many-reads, which is off",)


def test_a_users_file_may_set_another_correlation_for_a_rule() -> None:
    (before,) = load([], [parse(RULE + COUNT, "theirs.toml")]).rules
    text = '[[rule]]\nid = "many-reads"\n[rule.correlation]\n' + COUNT.replace("20", "30")
    (rule,) = load([before], [parse(text, "mine.toml")]).rules
    assert rule.correlation is not None
    assert rule.correlation.gte == 30


def test_a_correlation_is_the_same_from_its_json() -> None:
    correlation = of(COUNT)
    assert Correlation.from_dict(correlation.to_dict()) == correlation
    assert correlation.key != of(COUNT.replace("20", "21")).key
