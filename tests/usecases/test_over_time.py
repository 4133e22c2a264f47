"""Rules over time, from records to what is kept."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts import over_time
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.bootstrap import Program
from chalicelib.cloudtrail.record import Record
from chalicelib.monitoring.log import Log
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Severity
from chalicelib.settings import Settings
from chalicelib.slack.message import Look
from chalicelib.slack.transports import stand_in
from chalicelib.usecases.alerting import judge
from tests.events import cloudtrail, iam_user

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
RULES = """
only = ["refusals", "secrets", "region", "stopped"]

[[rule]]
id = "refusals"
title = "Many calls were made"
severity = "high"
pattern = '{ $.errorCode = "AccessDenied" }'
[rule.correlation]
type = "event_count"
group_by = ["$.facts.principal"]
timespan = "5m"
gte = 3

[[rule]]
id = "secrets"
title = "Many secrets were read"
severity = "high"
pattern = '{ $.eventName = "GetSecretValue" }'
[rule.correlation]
type = "value_count"
group_by = ["$.userIdentity.arn"]
timespan = "10m"
gte = 3
field = "$.requestParameters.secretId"

[[rule]]
id = "region"
title = "A region was first used"
severity = "medium"
pattern = '{ $.eventName = "RunInstances" }'
[rule.correlation]
type = "new_terms"
fields = ["$.facts.principal", "$.awsRegion"]
history = "10d"

[[rule]]
id = "stopped"
title = "A trail was stopped"
severity = "critical"
pattern = '{ $.eventName = "StopLogging" }'
"""


class Clocked:
    """A program whose clock stands where a test puts it."""

    def __init__(self, folder: Path, now: datetime = START) -> None:
        rules = folder / "rules.toml"
        rules.write_text(RULES)
        env = {"ALERT_STORE": f"sqlite:///{folder}/alerts.db", "RULES_FILE": str(rules)}
        self.program = Program(Settings.from_env(env))
        self.lines: list[str] = []
        self.program.log = Log(
            deployment="test", level="INFO", now=lambda: now, write=self.lines.append
        )
        self.at(now)

    def at(self, now: datetime) -> None:
        self.program.now = lambda: now

    def take(self, *records: dict[str, Any]) -> dict[str, int]:
        return self.program.ingest(records, lambda: 0.0)

    def alerts(self) -> list[Alert]:
        page = self.program.store.archive.search(AlertQuery(), 100)
        return [stored.alert for stored in page.alerts]


@pytest.fixture
def clocked(tmp_path: Path) -> Clocked:
    return Clocked(tmp_path)


def z(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def refusal(number: int, **changes: Any) -> dict[str, Any]:
    """One refused call, a minute after the one before."""
    values: dict[str, Any] = {
        "eventName": "DescribeInstances",
        "eventID": f"refusal-{number}",
        "eventTime": z(START + timedelta(minutes=number)),
        "errorCode": "AccessDenied",
    }
    return cloudtrail(**(values | changes))


def launch(region: str, day: int = 0, **changes: Any) -> dict[str, Any]:
    at = z(START + timedelta(days=day))
    return cloudtrail("RunInstances", awsRegion=region, eventTime=at, **changes)


def test_members_alert_once_they_are_enough_and_more_raise_the_count(clocked: Clocked) -> None:
    assert clocked.take(refusal(0), refusal(1))["new"] == 0
    assert clocked.take(refusal(2))["new"] == 1
    assert clocked.take(refusal(1), refusal(3))["new"] == 0

    (alert,) = clocked.alerts()
    assert alert.together is not None
    assert (alert.rule_id, alert.together.count, alert.event_id) == ("refusals", 4, "")
    assert alert.event_time == START + timedelta(minutes=3)
    assert [met.event_id for met in alert.together.members] == [f"refusal-{n}" for n in range(4)]
    assert (alert.actor, alert.event_name) == ("alice", "DescribeInstances")
    assert alert.text == "alice: 4 × DescribeInstances, all refused, within 3 min"


class Watched:
    """A memory that notes what the channel had got whenever something was added."""

    def __init__(self, memory: Any, screen: StringIO) -> None:
        self._memory, self._screen = memory, screen
        self.seen: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._memory, name)

    def add(self, *given: Any) -> Any:
        self.seen.append(self._screen.getvalue())
        return self._memory.add(*given)


def watched(clocked: Clocked, screen: StringIO) -> Watched:
    memory = Watched(clocked.program.store.memory, screen)
    clocked.program.store = replace(clocked.program.store, memory=memory)
    way = stand_in(screen, Look())
    clocked.program.way = lambda: way  # type: ignore[method-assign]
    return memory


def test_an_urgent_alert_of_one_record_does_not_wait_for_what_others_add_to_rules_over_time(
    clocked: Clocked,
) -> None:
    screen = StringIO()
    memory = watched(clocked, screen)
    counts = clocked.program.ingest(
        [*map(refusal, range(3)), cloudtrail("StopLogging")], lambda: 60_000.0
    )

    assert memory.seen
    assert all("A trail was stopped" in seen for seen in memory.seen)
    assert counts["new"] == 2
    assert screen.getvalue().count("A trail was stopped") == 1
    assert screen.getvalue().count("3 × DescribeInstances") == 1


def test_what_rules_over_time_count_is_kept_though_telling_an_urgent_alert_fails(
    clocked: Clocked,
) -> None:
    screen = StringIO()
    memory = watched(clocked, screen)

    def broken() -> Any:
        raise RuntimeError("no transport")

    clocked.program.way = broken  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="no transport"):
        clocked.program.ingest([refusal(0), cloudtrail("StopLogging")], lambda: 60_000.0)

    assert memory.seen == [""]
    watched(clocked, screen)
    assert clocked.take(refusal(1), refusal(2))["new"] == 1


def test_severity_is_the_rules_and_the_title_says_what_came_of_the_members(
    clocked: Clocked,
) -> None:
    clocked.take(*map(refusal, range(3)))
    (alert,) = clocked.alerts()
    assert alert.severity is Severity.HIGH
    assert alert.title == "Refused: Many calls were made"


def test_what_members_do_not_share_stays_empty(clocked: Clocked) -> None:
    others = [refusal(1, sourceIPAddress="192.0.2.77"), refusal(2, eventName="ListUsers")]
    clocked.take(refusal(0), *others)
    (alert,) = clocked.alerts()
    assert (alert.source_ip, alert.event_name, alert.aws_region) == ("", "", "eu-west-1")


def test_members_of_others_do_not_count_together(clocked: Clocked) -> None:
    clocked.take(refusal(0), refusal(1), refusal(2, userIdentity=iam_user("bob")))
    assert clocked.alerts() == []


def test_a_member_alerts_by_itself_only_where_another_rule_matches_it(clocked: Clocked) -> None:
    counts = clocked.take(refusal(0), refusal(1, eventName="StopLogging"))
    assert counts["alerts"] == counts["new"] == 1
    assert [alert.rule_ids for alert in clocked.alerts()] == [("stopped",)]


def test_different_values_count_and_the_same_again_does_not(clocked: Clocked) -> None:
    def read(name: str, minute: int) -> dict[str, Any]:
        at = z(START + timedelta(minutes=minute))
        request = {"secretId": name}
        return cloudtrail("GetSecretValue", eventTime=at, requestParameters=request)

    assert clocked.take(read("a", 0), read("a", 1), read("b", 2))["new"] == 0
    assert clocked.take(read("c", 3))["new"] == 1
    (alert,) = clocked.alerts()
    assert alert.together is not None
    assert (alert.together.count, alert.together.values) == (4, ("a", "b", "c"))


def test_a_late_record_joins_two_episodes_and_no_third_alert_comes(clocked: Clocked) -> None:
    early = [refusal(n) for n in (0, 1, 2)]
    late = [refusal(n) for n in (10, 11, 12)]
    assert clocked.take(*early)["new"] == clocked.take(*late)["new"] == 1
    assert clocked.take(refusal(6, eventTime=z(START + timedelta(minutes=6))))["new"] == 0
    newer, older = clocked.alerts()
    assert older.together is not None
    assert newer.together is not None
    if older.together.belongs_to:
        older, newer = newer, older
    assert older.together is not None
    assert newer.together is not None
    assert (older.together.count, newer.together.belongs_to) == (7, older.alert_id)
    assert f"alert {older.alert_id}" in newer.text


def test_a_time_that_cannot_be_is_not_counted_and_that_is_said(clocked: Clocked) -> None:
    ahead = [refusal(n, eventTime=z(START + timedelta(days=1, minutes=n))) for n in (1, 2, 3)]
    clocked.take(*ahead, *(refusal(n, eventTime="yesterday") for n in (4, 5, 6)))
    assert clocked.alerts() == []
    (said,) = [json.loads(line) for line in clocked.lines if "not counted" in line]
    assert said["records"] == 6


def test_an_addendum_counts_as_the_event_that_it_adds_to(clocked: Clocked) -> None:
    adds = {"reason": "UPDATED_DATA", "originalEventID": "refusal-0"}
    addendum = {**refusal(0), "eventID": "other", "addendum": adds}
    clocked.take(refusal(0), refusal(1), addendum)
    assert clocked.alerts() == []


def test_a_batch_without_members_opens_no_store(clocked: Clocked) -> None:
    clocked.take(cloudtrail("DescribeInstances"), cloudtrail("GetCallerIdentity"))
    assert not clocked.program.has_store


def test_beyond_so_many_groups_one_overflow_is_told_each_hour(clocked: Clocked) -> None:
    def of(user: int, number: int) -> dict[str, Any]:
        return refusal(number, userIdentity=iam_user(f"user{user}"), eventID=f"{user}-{number}")

    many = [of(user, number) for user in range(70) for number in range(1 + (user < 30))]
    clocked.take(*many)
    clocked.take(*many)
    (alert,) = clocked.alerts()
    assert alert.together is not None
    assert (alert.together.kind, alert.together.count) == ("overflow", 6)
    clocked.at(START + timedelta(hours=1))
    assert clocked.take(*many)["new"] == 1


@contextmanager
def learned(clocked: Clocked, *records: dict[str, Any]) -> Iterator[None]:
    program = clocked.program
    judged = judge(match_all(records, program.ruleset), program, {})
    rules = program.ruleset.rules
    over_time.learn(judged.sightings, rules, program.store.memory, program.now())
    yield


def test_what_was_learned_is_never_told_and_what_is_new_is_told_once(clocked: Clocked) -> None:
    with learned(clocked, launch("eu-west-1")):
        clocked.take(launch("eu-west-1"), launch("eu-west-1", 1), launch("us-east-2", 1))
        clocked.take(launch("us-east-2", 1), launch("us-east-2", 5), launch("us-east-2", 14))
    clocked.at(START + timedelta(days=40))
    clocked.take(launch("us-east-2", 30))
    assert [alert.event_time for alert in clocked.alerts()] == [
        START + timedelta(days=30),
        START + timedelta(days=1),
    ]


def test_a_rule_that_never_learned_says_a_day_later_what_it_would_have_told(
    clocked: Clocked,
) -> None:
    clocked.take(launch("eu-west-1"), launch("us-east-2"))
    assert clocked.alerts() == []
    clocked.at(START + timedelta(hours=23, minutes=59))  # a tenth of the ten days has not gone by
    clocked.take(launch("ap-south-1"))
    (alert,) = clocked.alerts()
    assert alert.together is not None
    assert (alert.severity, alert.together.kind) == (Severity.INFO, "learning")
    assert alert.together.count == 2
    clocked.at(START + timedelta(days=1, minutes=1))
    clocked.take(launch("us-east-2", 1), launch("eu-north-1", 1))
    told = [alert.together.kind for alert in clocked.alerts() if alert.together]
    assert sorted(told) == ["learning", "new_terms"]
    clocked.at(START + timedelta(days=2))
    clocked.take(launch("ca-west-1", 2))
    told = [alert.together.kind for alert in clocked.alerts() if alert.together]
    assert sorted(told) == ["learning", "learning", "new_terms", "new_terms"]


def test_five_first_sights_an_hour_go_alone_and_the_rest_together(clocked: Clocked) -> None:
    with learned(clocked):
        clocked.take(*(launch(f"region-{number}") for number in range(12)))
        clocked.take(*(launch(f"region-{number}") for number in range(12)))
    told = [alert.together for alert in clocked.alerts() if alert.together]
    assert sorted((each.kind, each.count) for each in told) == [
        ("digest", 7),
        *[("new_terms", 1)] * 5,
    ]


def test_an_earlier_sight_that_arrives_later_amends(clocked: Clocked) -> None:
    with learned(clocked):
        clocked.at(START + timedelta(days=9))
        assert clocked.take(launch("eu-west-1", 8))["new"] == 1
        assert clocked.take(launch("eu-west-1", 3))["new"] == 0
    (alert,) = clocked.alerts()
    assert alert.event_time == START + timedelta(days=3)


def test_an_allow_of_all_members_tells_at_info(tmp_path: Path) -> None:
    clocked = Clocked(tmp_path)
    allow = '\n[[allow]]\nrule = "refusals"\nactor = "alice"\nreason = "a drill"\n'
    (tmp_path / "rules.toml").write_text(RULES + allow)
    clocked.take(*map(refusal, range(3)))
    (alert,) = clocked.alerts()
    assert alert.severity is Severity.INFO
    assert alert.text.endswith("(allowed: a drill, rules.toml:43)")


def test_any_order_in_any_batches_comes_to_the_same_verdict(tmp_path: Path) -> None:
    records = [refusal(number) for number in (0, 1, 3, 4, 20, 21, 30, 32, 33)]
    found = set()
    for seed in range(5):
        chance, folder = random.Random(seed), tmp_path / str(seed)
        folder.mkdir()
        clocked = Clocked(folder)
        shuffled = chance.sample(records, len(records)) + chance.choices(records, k=4)
        while shuffled:
            clocked.take(*shuffled[:3])
            shuffled = shuffled[3:]
        together = [alert.together for alert in clocked.alerts() if alert.together]
        found.add(tuple((each.count, each.first, each.last) for each in together))
    at = {minute: START + timedelta(minutes=minute) for minute in (0, 4, 30, 33)}
    assert found == {((3, at[30], at[33]), (4, at[0], at[4]))}


def test_a_member_is_kept_as_the_record_to_show_why_it_counts(clocked: Clocked) -> None:
    clocked.take(*map(refusal, range(3)))
    (alert,) = clocked.alerts()
    stored = clocked.program.store.archive.get(alert.alert_id)
    assert stored is not None
    assert Record(stored.alert.record).event_name == "DescribeInstances"
