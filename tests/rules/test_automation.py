"""Ordinary acts of automation and of AWS itself are told at info; what is not ordinary never is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.judging import judge
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.loading import load
from chalicelib.rules.matching import match_all
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.ruleset import Ruleset
from cli.rule_effects import Effects
from cli.rule_examples import Example, examples
from cli.rule_warnings import warnings
from tests.events import ACCOUNT, OFFICE, TERRAFORM, assumed_role, cloudtrail, iam_user

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
CI = f"arn:aws:iam::{ACCOUNT}:role/ci"
PATTERN = '{ $.eventName = "CreateThing" }'
DEFAULTS, KEYS = load_defaults()
OF_MISDEEDS = {
    each.id
    for each in DEFAULTS
    if not (each.ordinary or each.correlation) and each.severity is not Severity.INFO
}
MISDEEDS = [each for each in examples() if each.fires and each.rule in OF_MISDEEDS]


# What they are of is the user agent itself.
BY_AGENT = {"secret-scanner-tried-a-key", "s3-browser-made-credentials", "attack-tool-user-agent"}


def listed(arn: str = CI, networks: str = "") -> str:
    within = f", networks = [{networks}]" if networks else ""
    return f'[settings]\nautomation = [{{ arn = "{arn}"{within} }}]\n'


def rule(**changes: Any) -> Rule:
    values = {"id": "thing", "title": "Thing", "severity": Severity.MEDIUM, "pattern": PATTERN}
    return Rule(**{**values, "ordinary": True, **changes})


def told(record: dict[str, Any], text: str, *rules: Rule) -> Alert:
    ruleset = Ruleset(load(rules or DEFAULTS, [parse(text, "rules/mine.toml")]), KEYS)
    matched = match_all([record], ruleset)
    assert matched.unreadable == []
    (found,) = judge(matched, accounts={}, default_channel="#c", now=NOW).alerts
    return found


def thing(identity: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return cloudtrail("CreateThing", source="things", userIdentity=identity, **fields)


def test_an_ordinary_act_of_a_listed_role_is_info_and_says_by_which_line() -> None:
    alert = told(thing(assumed_role("ci")), listed(), rule())
    assert alert.severity is Severity.INFO
    assert alert.allowed == "automation, mine.toml:2"
    assert alert.text.endswith("(allowed: automation, mine.toml:2)")


@pytest.mark.parametrize(
    ("arn", "identity", "is_listed"),
    [
        (f"arn:aws:iam::{ACCOUNT}:role/ci*", assumed_role("ci-deploy"), True),
        (f"arn:aws:iam::{ACCOUNT}:user/alice", iam_user("alice"), True),
        (CI, assumed_role("ci-deploy"), False),
        (CI, assumed_role("other", "ci"), False),
        (CI, iam_user("ci"), False),
        (f"arn:aws:iam::{ACCOUNT}:user/alice", iam_user("bob"), False),
    ],
)
def test_automation_is_known_by_its_arn_alone(
    arn: str, identity: dict[str, Any], is_listed: bool
) -> None:
    severity = told(thing(identity), listed(arn), rule()).severity
    assert severity is (Severity.INFO if is_listed else Severity.MEDIUM)


@pytest.mark.parametrize("address", ["198.51.100.1", "ecs.amazonaws.com", "", "2001:db8::1"])
def test_a_listed_role_from_outside_its_networks_keeps_the_full_severity(address: str) -> None:
    text = listed(networks='"192.0.2.0/24"')
    inside = thing(assumed_role("ci"), sourceIPAddress=OFFICE)
    outside = thing(assumed_role("ci"), sourceIPAddress=address)
    assert told(inside, text, rule()).severity is Severity.INFO
    assert told(outside, text, rule()).severity is Severity.MEDIUM


def test_what_a_service_does_is_info_where_it_is_ordinary() -> None:
    identity = assumed_role("admin") | {"invokedBy": "cloudformation.amazonaws.com"}
    alert = told(thing(identity), "", rule())
    assert alert.severity is Severity.INFO
    assert alert.allowed == "ordinary, by cloudformation.amazonaws.com"
    assert told(thing(identity), "", rule(ordinary=False)).severity is Severity.MEDIUM


@pytest.mark.parametrize(
    "identity",
    [
        iam_user("cloudformation.amazonaws.com"),
        assumed_role("cloudformation.amazonaws.com", "ecs.amazonaws.com"),
        iam_user("alice", invokedBy="alice"),
        iam_user("alice", invokedBy=["cloudformation.amazonaws.com"]),
    ],
)
def test_nobody_is_aws_by_a_name_of_their_own_choosing(identity: dict[str, Any]) -> None:
    record = thing(identity, sourceIPAddress="cloudformation.amazonaws.com")
    assert told(record, "", rule()).severity is Severity.MEDIUM


def test_a_rule_about_trailbell_itself_is_never_ordinary() -> None:
    own = rule(theme="trailbell")
    assert told(thing(assumed_role("ci")), listed(), own).severity is Severity.MEDIUM


def test_a_user_s_rule_is_of_ordinary_acts_only_where_it_says_so() -> None:
    text = (
        "[[rule]]\nid = \"thing\"\ntitle = \"T\"\nseverity = \"low\"\npattern = '''{ $.a = 1 }'''\n"
    )
    for more, expected in (("", False), ("ordinary = true\n", True), ("ordinary = false\n", False)):
        (loaded,) = load([], [parse(text + more, "mine.toml")]).rules
        assert loaded.ordinary is expected


# What a person seldom does and a pipeline every day, and nobody gets rights by.
BY_PIPELINES = {
    "agent-actions-changed", "command-document-written", "command-sent-to-instances",
    "function-layer-attached", "iam-policy-removed", "load-balancer-security-groups-set",
    "mail-identity-added", "narrow-policy-changed", "role-created-for-own-account",
    "role-refused-much-wanted",
}  # fmt: skip


def test_what_makes_high_is_never_ordinary_and_at_medium_what_pipelines_do_every_day() -> None:
    ordinary = [each for each in DEFAULTS if each.ordinary]
    assert len(ordinary) == 21
    at_medium = {each.id for each in ordinary if each.severity is not Severity.LOW}
    assert at_medium == BY_PIPELINES
    assert {each.severity for each in ordinary} == {Severity.LOW, Severity.MEDIUM}


def named(example: Example) -> str:
    return example.rule


@pytest.mark.parametrize("example", MISDEEDS, ids=named)
def test_a_misdeed_is_as_severe_with_a_forged_agent_and_by_a_listed_role(example: Example) -> None:
    before = told(example.record, "").severity
    who = example.record.get("userIdentity", {})
    arn = who.get("sessionContext", {}).get("sessionIssuer", {}).get("arn") or who.get("arn")
    forged = example.record | ({} if example.rule in BY_AGENT else {"userAgent": TERRAFORM})
    assert told(forged, "").severity is before
    if arn and (":role/" in arn or ":user/" in arn):
        assert told(forged, listed(arn)).severity is before


@pytest.mark.parametrize(
    ("automation", "said"),
    [
        ('"ci"', "it takes a list such as"),
        ('["ci"]', "it takes a list such as"),
        ("[{}]", "number 1: arn: is missing"),
        ('[{ arn = "ci" }]', "is not the ARN of a role or user"),
        ('[{ arn = "arn:aws:iam::*:role/ci" }]', "is not the ARN of a role or user"),
        ('[{ arn = "arn:aws:iam::111122223333:role/*" }]', "is not the ARN of a role or user"),
        ('[{ arn = "arn:aws:iam::111122223333:role/c*i" }]', "is not the ARN of a role or user"),
        ('[{ arn = "arn:aws:sts::111122223333:assumed-role/ci/x" }]', "is not the ARN"),
        ('[{ arn = "*" }]', "would allow everyone"),
        (f'[{{ arn = "{CI}", network = ["192.0.2.1"] }}]', "unknown key 'network'"),
        (f'[{{ arn = "{CI}", networks = ["here"] }}]', "neither an address nor a CIDR block"),
        (f'[{{ arn = "{CI}", networks = [] }}]', "an empty list holds for nothing"),
        (f'[{{ arn = "{CI}", networks = ["0.0.0.0/0"] }}]', "every address"),
    ],
)
def test_wrong_automation_is_refused_with_its_line_and_the_remedy(
    automation: str, said: str
) -> None:
    with pytest.raises(RulesError, match="automation") as refused:
        load([], [parse(f"[settings]\nautomation = {automation}\n", "mine.toml")])
    assert refused.value.line == 2
    assert said in refused.value.reason


@given(
    st.recursive(
        st.none() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_service_s_name_is_judged(service: Any) -> None:
    record = thing(iam_user("alice") | {"invokedBy": service})
    assert told(record, listed(), rule()).severity in (Severity.INFO, Severity.MEDIUM)


def test_a_network_that_everybody_may_have_draws_a_warning() -> None:
    text = listed(networks='"10.0.0.0/8"')
    ruleset = Ruleset(load([rule()], [parse(text, "mine.toml")]))
    (warning,) = warnings(ruleset, NOW)
    assert "mine.toml:2: the automation is from 10.0.0.0/8, which proves little" in warning


def test_the_command_says_how_many_records_a_line_lowers() -> None:
    effects = Effects(Ruleset(load([rule()], [parse(listed(), "mine.toml")])))
    matched = match_all([thing(assumed_role("ci")), thing(iam_user())], effects.ruleset)
    effects._add(matched)
    assert "      1 × lowered by mine.toml:2 (automation)" in list(effects.report())
