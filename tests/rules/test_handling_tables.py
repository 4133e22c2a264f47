"""[handling], [people] and [summary]: what they take, and what is said of what they do not."""

from __future__ import annotations

import zoneinfo
from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rules import handling_keys as keys
from chalicelib.rules.handling import HandlingChoices, SummaryChoices
from chalicelib.rules.handling_keys import zone
from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.loading import load
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.rule_file import parse
from chalicelib.rules.spans import span, written

KNOWN = Rule(id="trail-stopped", title="A trail", severity=Severity.HIGH, pattern="{ $.a = 1 }")
MANY = """\
[handling]
remind = { critcal = "15m", high = "4" }
ask = "hihg"
asks = true

[people]
"arn:aws:sts::111122223333:assumed-role/Ops/alice" = "alice@example.com"
bob = "bob"

[summary]
at = "9:00"
zone = "Europe/Berlni"
quiet_day = true
"""


def loaded(*texts: str) -> LoadedRules:
    return load([KNOWN], [parse(text, f"{at}.toml") for at, text in enumerate(texts)])


def refused(*texts: str) -> RulesError:
    with pytest.raises(RulesError) as caught:
        loaded(*texts)
    return caught.value


def test_without_them_nothing_is_looked_at_later() -> None:
    rules = loaded("")
    assert (rules.handling, rules.people, rules.summary) == (HandlingChoices(), {}, None)
    assert not rules.handling.is_on


def test_reminders_are_after_a_time_for_each_severity() -> None:
    handling = loaded('[handling]\nremind = { critical = "15m", high = "4h" }').handling
    assert handling.is_on
    assert handling.remind == {
        Severity.CRITICAL: timedelta(minutes=15),
        Severity.HIGH: timedelta(hours=4),
    }


@pytest.mark.parametrize(
    ("ask", "severity", "rules"),
    [
        ("true", Severity.HIGH, ()),
        ("false", None, ()),
        ('"medium"', Severity.MEDIUM, ()),
        ('["trail-stopped"]', None, ("trail-stopped",)),
    ],
)
def test_who_did_it_is_asked_of_a_severity_or_of_rules(
    ask: str, severity: Severity | None, rules: tuple[str, ...]
) -> None:
    handling = loaded(f"[handling]\nask = {ask}").handling
    assert (handling.ask, handling.ask_rules) == (severity, rules)
    assert handling.is_on == bool(severity or rules)


def test_people_are_told_by_a_name_or_an_arn_that_is_one_persons() -> None:
    text = (
        '[people]\nbob = "U0BOB"\n'
        '"arn:aws:iam::111122223333:user/alice" = "alice@example.com"\n'
        '"arn:aws:iam::111122223333:root" = "root@example.com"\n'
    )
    assert loaded(text).people == {
        "bob": "U0BOB",
        "arn:aws:iam::111122223333:user/alice": "alice@example.com",
        "arn:aws:iam::111122223333:root": "root@example.com",
    }


def test_a_summary_has_an_hour_and_a_zone() -> None:
    summary = loaded('[summary]\nat = "09:30"\nzone = "Europe/Berlin"\nquiet_days = true').summary
    assert summary == SummaryChoices(at=time(9, 30), zone="Europe/Berlin", quiet_days=True)
    assert loaded("[summary]\nat = 07:00:00").summary == SummaryChoices(at=time(7))


def test_a_summary_needs_an_hour() -> None:
    error = refused('# ours\n[summary]\nzone = "UTC"')
    assert error.line == 2
    assert "at: is missing" in error.reason


def test_every_mistake_is_said_at_once_where_it_stands() -> None:
    error = refused(MANY)
    assert [mistake.line for mistake in error.mistakes] == [2, 3, 4, 7, 8, 11, 12, 13]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (2, "unknown key 'critcal'; did you mean 'critical'?"),
        (2, "high: '4' is no span of time such as 15m, 4h or 1d"),
        (3, "'hihg' is none of info, low, medium, high, critical; or true, or a list"),
        (4, "unknown key 'asks'; did you mean 'ask'?"),
        (7, "a session is named by whoever opens it; write the ARN of its role"),
        (8, "'bob' is neither an e-mail address nor the id of a Slack user"),
        (11, "'9:00' is no hour of the day such as"),
        (12, "no time zone is called 'Europe/Berlni'; did you mean 'Europe/Berlin'?"),
        (13, "did you mean 'quiet_days'?"),
    ],
)
def test_each_is_said_with_what_to_write_instead(line: int, said: str) -> None:
    assert any(said in str(one) for one in refused(MANY).mistakes if one.line == line)


def test_a_mistake_in_a_table_of_a_table_is_found() -> None:
    assert refused('[handling.remind]\nhigh = "soon"').line == 1
    assert refused('at = 1\n[summary]\nat = "x"').mistakes[-1].line == 3


@pytest.mark.parametrize("table", ["handling", "people", "summary"])
@pytest.mark.parametrize("value", ["1", '"x"', "[[1]]", "[{}]"])
def test_what_is_no_table_is_refused(table: str, value: str) -> None:
    assert f"{table} is written [{table}], a table" in str(refused(f"{table} = {value}"))


def test_a_rule_that_nobody_has_cannot_be_asked_about() -> None:
    error = refused('[handling]\nask = ["trail-stoped"]')
    assert "no rule is called 'trail-stoped'; did you mean 'trail-stopped'?" in error.reason


def test_two_files_do_not_set_the_same_key() -> None:
    text = '[handling]\nremind = { high = "1h" }'
    assert "[handling] remind is set in another file too" in refused(text, text).reason


def test_a_time_that_nobody_waits_for_is_refused() -> None:
    assert "longer than 7d" in refused('[handling]\nremind = { high = "8d" }').reason


def test_where_there_are_no_zones_at_all_any_name_loads() -> None:
    zoneinfo.ZoneInfo.clear_cache()
    zoneinfo.reset_tzpath(())
    try:
        assert zone("Europe/Berlin") == "Europe/Berlin"
    finally:
        zoneinfo.reset_tzpath()


@pytest.mark.parametrize("name", ["../etc/passwd", "/etc/localtime", "Europe", "a\0b", "x" * 5000])
def test_a_zone_that_is_a_path_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no time zone is called"):
        zone(name)


@given(st.integers(1, 999_999), st.sampled_from("mhd"))
def test_a_span_is_written_as_it_is_read(number: int, unit: str) -> None:
    length = span(f"{number}{unit}")
    assert span(written(length)) == length


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda each: st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=9), each),
    )
)
def test_whatever_is_written_is_taken_or_refused(value: object) -> None:
    for check in (keys.reminders, keys.asked, keys.person, keys.hour, keys.zone, span):
        try:
            check(value)
        except ValueError:
            continue


def test_who_handles_alerts_is_named_by_ids_of_users_and_groups() -> None:
    assert loaded('[handling]\nmay = ["S0123ABCD", "U0123ABCD"]').handling.may == (
        "S0123ABCD",
        "U0123ABCD",
    )
    assert loaded("").handling.may == ()


@pytest.mark.parametrize("value", ["[]", '"U0123ABCD"', '["@anna"]', '["C0123ABCD"]', "[1]"])
def test_who_is_not_named_by_an_id_is_a_mistake_and_nobody_is_let_in_for_it(value: str) -> None:
    assert "may" in str(refused(f"[handling]\nmay = {value}"))
