"""GovCloud and China: no part names another partition, and the API is of a kind that is there."""

from __future__ import annotations

import json
import re

import pytest

from provisioning.api import limits, throttling
from provisioning.choices import Choices
from provisioning.installation import Installation
from provisioning.parameters import Values
from provisioning.parts import parts
from provisioning.permissions import by_chalice, resource
from tests.provisioning.test_policies import CONFIG, STAGES

FUNCTIONS = frozenset({"trailbell-dev", "trailbell-dev-ingest_logs", "trailbell-dev-ingest_events"})


def _installation(partition: str, region: str) -> Installation:
    return Installation(
        app="trailbell",
        stage="dev",
        partition=partition,
        account="111122223333",
        region=region,
        choices=Choices(email="ops@example.com"),
        api="abc123",
    )


@pytest.mark.parametrize(
    ("partition", "region"), [("aws-us-gov", "us-gov-west-1"), ("aws-cn", "cn-north-1")]
)
def test_every_arn_is_of_the_partition(partition: str, region: str) -> None:
    at = _installation(partition, region)
    made = parts(at, Values(), FUNCTIONS, "{ $.x = 1 }", ())

    calls = [call for part in made for call in (part.read, *part.create, *part.remove)]
    text = json.dumps([dict(call.parameters) for call in calls], default=str)
    arns = [*re.findall(r"arn:([a-z-]*):", text)]
    arns += [resource(at, call).split(":")[1] for call in calls if resource(at, call) != "*"]
    arns += [where.split(":")[1] for where in by_chalice(at)]
    assert len(arns) > 30
    assert set(arns) == {partition}


@pytest.mark.parametrize("stage", STAGES)
def test_the_api_is_regional_which_every_partition_has(stage: str) -> None:
    assert CONFIG["stages"][stage]["api_gateway_endpoint_type"] == "REGIONAL"


def test_what_anybody_may_ask_is_limited_by_itself_and_below_the_rest() -> None:
    found = limits()
    others = found.pop("*/*")

    assert set(found) == {"~1/GET", "~1assets~1{name}/GET", "~1health/GET"}
    assert all(rate < others[0] and burst < others[1] for rate, burst in found.values())
    # A new account's concurrency is 10: what anybody may ask, 0.2 s each, leaves most of it.
    assert sum(rate for rate, _ in found.values()) * 0.2 <= 3


def test_limits_are_set_by_patches_that_name_each_method() -> None:
    (part,) = throttling(_installation("aws", "eu-central-1"))

    (update,) = part.create
    paths = {one["path"]: one["value"] for one in update.parameters["patchOperations"]}
    assert paths["/~1health/GET/throttling/rateLimit"] == "5"
    assert paths["/*/*/throttling/burstLimit"] == "40"


@pytest.mark.parametrize("key", ["~1health/GET", "health/GET", "/health/GET"])
def test_a_limit_is_seen_however_its_path_is_written(key: str) -> None:
    (part,) = throttling(_installation("aws", "eu-central-1"))
    kept = {**limits()}
    kept[key] = kept.pop("~1health/GET")
    settings = {
        method: {"throttlingRateLimit": rate, "throttlingBurstLimit": burst}
        for method, (rate, burst) in kept.items()
    }

    assert part.see({"methodSettings": settings}) == part.wanted
