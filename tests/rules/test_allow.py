"""What is allowed is told at info, said to be allowed, and never hidden."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import amended
from chalicelib.alerts.delivery import repeat_key_of
from chalicelib.alerts.judging import judge
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.loading import load
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import OWN_THEME, Rule, Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.ruleset import Ruleset
from tests.events import assumed_role, cloudtrail, iam_user

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
ALICE = "arn:aws:iam::111122223333:user/alice"
CI = "arn:aws:iam::111122223333:role/ci"


def rule(rule_id: str, name: str, severity: Severity, **others: Any) -> Rule:
    pattern = f'{{ $.eventName = "{name}" }}'
    return Rule(id=rule_id, title=rule_id, severity=severity, pattern=pattern, **others)


RULES = (
    rule("trail-stopped", "StopLogging", Severity.CRITICAL, mention="@here", theme="logging"),
    rule("keys", "CreateAccessKey", Severity.HIGH, mention="@here", theme="credentials"),
    rule("any-key", "CreateAccessKey", Severity.MEDIUM, theme="credentials"),
    rule("trailbell-changed", "DeleteTable", Severity.HIGH, theme=OWN_THEME),
)


def ruleset(text: str) -> Ruleset:
    return Ruleset(load(RULES, [parse(text, "rules/mine.toml", "mine")]))


def alert(text: str, name: str = "CreateAccessKey", **fields: Any) -> Alert:
    """What the rules make of a record, with this beside them."""
    event = cloudtrail(name, userIdentity=iam_user(), **fields)
    matched = match_all([event], ruleset(text))
    (found,) = judge(matched, accounts={}, default_channel="#c", now=NOW).alerts
    return found


def allow(**keys: Any) -> str:
    lines = [f"{key} = {_toml(value)}\n" for key, value in keys.items()]
    return "[[allow]]\n" + "".join(lines)


def _toml(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"'


def test_what_is_allowed_is_told_at_info_and_says_why_and_where() -> None:
    found = alert(allow(rule="all", actor="alice", reason="rotates keys"))
    assert found.severity is Severity.INFO
    assert found.allowed == "rotates keys, mine.toml:1"
    assert found.text.endswith(" (allowed: rotates keys, mine.toml:1)")
    assert found.rule_ids == ("keys", "any-key")


def test_without_an_allow_nothing_is_said_of_one() -> None:
    found = alert("")
    assert (found.severity, found.allowed, "allowed" in found.text) == (Severity.HIGH, "", False)


def test_of_several_rules_those_that_are_not_allowed_speak() -> None:
    found = alert(allow(rule="keys", actor=ALICE))
    assert (found.rule_id, found.severity) == ("any-key", Severity.MEDIUM)
    assert found.allowed == "mine.toml:1"  # since it would be high without


def test_what_lowers_nothing_of_what_is_told_is_not_said() -> None:
    found = alert(allow(rule="any-key", actor=ALICE))
    assert (found.rule_id, found.severity, found.allowed) == ("keys", Severity.HIGH, "")


def test_whom_a_lowered_rule_calls_is_not_called() -> None:
    assert alert("").mention == "@here"
    assert alert(allow(rule="keys", actor=ALICE)).mention is None


def test_a_record_that_is_allowed_matches_as_before() -> None:
    with_allow, without = ruleset(allow(rule="all", actor=ALICE)), ruleset("")
    assert with_allow.rules == without.rules


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        (allow(rule="trail-stopped", actor=ALICE), Severity.INFO),
        (allow(rule=["keys", "trail-stopped"], actor=["bob", ALICE]), Severity.INFO),
        (allow(rule="all", actor=ALICE), Severity.CRITICAL),
        (allow(rule="trail-stopped", actor="alice"), Severity.CRITICAL),
        (
            allow(rule="trail-stopped", actor="arn:aws:iam::111122223333:user/al*"),
            Severity.CRITICAL,
        ),
        (allow(rule="trail-stopped", actor=["alice", CI]), Severity.CRITICAL),
        (allow(rule="trail-stopped", network="192.0.2.0/24"), Severity.CRITICAL),
    ],
)
def test_critical_is_lowered_only_for_an_arn_and_a_rule_that_are_named(
    text: str, severity: Severity
) -> None:
    assert alert(text, "StopLogging").severity is severity


def test_what_is_about_trailbell_itself_is_never_lowered() -> None:
    for named in ("all", "trailbell-changed"):
        assert alert(allow(rule=named, actor=ALICE), "DeleteTable").severity is Severity.HIGH


def test_every_default_rule_about_trailbell_has_its_theme() -> None:
    rules, _ = load_defaults()
    assert {each.theme == OWN_THEME for each in rules if each.id.startswith("trailbell-")} == {True}


@pytest.mark.parametrize(
    ("keys", "holds"),
    [
        ({"actor": ALICE}, True),
        ({"actor": "al*"}, True),
        ({"actor": "bob"}, False),
        ({"actor": ["bob", "alice"]}, True),
        ({"network": "192.0.2.0/24"}, True),
        ({"network": "192.0.2.10"}, True),
        ({"network": ["198.51.100.0/24", "2001:db8::/32"]}, False),
        ({"actor": "alice", "network": "192.0.2.10"}, True),
        ({"actor": "alice", "network": "198.51.100.1"}, False),
        ({"actor": "alice", "account": "111122223333"}, True),
        ({"actor": "alice", "account": ["444455556666", "111122223333"]}, True),
        ({"actor": "alice", "account": "444455556666"}, False),
        ({"actor": "alice", "until": "2026-03-02"}, True),
        ({"actor": "alice", "until": "2026-03-01"}, False),
        ({"actor": "alice", "until": "2026-03-02T09:15:00Z"}, False),
        ({"actor": "alice", "until": "2026-03-02T10:15:01+01:00"}, True),
    ],
)
def test_all_that_is_given_must_hold(keys: dict[str, Any], holds: bool) -> None:
    found = alert(
        allow(rule="all", **keys), eventTime="2026-03-02T09:15:00Z", sourceIPAddress="192.0.2.10"
    )
    assert (found.severity is Severity.INFO) is holds


def test_a_role_s_arn_covers_its_sessions() -> None:
    event = cloudtrail("CreateAccessKey", userIdentity=assumed_role("ci"))
    matched = match_all([event], ruleset(allow(rule="all", actor=CI)))
    (found,) = judge(matched, accounts={}, default_channel="#c", now=NOW).alerts
    assert found.severity is Severity.INFO


def test_what_a_service_calls_comes_from_no_network() -> None:
    text = allow(rule="all", network="192.0.2.0/24")
    found = alert(text, sourceIPAddress="cloudformation.amazonaws.com")
    assert found.severity is Severity.HIGH


def test_an_event_whose_time_cannot_be_read_is_allowed_only_without_an_end() -> None:
    text = allow(rule="all", actor="alice", until="2030-01-01")
    assert alert(text, eventTime="yesterday").severity is Severity.HIGH
    assert alert(allow(rule="all", actor="alice"), eventTime="").severity is Severity.INFO


def test_what_is_not_allowed_is_not_the_same_thing_again() -> None:
    text = allow(rule="all", actor="alice", network="192.0.2.10")
    known = alert(text, "CreateAccessKey", sourceIPAddress="192.0.2.10")
    strange = alert(text, "CreateAccessKey", sourceIPAddress="198.51.100.1")
    assert repeat_key_of(known) != repeat_key_of(strange)


def test_a_correction_says_once_that_it_is_allowed() -> None:
    kept = alert(allow(rule="all", actor="alice", reason="known"))
    addendum = alert(
        allow(rule="all", actor="alice", reason="known"), requestParameters={"userName": "bob"}
    )
    corrected = amended(kept, addendum)
    assert corrected.text.count("(allowed: known, mine.toml:1)") == 1
    assert corrected.severity is Severity.INFO


def test_a_correction_that_is_not_allowed_ends_what_was_said() -> None:
    text = allow(rule="all", actor="alice", network="192.0.2.10")
    corrected = amended(
        alert(text, sourceIPAddress="192.0.2.10"), alert(text, sourceIPAddress="198.51.100.1")
    )
    assert (corrected.severity, corrected.allowed) == (Severity.HIGH, "")
    assert "allowed" not in corrected.text


ACTORS = st.lists(
    st.sampled_from([ALICE, CI, "alice", "al*", "arn:aws:iam::*", "bob"]), min_size=1, max_size=3
)
RULE_IDS = st.lists(st.sampled_from(["all", *(each.id for each in RULES)]), min_size=1, max_size=3)


@given(st.lists(st.tuples(RULE_IDS, ACTORS), max_size=4), st.sampled_from(RULES))
def test_no_allow_hides_an_alert_or_raises_its_severity(
    allows: list[tuple[list[str], list[str]]], about: Rule
) -> None:
    name = about.pattern.split('"')[1]
    text = "".join(allow(rule=ids, actor=actors) for ids, actors in allows)
    before, after = alert("", name), alert(text, name)
    assert set(after.rule_ids) == set(before.rule_ids)
    assert after.severity.rank <= before.severity.rank
    assert bool(after.allowed) is (after.severity is not before.severity)
    if before.severity is Severity.CRITICAL and after.severity is not Severity.CRITICAL:
        assert any(about.id in ids and ALICE in actors for ids, actors in allows)
