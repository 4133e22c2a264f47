"""What of a record a rule over time counts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from chalicelib.alerts.judging import judge
from chalicelib.alerts.members import Sighting, packed, unpacked
from chalicelib.rules.correlation import Correlation, CorrelationType
from chalicelib.rules.loaded import LoadedRules
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.ruleset import Ruleset
from tests.events import cloudtrail

NOW = datetime(2026, 3, 2, tzinfo=UTC)
COUNT = Correlation(type=CorrelationType.EVENT_COUNT, timespan=60, gte=3)


def counting(field: str, group: tuple[str, ...] = ("$.awsRegion",)) -> Correlation:
    kind = CorrelationType.VALUE_COUNT
    return Correlation(type=kind, timespan=60, gte=3, group_by=group, field=field)


def seen(correlation: Correlation, *records: dict[str, Any]) -> list[Sighting]:
    rule = Rule(
        id="counted",
        title="Counted",
        severity=Severity.LOW,
        pattern='{ $.eventVersion = "*" }',
        correlation=correlation,
    )
    matched = match_all(records, Ruleset(LoadedRules(rules=(rule,))))
    judged = judge(matched, accounts={}, default_channel="#trailbell", now=NOW)
    return list(judged.sightings)


def values(correlation: Correlation, record: dict[str, Any]) -> list[str]:
    return [member.value for each in seen(correlation, record) for member in each.members]


def test_numbers_and_booleans_count_as_json_has_them() -> None:
    record = cloudtrail("RunInstances", requestParameters={"maxCount": 3}, readOnly=False)
    assert values(counting("$.requestParameters.maxCount"), record) == ["3"]
    assert values(counting("$.readOnly"), record) == ["false"]


def test_a_record_without_the_field_or_with_an_object_there_does_not_count() -> None:
    field = counting("$.requestParameters.name")
    for request in (None, {}, {"name": None}, {"name": ""}, {"name": {"a": 1}}, {"name": ["a"]}):
        assert seen(field, cloudtrail("RunInstances", requestParameters=request)) == []
    missing = cloudtrail("RunInstances", without=["awsRegion"])
    assert seen(counting("$.eventName"), missing) == []


def test_each_value_of_an_array_counts_once() -> None:
    request = {"names": [{"name": "a"}, {"name": "b"}, {"name": "a"}, {}]}
    record = cloudtrail("RunInstances", requestParameters=request)
    assert values(counting("$.requestParameters.names[*].name"), record) == ["a", "b"]


def test_long_values_are_told_apart_by_their_hash() -> None:
    found = [
        values(counting("$.userAgent"), cloudtrail("RunInstances", userAgent="a" * 500 + end))[0]
        for end in ("x", "y")
    ]
    assert found[0] != found[1]
    assert all(len(value.encode()) <= 80 for value in found)


def test_access_keys_are_told_apart_and_not_shown_whole() -> None:
    def of(key: str) -> dict[str, Any]:
        identity = {"type": "IAMUser", "userName": "alice", "accessKeyId": key}
        return cloudtrail("ListUsers", userIdentity=identity)

    first, second = "AKIA" + "ABCDEFGHIJKLWXYZ", "AKIA" + "ZYXWVUTSRQPOWXYZ"
    field, group = counting("$.userIdentity.accessKeyId"), ("$.userIdentity.accessKeyId",)
    assert values(field, of(first)) != values(field, of(second))
    assert first not in values(field, of(first))[0]
    found = seen(counting("$.eventName", group), of(first), of(second))
    assert len({each.group for each in found}) == 2


def test_of_a_secret_not_even_a_hash_is_kept() -> None:
    def of(secret: str) -> dict[str, Any]:
        return cloudtrail("CreateLoginProfile", requestParameters={"password": secret})

    path = "$.requestParameters.password"
    found = seen(counting(path, (path,)), of("hunter" + "2"), of("other" + "1"))
    assert {each.first.value for each in found} == {"[redacted]"}
    assert len({each.group for each in found}) == 1


def test_the_same_event_is_the_same_member_by_whatever_transport() -> None:
    record = cloudtrail("RunInstances", eventTime="2026-01-02T03:04:05Z")
    again = {**record, "eventTime": "2026-01-02T03:04:05.000+00:00", "requestID": "another"}
    one, other = seen(COUNT, record, again)
    assert (one.first.id, one.first.at) == (other.first.id, other.first.at)


def test_members_are_the_same_once_memory_had_them() -> None:
    found = seen(counting("$.eventName"), cloudtrail("RunInstances"), cloudtrail("StopInstances"))
    members = [member for each in found for member in each.members]
    assert unpacked([packed(members)]) == sorted(members, key=lambda each: (each.at, each.id))


def test_however_long_its_texts_a_member_keeps_within_its_bytes() -> None:
    long = "\N{SNOWMAN}" * 2000
    record = cloudtrail(
        long, source=long, awsRegion=long, userAgent=long, eventID=long, errorCode=long
    )
    kept = packed(seen(counting("$.userAgent"), record)[0].members)
    assert max(len(text.encode()) for text in kept.texts) <= 280
    assert max(len(word.encode()) for word in kept.words) <= 900
