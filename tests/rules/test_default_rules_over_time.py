"""Default rules over time: sequences that fire each, and sequences that nearly do."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bench import events
from chalicelib.alerts import over_time
from chalicelib.alerts.held_memory import HeldMemory
from chalicelib.alerts.judging import judge
from chalicelib.alerts.told import Told, Way
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.correlation import MOST_COUNTED, Correlation
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.loading import load
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Rule
from chalicelib.rules.ruleset import Ruleset
from cli.rule_examples import examples
from tests.heard import Heard

Json = dict[str, Any]
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LOADED, KEYS = load_defaults()
RULESET = Ruleset(load(LOADED, []), KEYS)
OVER_TIME = {rule.id: rule for rule in RULESET.rules if rule.correlation}
FIRST: dict[str, Json] = {}
for _example in examples():
    if _example.fires:
        FIRST.setdefault(_example.rule, _example.record)
ROLE = "orders-task"
# Where the values lie that a rule counts, or that must be new.
COUNTED = {
    "many-calls-refused-to-person": "eventName",
    "many-calls-refused-to-workload": "eventName",
    "many-secrets-read": "requestParameters.secretId",
    "many-secrets-read-by-workload": "requestParameters.secretId",
    "many-parameters-read": "requestParameters.name",
    "many-backups-deleted": "requestParameters.snapshotId",
    "many-backups-copied": "requestParameters.sourceSnapshotId",
    "many-buckets-refused": "requestParameters.bucketName",
}
NEW = {
    "region-first-used": ("awsRegion", "ap-southeast-3"),
    "root-address-first-used": ("sourceIPAddress", "203.0.113.66"),
    "admin-address-first-used": ("sourceIPAddress", "203.0.113.66"),
    "key-agent-first-used": ("userAgent", "curl/8.5.0"),
    "api-first-called-by-workload": ("eventName", "UpdateAssumeRolePolicy"),
    "account-first-took-role": ("userIdentity.accountId", "777788889999"),
    "great-instance-first-asked-for": ("requestParameters.instanceType", "p4d.24xlarge"),
}
# Somebody else, by what each rule groups by.
OTHERS = {
    "$.facts.principal": "userIdentity.arn",
    "$.userIdentity.accessKeyId": "userIdentity.accessKeyId",
    "$.sourceIPAddress": "sourceIPAddress",
    "$.recipientAccountId": "recipientAccountId",
    "$.facts.actor": "userIdentity.userName",
}


def correlation_of(rule: Rule) -> Correlation:
    assert rule.correlation is not None
    return rule.correlation


OF_COUNTS = [rule_id for rule_id, rule in OVER_TIME.items() if correlation_of(rule).gte]


def told_of(rule_id: str, records: Iterable[Json], usual: Iterable[Json] = ()) -> list[Told]:
    """What the rule tells of records, once it learned what is usual."""
    now, memory = START + timedelta(days=1), HeldMemory()
    heard = Heard(Way(default_channel="#trailbell", now=now))
    over_time.learn(sightings(rule_id, usual), [OVER_TIME[rule_id]], memory, now)
    over_time.tell(sightings(rule_id, records), memory, heard)
    return list(heard.told.values())


def sightings(rule_id: str, records: Iterable[Json]) -> list[Any]:
    matched = match_all(records, RULESET)
    assert not matched.unreadable
    tomorrow = START + timedelta(days=1)
    seen = judge(matched, accounts={}, default_channel="#trailbell", now=tomorrow)
    assert not seen.unreadable
    return [each for each in seen.sightings if each.group.rule.id == rule_id]


def changed(record: Json, field: str, value: Any) -> Json:
    made = copy.deepcopy(record)
    *parents, last = field.split(".")
    node = made
    for key in parents:
        node = node[key]
    node[last] = value
    return made


def at(record: Json, seconds: float, number: int) -> Json:
    """Another record, so many seconds after the start."""
    time = (START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return record | {"eventTime": time, "eventID": str(uuid.UUID(int=number + 1))}


def burst(rule_id: str, count: int, seconds: float, *, differing: bool = True) -> list[Json]:
    """So many members within the seconds, each with a value of its own where values count."""
    record, field = FIRST[rule_id], COUNTED.get(rule_id)
    step = seconds / max(count - 1, 1)
    made = []
    for number in range(count):
        value = _like(record, field, number) if field and differing else None
        one = changed(record, field, value) if field and value else record
        made.append(at(one, int(number * step), number))
    return made


def _like(record: Json, field: str, number: int) -> str:
    node: Any = record
    for key in field.split("."):
        node = node[key]
    # Of a bucket's operations the name has to stay one.
    return f"{node}{number}"


def test_every_rule_over_time_has_sequences() -> None:
    of_values = {r for r, rule in OVER_TIME.items() if correlation_of(rule).field}
    of_terms = {r for r, rule in OVER_TIME.items() if correlation_of(rule).fields}
    assert of_values == set(COUNTED)
    assert of_terms == set(NEW)
    assert set(OVER_TIME) == {*OF_COUNTS, *of_terms, "sign-in-after-failures"}


@pytest.mark.parametrize("rule_id", OF_COUNTS)
def test_so_many_within_the_span_are_told_once(rule_id: str) -> None:
    correlation = correlation_of(OVER_TIME[rule_id])
    found = told_of(rule_id, burst(rule_id, correlation.gte, correlation.timespan))
    assert len(found) == 1
    assert len({member.id for member in found[0].members}) == correlation.gte


@pytest.mark.parametrize("rule_id", OF_COUNTS)
def test_one_fewer_is_silent(rule_id: str) -> None:
    correlation = correlation_of(OVER_TIME[rule_id])
    assert told_of(rule_id, burst(rule_id, correlation.gte - 1, correlation.timespan)) == []


@pytest.mark.parametrize("rule_id", OF_COUNTS)
def test_as_many_over_a_longer_time_are_silent(rule_id: str) -> None:
    correlation = correlation_of(OVER_TIME[rule_id])
    assert told_of(rule_id, burst(rule_id, correlation.gte, 2 * correlation.timespan)) == []


@pytest.mark.parametrize("rule_id", OF_COUNTS)
def test_as_many_of_two_that_have_nothing_to_do_with_each_other_are_silent(rule_id: str) -> None:
    correlation = correlation_of(OVER_TIME[rule_id])
    field = OTHERS[correlation.group_by[-1]]
    records = burst(rule_id, correlation.gte, correlation.timespan)
    other = [_of_somebody_else(record, field) for record in records[::2]]
    assert told_of(rule_id, [*other, *records[1::2]]) == []


def _of_somebody_else(record: Json, field: str) -> Json:
    if ROLE in (text := json.dumps(record)):  # a workload is its role, whatever the session
        renamed: Json = json.loads(text.replace(ROLE, "search-task"))
        return renamed
    node: Any = record
    for key in field.split("."):
        node = node[key]
    return changed(record, field, node[:-1] + ("x" if node[-1] != "x" else "y"))


@pytest.mark.parametrize("rule_id", sorted(COUNTED))
def test_the_same_thing_so_many_times_is_silent(rule_id: str) -> None:
    correlation = correlation_of(OVER_TIME[rule_id])
    records = burst(rule_id, correlation.gte, correlation.timespan, differing=False)
    assert told_of(rule_id, records) == []


@pytest.mark.parametrize("rule_id", sorted(NEW))
def test_what_was_not_seen_before_is_told_once(rule_id: str) -> None:
    usual = at(FIRST[rule_id], -5 * 86_400, 1)
    new = changed(FIRST[rule_id], *NEW[rule_id])
    found = told_of(rule_id, [at(new, 60, 2), at(new, 90, 3)], [usual])
    assert len(found) == 1
    assert found[0].kind == "new_terms"


@pytest.mark.parametrize("rule_id", sorted(NEW))
def test_what_was_seen_within_the_history_is_silent(rule_id: str) -> None:
    days = correlation_of(OVER_TIME[rule_id]).history
    usual = at(FIRST[rule_id], -(days - 1) * 86_400, 1)
    assert told_of(rule_id, [at(FIRST[rule_id], 60, 2)], [usual]) == []


@pytest.mark.parametrize("rule_id", sorted(NEW))
def test_what_was_last_seen_before_the_history_is_told_again(rule_id: str) -> None:
    days = correlation_of(OVER_TIME[rule_id]).history
    usual = at(FIRST[rule_id], -(days + 2) * 86_400, 1)
    assert len(told_of(rule_id, [at(FIRST[rule_id], 60, 2)], [usual])) == 1


def signing_in(outcomes: str, user: str = "alice") -> Iterator[Json]:
    """A sign-in a minute: + worked, - failed."""
    worked = changed(FIRST["iam-user-sign-in"], "userIdentity.userName", user)
    failed = changed(FIRST["sign-in-after-failures"], "userIdentity.userName", user)
    for number, outcome in enumerate(outcomes):
        yield at(worked if outcome == "+" else failed, 60 * number, number)


@pytest.mark.parametrize(
    ("outcomes", "told"), [("-----+", 1), ("----+", 0), ("+-----", 0), ("-----", 0), ("--+---+", 1)]
)
def test_a_sign_in_is_told_that_comes_after_five_failures(outcomes: str, told: int) -> None:
    assert len(told_of("sign-in-after-failures", signing_in(outcomes))) == told


def test_failures_of_one_user_say_nothing_of_the_sign_in_of_another() -> None:
    records = [*signing_in("-----"), at(next(signing_in("+", "bob")), 300, 99)]
    assert told_of("sign-in-after-failures", records) == []


def test_members_are_few() -> None:
    """Each costs a write: at most every twentieth record of a busy account is one."""
    records = [Record(raw) for raw in events.records(4000)]
    members = sum(
        any(rule.correlation for rule in RULESET.with_members(record)) for record in records
    )
    assert members <= len(records) * 0.05


def test_another_command_of_the_same_programme_is_no_other_programme() -> None:
    rule_id = "key-agent-first-used"
    agent = (
        "aws-cli/2.17.32 md/awscrt#0.21.2 ua/2.0 os/linux#6.8 cfg/retry-mode#{} md/command#iam.{}"
    )
    of = [
        changed(at(FIRST[rule_id], 60 * number, number), "userAgent", agent.format(*words))
        for number, words in enumerate((("standard", "create-user"), ("legacy", "create-role")))
    ]
    assert told_of(rule_id, of[1:], usual=of[:1]) == []
    assert len(told_of(rule_id, [changed(of[1], "userAgent", "aws-cli/1.18 kali")], of[:1])) == 1


def test_a_sign_in_is_told_however_many_failures_were_before_it() -> None:
    failed, worked = signing_in("-+")
    flood = [at(failed, number / 10, number) for number in range(MOST_COUNTED + 50)]
    (told,) = told_of("sign-in-after-failures", [*flood, at(worked, 120, 5000)])
    assert told.more


def test_many_secrets_are_told_however_often_one_was_read_before_them() -> None:
    rule_id = "many-secrets-read"
    gte = correlation_of(OVER_TIME[rule_id]).gte
    often = [at(FIRST[rule_id], number / 10, number) for number in range(MOST_COUNTED + 50)]
    others = [
        changed(at(FIRST[rule_id], 120, 5000 + number), COUNTED[rule_id], f"zz/{number}")
        for number in range(gte)
    ]
    (told,) = told_of(rule_id, [*often, *others])
    assert told.more
    assert len({member.value for member in told.members}) > gte
