"""What rules over time take of DynamoDB, reckoned of the calls that they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.alerts import over_time
from chalicelib.alerts.batch import Judged, Kept
from chalicelib.alerts.judging import judge, keep
from chalicelib.alerts.learning import end_learning
from chalicelib.alerts.told import Way
from chalicelib.rules.correlation import Correlation, CorrelationType
from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset
from chalicelib.stores.dynamodb.store import dynamodb_store
from tests.events import assumed_role, cloudtrail
from tests.stores.factories import NOW
from tests.stores.reckoned import Reckoned
from tests.stores.tables import table

COUNTED = Correlation(
    type=CorrelationType.EVENT_COUNT, group_by=("$.facts.principal",), timespan=600, gte=20
)
TERMS = Correlation(
    type=CorrelationType.NEW_TERMS, fields=("$.facts.principal", "$.awsRegion"), history=30
)


class Counted(Reckoned):
    """A client that also counts its calls."""

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self.calls: Counter[str] = Counter()

    def __getattr__(self, operation: str) -> Any:
        self.calls[operation] += 1
        return super().__getattr__(operation)


Take = Callable[..., Counted]


@pytest.fixture
def take(dynamodb: Any) -> Iterator[Take]:
    """Takes a batch in by a rule over time; what that took."""
    client = Counted(dynamodb)
    with table(dynamodb) as name:
        store = dynamodb_store(client, name, clock=lambda: NOW)

        def taken(correlation: Correlation, *records: dict[str, Any]) -> Counted:
            rule = Rule(
                id="over-time",
                title="Over time",
                severity=Severity.HIGH,
                pattern='{ $.eventSource = "ec2.amazonaws.com" }',
                correlation=correlation,
            )
            end_learning(rule, store.memory, NOW)
            matched = match_all(records, Ruleset(LoadedRules(rules=(rule,))))
            seen = judge(matched, accounts={}, default_channel="#trailbell", now=NOW)
            client.begin()
            client.calls.clear()

            def kept_of(judged: Judged) -> Kept:
                return keep(judged, store.outbox, NOW, timedelta(days=90))

            way = Way(default_channel="#trailbell", now=NOW)
            over_time.keep(seen.sightings, store, kept_of, way)
            return client

        yield taken


def call(number: int, **changes: Any) -> dict[str, Any]:
    """A call by a role with long names, as those of SSO are."""
    role = "AWSReservedSSO_AdministratorAccess_0123456789abcdef"
    values: dict[str, Any] = {
        "eventID": f"00000000-0000-4000-8000-{number:012d}",
        "eventTime": (NOW + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "userIdentity": assumed_role(role, "somebody.with.a.long.name@example.com"),
        "requestParameters": {"instancesSet": {"items": [{"instanceId": "i-0123456789abcdef0"}]}},
    }
    return cloudtrail("StopInstances", **(values | changes))


def test_a_lone_member_takes_one_write_unit_and_one_query(take: Take) -> None:
    client = take(COUNTED, call(1))
    assert client.written == 1
    assert client.calls == {"update_item": 1, "query": 1}
    assert client.read == 1


def test_members_of_one_batch_and_group_share_theirs(take: Take) -> None:
    client = take(COUNTED, *map(call, range(10)))
    assert client.calls == {"update_item": 1, "query": 2}  # one of what was told of the group
    assert client.written <= 3


def test_what_is_known_by_its_day_takes_one_query_and_writes_nothing(take: Take) -> None:
    take(TERMS, call(1))
    client = take(TERMS, call(2), call(3))
    assert (client.written, client.calls) == (0, {"query": 1})


def test_members_written_again_cost_no_second_place(take: Take) -> None:
    first = take(COUNTED, call(1)).written
    assert take(COUNTED, call(1)).written == first
