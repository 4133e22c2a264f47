"""The self-watch of a deployed sweep, on the emulator: every check is answered, a fault is told.

What the emulator cannot show is in tests/reliability/test_silences.py: it enforces no permission,
its trails deliver nothing, and time is its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.cloud import ACCOUNT, REGION, Cloud, until

NAME, GROUP, INGEST = "trailbell-dev", "trailbell-dev-cloudtrail", "trailbell-dev-ingest_logs"
EVENTS = {"ReadWriteType": "All", "IncludeManagementEvents": True}


def checked(cloud: Cloud) -> dict[str, Any]:
    """What each check answers now: it is made as if a quarter of an hour had passed."""
    key = {"pk": {"S": "NOTES"}, "sk": {"S": "checked"}}
    cloud.client("dynamodb").delete_item(TableName=NAME, Key=key)
    cloud.sweep()
    health = cloud.get("/health", cloud.parameter("api-token")).json
    answers: dict[str, Any] = health["coverage"]
    return answers


def test_every_check_is_answered_and_all_is_as_it_was_made(cloud: Cloud) -> None:
    answers = checked(cloud)
    wrong = {name: each for name, each in answers.items() if each["answered"] != "ok"}
    # The emulator's trails deliver nothing, which is silence once they are half an hour old; the
    # stub of Slack may not be asked for channels, and other tests leave what could not be ingested.
    wrong.pop("failures", None)
    assert wrong.pop("silence", {"answered": "failing"})["answered"] == "failing"
    for check in ("channel", "channel-name"):
        assert wrong.pop(check, {"answered": "unasked"})["answered"] == "unasked"
    assert wrong == {}


@dataclass(frozen=True, slots=True)
class Way:
    """How it is silenced, which check says so, and the words that tell of it.

    `mend` is what ends it; without one, what an operator does: `setup_resources.py apply`. One way
    for each check: the same again within minutes would be told as "× 2".
    """

    check: str
    words: str
    silence: Callable[[Cloud], Any]
    mend: Callable[[Cloud], Any] | None = None


def call(service: str, operation: str, **arguments: Any) -> Callable[[Cloud], Any]:
    return lambda cloud: getattr(cloud.client(service), operation)(**arguments)


def narrowed(cloud: Cloud) -> None:
    cloud.client("logs").put_subscription_filter(
        logGroupName=GROUP,
        filterName=NAME,
        filterPattern='{ $.eventName = "A" }',
        destinationArn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{INGEST}",
    )


def without_permission(cloud: Cloud) -> None:
    client = cloud.client("lambda")
    policy = json.loads(client.get_policy(FunctionName=INGEST)["Policy"])
    for statement in policy["Statement"]:
        client.remove_permission(FunctionName=INGEST, StatementId=statement["Sid"])


def schedule(operation: str) -> Callable[[Cloud], Any]:
    return call("events", operation, Name="trailbell-dev-sweep-event")


WAYS = [
    Way("pattern", "Deaf now: ", narrowed),
    Way(
        "filter",
        "has no subscription filter to Trailbell",
        call("logs", "delete_subscription_filter", logGroupName=GROUP, filterName=NAME),
    ),
    Way("delivery", "logging is stopped", call("cloudtrail", "stop_logging", Name=NAME)),
    Way(
        "recording",
        "leaves out reads now",
        call(
            "cloudtrail",
            "put_event_selectors",
            TrailName=NAME,
            EventSelectors=[{**EVENTS, "ReadWriteType": "WriteOnly"}],
        ),
    ),
    Way(
        "regions",
        "one region alone now",
        call("cloudtrail", "update_trail", Name=NAME, IsMultiRegionTrail=False),
    ),
    Way("trail", "No trail writes to", call("cloudtrail", "delete_trail", Name=NAME)),
    Way("permission", "CloudWatch Logs may not invoke", without_permission),
    Way(
        "function-ingest_logs",
        "its reserved concurrency is 0",
        call(
            "lambda",
            "put_function_concurrency",
            FunctionName=INGEST,
            ReservedConcurrentExecutions=0,
        ),
        call("lambda", "delete_function_concurrency", FunctionName=INGEST),
    ),
    Way("schedule", "is disabled", schedule("disable_rule"), schedule("enable_rule")),
    Way(
        "parameters",
        "SSM parameters are gone: /trailbell-dev/slack-channel",
        call("ssm", "delete_parameter", Name="/trailbell-dev/slack-channel"),
    ),
    Way(
        "destination-ingest_logs",
        "is dropped now, no longer kept in",
        call("lambda", "delete_function_event_invoke_config", FunctionName=INGEST),
    ),
    Way(
        "alarms",
        "tell nobody: sweep-stopped",
        call("cloudwatch", "disable_alarm_actions", AlarmNames=[f"{NAME}-sweep-stopped"]),
    ),
]


@pytest.mark.parametrize("way", WAYS, ids=[f"{way.check}: {way.words}" for way in WAYS])
def test_each_way_to_silence_it_is_told_and_so_is_its_end(cloud: Cloud, way: Way) -> None:
    way.silence(cloud)
    try:
        assert checked(cloud)[way.check]["answered"] == "failing"
        cloud.sweep()
        until(lambda: cloud.told(way.words), "the message that tells of it")
    finally:
        if way.mend:
            way.mend(cloud)
        else:
            cloud.setup("apply", "--stage", "dev", "--yes")
    assert checked(cloud)[way.check]["answered"] == "ok"
    cloud.sweep()
    assert [one for one in cloud.told(way.words) if "It has ended" in json.dumps(one)]
