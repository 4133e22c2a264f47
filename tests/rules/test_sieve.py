"""The sieve: it leaves out no rule that matches, and makes nothing of what none can match."""

from __future__ import annotations

import json
from types import ModuleType

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail.record import Record, RecordError
from chalicelib.rules import skimming
from chalicelib.rules.keys import REMEMBERED
from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.matching import Body, match_all
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.sieve import PAYS_AFTER, Left
from cli.rule_examples import examples
from tests.events import cloudtrail
from tests.rules.hostile_json import scalars, texts_of, values

DEFAULTS = Ruleset.load()
EXAMPLES = [each.record for each in examples()]
QUIET = cloudtrail("DescribeInstances", readOnly=True)
IDENTITY = "userIdentity"
NAMES = (
    *("eventName", "eventSource", "eventType", "errorCode", "readOnly", "awsRegion", "class"),
    *("sessionCredentialFromConsole", "requestParameters", "facts"),
)
PATHS = (
    *(f"$.{name}" for name in NAMES),
    *(f"$.{IDENTITY}{inner}" for inner in ("", ".type", ".userName", ".*", "['a']", ".a.b")),
    f"$.{IDENTITY}.sessionContext.sessionIssuer.userName",
    *("$.requestParameters.a", "$.requestParameters.a.b", "$.requestParameters[0]"),
    *("$.facts.outcome", "$.facts.person", "$.facts.targets[*]", "$.recipientAccountId"),
)
ASKED = (
    *('= "a"', '= "a*"', '= "*b"', "= *", '= "1"', "= 1", '!= "a"', '!= "*"', "!= 1", "< 5"),
    *(">= 1", "> 1", "<= 1", "IS NULL", "IS TRUE", "IS FALSE", "NOT EXISTS", "= %^a%"),
    *('= "Root"', '= "succeeded"', '= "true"'),
)


def a_rule(number: int, pattern: str, *exceptions: str) -> Rule:
    name = f"rule-{number}"
    return Rule(id=name, title=name, severity=Severity.LOW, pattern=pattern, exceptions=exceptions)


def ruleset(*rules: Rule) -> Ruleset:
    return Ruleset(LoadedRules(rules=rules))


def built(rules: Ruleset, library: ModuleType | None = None) -> Left:
    """The sieve of a ruleset, of the program or of a spoiled one."""
    left = (library or skimming).left_of(rules._index)
    assert left is not None
    return left  # type: ignore[no-any-return]


def missed(text: str, rules: Ruleset, left: Left) -> set[str]:
    """The rules that match what the text says, and are not left by the sieve."""
    kept = left(text)
    as_bytes = left(text.encode("utf-8", "surrogatepass"))
    if kept is None or as_bytes is None:
        return set()
    try:
        record = Record.of(text)
    except RecordError:
        return {"what cannot be read"}
    found = [rules.with_members(record, each) for each in (None, kept, as_bytes)]
    by_all, by_text, by_bytes = ({rule.id for rule in each} for each in found)
    return by_all - (by_text & by_bytes)


def patterns() -> st.SearchStrategy[str]:
    one = st.builds("({} {})".format, st.sampled_from(PATHS), st.sampled_from(ASKED))
    joined = st.recursive(
        one,
        lambda inner: st.builds(
            lambda parts, by: f"({f' {by} '.join(parts)})",
            st.lists(inner, min_size=2, max_size=3),
            st.sampled_from(("&&", "||")),
        ),
        max_leaves=4,
    )
    # The language allows three selectors with a wildcard and two regular expressions.
    few = joined.filter(
        lambda text: text.count("*]") + text.count(".*") < 4 and text.count("%") < 5
    )
    return few.map("{{ {} }}".format)


def rulesets() -> st.SearchStrategy[Ruleset]:
    found = st.lists(st.tuples(patterns(), st.none() | patterns()), min_size=1, max_size=2)
    return found.map(
        lambda pairs: ruleset(
            *(a_rule(at, pattern, *filter(None, [but])) for at, (pattern, but) in enumerate(pairs))
        )
    )


def records() -> st.SearchStrategy[str]:
    """The text of an object with some of a record's fields, each holding anything."""
    issuer = st.fixed_dictionaries({}, optional={"userName": scalars()})
    context = st.fixed_dictionaries({}, optional={"sessionIssuer": issuer | values()})
    inner = {name: values() for name in ("type", "userName", "a")}
    identity = st.fixed_dictionaries({}, optional={**inner, "sessionContext": context | values()})
    surely = {IDENTITY: identity | values(), "recipientAccountId": scalars()}
    others = st.dictionaries(st.sampled_from(NAMES), values(), max_size=5)
    found = st.builds(dict.__or__, others, st.fixed_dictionaries(surely))
    return texts_of(found)


@given(rulesets(), st.lists(records(), min_size=5, max_size=5))
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_it_leaves_every_rule_that_matches_whatever_is_written(
    rules: Ruleset, texts: list[str]
) -> None:
    left = skimming.left_of(rules._index)
    if left is not None:
        assert [text for text in texts if missed(text, rules, left)] == []


DEFAULT_SIEVE = built(DEFAULTS)


@given(
    texts_of(
        st.builds(
            dict.__or__,
            st.sampled_from(EXAMPLES),
            st.dictionaries(st.sampled_from((*NAMES, IDENTITY)), values(), max_size=2),
        )
    )
)
@settings(max_examples=150, deadline=None)
def test_nor_is_one_of_the_default_rules_missed(text: str) -> None:
    assert missed(text, DEFAULTS, DEFAULT_SIEVE) == set()
    assert missed(text[:-1], DEFAULTS, DEFAULT_SIEVE) == set()


def test_nor_of_their_own_examples() -> None:
    texts = [json.dumps(record) for record in EXAMPLES]
    assert [text for text in texts if missed(text, DEFAULTS, DEFAULT_SIEVE)] == []


@given(st.text(max_size=40) | st.builds(json.dumps, values()))
@example('{"userIdentity":{},"recipientAccountId":"1"} x')
@example("[" * 100_000)
@example("\ufeff{}")
@settings(max_examples=50, deadline=None)
def test_what_is_no_record_is_left_to_whoever_reads_it(text: str) -> None:
    assert missed(text, DEFAULTS, DEFAULT_SIEVE) == set()


def test_of_a_quiet_record_no_rule_is_left() -> None:
    assert DEFAULT_SIEVE(json.dumps(QUIET)) == []


def test_what_a_name_hides_behind_is_found() -> None:
    alarming = json.dumps(cloudtrail("StopLogging"))
    for hidden in (
        alarming.replace("eventName", "event\\u004eame"),
        alarming.replace("StopLogging", "Stop\\u004cogging"),
        '{"eventName":"DescribeTrails",' + alarming[1:],
        alarming.replace('"eventName":', '"eventName" \n : '),
    ):
        assert "trail-stopped" not in missed(hidden, DEFAULTS, DEFAULT_SIEVE)
        assert DEFAULT_SIEVE(hidden) != []


SPOILED = {
    "what is not known is turned round": (
        "return condition if self._knows(condition) else unknown",
        "return condition if self._knows(condition) else not unknown",
    ),
    "facts are the record's own": ("if path[:1] != FACTS", "if path[:1] != ()"),
    "no field is needed": ("is_needed = not path and name in OF_A_RECORD", "is_needed = False"),
}
SAMPLES = [
    *(json.dumps(record) for record in EXAMPLES),
    json.dumps({"Records": [cloudtrail("StopLogging")]}),
    json.dumps({"version": "0", "detail": QUIET}),
    json.dumps(QUIET)[:-1],
]


def spoiled(old: str, new: str) -> ModuleType:
    """The module with one thing wrong."""
    path = skimming.__file__ or ""
    with open(path, encoding="utf-8") as file:
        source = file.read()
    assert source.count(old) == 1
    made = ModuleType("spoiled")
    exec(compile(source.replace(old, new), path, "exec"), made.__dict__)
    return made


def test_a_sieve_of_other_rules_fails_the_same_check() -> None:
    fewer = built(Ruleset(LoadedRules(rules=DEFAULTS.rules[: len(DEFAULTS.rules) // 2])))
    assert any(missed(text, DEFAULTS, fewer) for text in SAMPLES)


@pytest.mark.parametrize("name", SPOILED)
def test_a_sieve_with_one_thing_wrong_fails_the_same_check(name: str) -> None:
    left = built(DEFAULTS, spoiled(*SPOILED[name]))
    assert any(missed(text, DEFAULTS, left) for text in SAMPLES)


def test_a_batch_comes_to_the_same_with_the_sieve_and_without() -> None:
    plain, sieved = Ruleset.load(), Ruleset.load()
    assert sieved.sieve.build() is not None
    bodies: list[Body] = [
        *SAMPLES,
        "no JSON",
        json.dumps(QUIET)[:-9],
        QUIET,
        json.dumps(cloudtrail("StopLogging")),
    ]
    found = [match_all(bodies, each) for each in (plain, sieved)]
    shown = [
        (
            each.records,
            each.unreadable,
            [(m.position, m.record.raw, m.lowering, m.rules, m.members) for m in each.matches],
        )
        for each in found
    ]
    assert plain.sieve.left is None
    assert shown[0] == shown[1]


def test_it_is_built_once_it_pays() -> None:
    rules = Ruleset.load()
    rules.sieve.tried(PAYS_AFTER - 1)
    assert rules.sieve.left is None
    rules.sieve.tried(1)
    assert rules.sieve.left is not None


INTO_A_TEXT = ruleset(a_rule(1, '{ ($.awsRegion = "mars") && ($.eventType.a = "x") }'))


@pytest.mark.parametrize("inner", ['["x"]', '{"b": "x"}', '"x"'])
def test_a_rule_that_looks_into_what_is_a_text_spoils_no_record(inner: str) -> None:
    odd = json.dumps({**QUIET, "awsRegion": "mars"}).replace('"AwsApiCall"', f'{{"a": {inner}}}')
    assert inner in odd
    assert missed(odd, INTO_A_TEXT, built(INTO_A_TEXT)) == set()


def test_nor_does_it_make_every_record_be_read() -> None:
    assert built(INTO_A_TEXT)(json.dumps(QUIET)) == []


@pytest.mark.parametrize(
    "pattern", ["ERROR", "", '{ $.a.b[0] = "x" }', '{ $.facts.person = "true" }']
)
def test_where_a_rule_may_match_any_record_there_is_none(pattern: str) -> None:
    assert skimming.left_of(ruleset(a_rule(1, pattern))._index) is None


def test_names_that_somebody_makes_up_do_not_fill_memory() -> None:
    rules = ruleset(a_rule(1, '{ $.awsRegion = "mars" }'))
    left = built(rules)
    text = json.dumps(QUIET).replace("DescribeInstances", "{}")
    before, after = text.split("{}")
    for number in range(REMEMBERED + 10):
        assert left(f"{before}Made{number}{after}") == []
