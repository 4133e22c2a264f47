"""Any JSON value at any place of a record: facts without an exception, in documented words."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.cloudtrail import vocabulary
from chalicelib.cloudtrail.exposure import closes_of, exposed_of, grants_of, opens_of
from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.rights import gives_of
from chalicelib.cloudtrail.sentence import sentence
from chalicelib.cloudtrail.switches import switches, switches_off_of
from tests.cloudtrail.exposure import samples
from tests.cloudtrail.exposure.shapes import INGRESS, PUBLIC, WORLD, group, policy, rule, statement
from tests.cloudtrail.rights.samples import CALLS as WRITTEN
from tests.cloudtrail.switches.samples import SAMPLES as SWITCHED
from tests.slack.records import call
from tests.soak import examples

CALLS = [(operation, request) for operation, request, _ in (*samples.SAMPLES, *SWITCHED, *WRITTEN)]
KEYS = st.sampled_from(
    [
        "items",
        "member",
        "Statement",
        "Principal",
        "AWS",
        "Condition",
        "value",
        "0",
        "1.2",
        "%7B",
        "",
    ]
)
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just(10**40)
    | st.sampled_from(["*", "all", WORLD, "%7B%22a%22%3A1%7D", "[[", '"\\""', "-1", "\ud800"])
)  # fmt: skip
ANY = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = (
        value.items() if isinstance(value, dict)
        else enumerate(value) if isinstance(value, list) else ()
    )  # fmt: skip
    return [path, *(place for key, item in inner for place in places(item, (*path, key)))]


def with_value(record: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    record = copy.deepcopy(record)
    place: Any = record
    for key in path[:-1]:
        place = place[key]
    if path:
        place[path[-1]] = value
    return record


def judge(raw: dict[str, Any]) -> None:
    record = Record(raw)
    exposed, off = exposed_of(grants_of(record)), switches_off_of(record)
    assert {text.split(" ")[0] for text in exposed} <= vocabulary.whom().keys()
    assert {text.split(" ")[1] for text in exposed} <= vocabulary.what().keys()
    assert set(off) <= vocabulary.switched_off().keys()
    assert set(gives_of(record)) <= vocabulary.given().keys()
    assert all(isinstance(grant.to, str) and grant.to for grant in opens_of(record))
    closes_of(record)
    assert sentence(Facts.of(record))


@settings(max_examples=examples(150, 10_000), deadline=None, derandomize=True)
@given(st.data())
def test_any_value_at_any_place_gives_facts(data: st.DataObject) -> None:
    operation, request = data.draw(st.sampled_from(CALLS))
    record = call(operation, request)
    path = data.draw(st.sampled_from(places(record)))
    judge(with_value(record, path, data.draw(ANY)))


@settings(max_examples=examples(100, 10_000), deadline=None, derandomize=True)
@given(st.sampled_from(sorted({name for name, _ in CALLS} | switches().keys())), ANY, ANY)
def test_any_request_and_answer_give_facts(operation: str, asked: Any, answered: Any) -> None:
    judge({**call(operation), "requestParameters": asked, "responseElements": answered})


@pytest.mark.parametrize("deep", [100, 900])
def test_a_document_nested_deeper_than_sense_opens_nothing(deep: int) -> None:
    for nested in ("[" * deep + "]" * deep, '{"a":' * deep + "1" + "}" * deep):
        judge(call("s3:PutBucketPolicy", {"bucketName": "b", "bucketPolicy": nested}))
    value: Any = 1
    for _ in range(deep):
        value = {"items": [value]}
    deep_down = statement("*", Condition={"StringEquals": {"aws:SourceVpc": value}})
    asked = {"bucketName": "b", "bucketPolicy": policy(deep_down, {"Principal": value})}
    judge({**call("s3:PutBucketPolicy"), "requestParameters": asked})
    judge({**call(INGRESS), "requestParameters": {"groupId": "sg-1", "ipPermissions": value}})


def test_what_was_found_in_a_huge_array_is_told() -> None:
    many = [rule(443, 443, f"198.51.{i % 256}.{i // 256}/32") for i in range(3_000)]
    huge = Record(call(INGRESS, group(rule(22, 22, WORLD), *many)))
    assert exposed_of(grants_of(huge))[:1] == ("everyone admin-port",)
    statements = [statement({"AWS": f"{i:012}"}) for i in range(10_000)]
    one = Record(call("s3:PutBucketPolicy", {"bucketPolicy": policy(*statements)}))
    assert exposed_of(grants_of(one)) == ("account bucket-policy",)


def test_what_was_not_asked_but_answered_is_told() -> None:
    answer = {"securityGroupRuleSet": {"items": [{"groupId": "sg-1", "isEgress": False,
              "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": WORLD}]}}  # fmt: skip
    left_out = call(INGRESS, {"omitted": True}, responseElements=answer)
    assert exposed_of(grants_of(Record(left_out))) == ("everyone admin-port",)
    both = call(INGRESS, group(rule(22, 22, "10.1.1.1/0")), responseElements=answer)
    assert len(grants_of(Record(both))) == 1


def test_a_permission_is_read_from_the_answer_where_the_request_is_left_out() -> None:
    answered = {"statement": json.dumps(PUBLIC["Statement"][0])}
    record = Record(call("lambda:AddPermission20150331v2", {}, responseElements=answered))
    assert exposed_of(grants_of(record)) == ("everyone function",)
