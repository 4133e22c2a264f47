"""What a record opens: over every element, document and wrapping, and nothing that is not there."""

from __future__ import annotations

import pytest

from chalicelib.cloudtrail import vocabulary
from chalicelib.cloudtrail.exposure import Ports, closes_of, exposed_of, grants_of, opens_of
from chalicelib.cloudtrail.record import Record
from tests.cloudtrail.exposure.samples import SAMPLES
from tests.cloudtrail.exposure.shapes import (
    ENTRY,
    INGRESS,
    WORLD,
    Json,
    Sample,
    entry,
    group,
    policy,
    rule,
    statement,
)
from tests.events import OTHER_ACCOUNT
from tests.slack.records import call


def exposed(operation: str, request: Json | None) -> tuple[str, ...]:
    return exposed_of(grants_of(Record(call(operation, request))))


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{i}-{s[0]}" for i, s in enumerate(SAMPLES)])
def test_what_is_exposed_is_what_every_element_says(sample: Sample) -> None:
    operation, request, expected = sample
    assert exposed(operation, request) == expected


def test_every_flat_text_is_made_of_documented_words() -> None:
    flat = {text for operation, request, _ in SAMPLES for text in exposed(operation, request)}
    words = [text.split(" ") for text in flat]
    assert {one[0] for one in words} <= vocabulary.whom().keys()
    assert {one[1] for one in words} <= vocabulary.what().keys()


def test_a_grant_tells_whom_what_and_under_which_condition() -> None:
    ports: Json = {"groups": {"items": [{"groupId": "sg-2", "userId": OTHER_ACCOUNT}]}}
    (grant,) = grants_of(Record(call(INGRESS, group(rule(3000, 4000, **ports)))))
    assert (grant.to, grant.what, grant.resource) == (
        "sg-2 of account 444455556666",
        "port",
        "sg-1",
    )
    assert grant.ports == Ports("tcp", 3000, 4000)
    narrowed = statement("*", Condition={"StringEquals": {"aws:PrincipalOrgID": "o-example"}})
    policies = {"bucketName": "b", "bucketPolicy": policy(narrowed)}
    (grant,) = grants_of(Record(call("s3:PutBucketPolicy", policies)))
    assert (grant.to, grant.condition) == ("organization o-example", "aws:principalorgid o-example")


def test_a_denial_is_a_grant_of_its_own_kind_and_opens_nothing() -> None:
    record = Record(call(ENTRY, entry("deny", WORLD)))
    assert [(grant.effect, grant.direction) for grant in grants_of(record)] == [("deny", "in")]
    assert opens_of(record) == ()
    denied = Record(call("s3:PutBucketPolicy", {"bucketPolicy": policy(statement("*", "Deny"))}))
    assert [grant.effect for grant in grants_of(denied)] == ["deny"]
    assert exposed_of(grants_of(denied)) == ()


@pytest.mark.parametrize(
    ("operation", "request_"),
    [
        ("ec2:RevokeSecurityGroupIngress", group(rule(22, 22, WORLD))),
        ("rds:RevokeDBSecurityGroupIngress", {"dBSecurityGroupName": "d", "cIDRIP": WORLD}),
        (
            "lightsail:CloseInstancePublicPorts",
            {"instanceName": "web", "portInfo": {"fromPort": 22, "toPort": 22, "protocol": "tcp"}},
        ),
    ],
)
def test_what_is_taken_back_closes_and_opens_nothing(operation: str, request_: Json) -> None:
    record = Record(call(operation, request_))
    assert [grant.to for grant in closes_of(record)] == ["everyone"]
    assert grants_of(record) == ()


@pytest.mark.parametrize(
    ("ranges", "everyone"),
    [
        (["0.0.0.0/0"], True),
        (["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"], True),
        (["0.0.0.0/1"], False),
        (["10.0.0.0/8", "192.168.0.0/16"], False),
        (["::/0"], True),
        (["::/128"], False),
        # All that is not a private network, as pfSense and others make it.
        (["0.0.0.0/5", "8.0.0.0/7", "11.0.0.0/8", "12.0.0.0/6", "16.0.0.0/4", "32.0.0.0/3",
          "64.0.0.0/2", "128.0.0.0/3", "160.0.0.0/5", "168.0.0.0/6", "172.0.0.0/12",
          "172.32.0.0/11", "172.64.0.0/10", "172.128.0.0/9", "173.0.0.0/8", "174.0.0.0/7",
          "176.0.0.0/4", "192.0.0.0/9", "192.128.0.0/11", "192.160.0.0/13", "192.169.0.0/16",
          "192.170.0.0/15", "192.172.0.0/14", "192.176.0.0/12", "192.192.0.0/10", "193.0.0.0/8",
          "194.0.0.0/7", "196.0.0.0/6", "200.0.0.0/5", "208.0.0.0/4"], True),
    ],
)  # fmt: skip
def test_ranges_are_everyone_where_together_they_hold_the_internet(
    ranges: list[str], everyone: bool
) -> None:
    exposes = exposed_of(grants_of(Record(call(INGRESS, group(rule(22, 22, *ranges))))))
    assert ("everyone admin-port" in exposes) == everyone
