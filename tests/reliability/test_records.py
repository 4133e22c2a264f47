"""From records to messages: one event one alert, corrections, and poison."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import orjson
import pytest

from chalicelib.alerts.batch import Judged
from chalicelib.alerts.judging import judge, keep
from chalicelib.rules.matching import match_all
from chalicelib.rules.ruleset import Ruleset
from tests.delivery.world import CHANNEL, START, World
from tests.events import OTHER_ACCOUNT, cloudtrail, iam_user, refused
from tests.reliability.proof import carried, figure, missing, posts, repeats

WHEN = START.isoformat().replace("+00:00", "Z")
# Deep enough to be parsed and no more: whoever takes it apart again runs out of stack.
DEEP = json.dumps(cloudtrail("StopLogging", eventID=None))[:-1]
DEEP += ', "deep": ' + "[" * 1000 + "]" * 1000 + "}"
POISON = (
    '{"eventVersion": "1.11", "eventName": "StopLog',
    DEEP,
    orjson.loads(DEEP),
    "[" * 100_000,
    '"a string"',
    "\ud800",
    "",
)


@pytest.fixture(scope="module")
def ruleset() -> Ruleset:
    return Ruleset.load(None)


def ingest(world: World, ruleset: Ruleset, *bodies: str | dict[str, Any]) -> Judged:
    """What the handler does with a batch, in the world's time."""
    now = world.clock.now()
    matched = match_all(bodies, ruleset)
    judged = judge(matched, accounts=ruleset.accounts, default_channel=CHANNEL, now=now)
    kept = keep(judged, world.store.outbox, now, timedelta(days=90))
    if kept.new or kept.amended:
        world.run()
    return judged


def record(number: int, **overrides: Any) -> dict[str, Any]:
    """A terminated instance, one of many."""
    return cloudtrail(
        "TerminateInstances",
        eventID=f"event-{number}",
        eventTime=WHEN,
        sourceIPAddress=f"192.0.2.{number % 256}",
        **overrides,
    )


@pytest.mark.parametrize("poison", POISON)
def test_of_a_thousand_records_a_poisoned_one_costs_itself_alone(
    poison: str | dict[str, Any], world: World, ruleset: Ruleset
) -> None:
    bodies: list[str | dict[str, Any]] = [json.dumps(record(number)) for number in range(1000)]
    bodies[500] = poison
    judged = ingest(world, ruleset, *bodies)
    while world.run().next_at:
        world.clock.advance(1)
    assert len(judged.alerts) == 999
    assert missing(world.journal, judged.alerts) == 0
    assert sum(len(carried(entry)) for entry in posts(world.journal)) == 999
    assert [lost.position for lost in judged.unreadable] == [500]
    figure("poison", reason=judged.unreadable[0].reason[:60], told=999, unreadable=1)


def test_one_event_by_two_transports_is_told_once(world: World, ruleset: Ruleset) -> None:
    ingest(world, ruleset, json.dumps(record(1)))  # CloudWatch Logs hands over its text
    ingest(world, ruleset, record(1))  # EventBridge hands over the object
    assert len(posts(world.journal)) == 1
    assert repeats(world.journal) == (0, 0)
    figure("one event by two transports", messages=1)


def test_one_action_seen_by_two_accounts_is_two_alerts(world: World, ruleset: Ruleset) -> None:
    shared = {"sharedEventID": "shared-1"}
    judged = ingest(
        world,
        ruleset,
        record(1, **shared),
        record(1, recipientAccountId=OTHER_ACCOUNT, **shared),
    )
    assert len({alert.alert_id for alert in judged.alerts}) == 2
    assert missing(world.journal, judged.alerts) == 0
    figure("a sharedEventID in two accounts", alerts=2)


def test_an_addendum_is_no_post_and_one_update(world: World, ruleset: Ruleset) -> None:
    ingest(world, ruleset, record(1))
    addendum = record(
        2,
        addendum={"reason": "UPDATED_DATA", "originalEventID": "event-1"},
        userAgent="console.amazonaws.com",
    )
    for _ in range(3):  # however often it is delivered
        ingest(world, ruleset, addendum)
        world.clock.advance(60)
        world.run()
    methods = [entry["method"] for entry in world.journal]
    assert methods == ["chat.postMessage", "chat.update"]
    figure("an addendum", posts=0, updates=1)


@pytest.mark.parametrize("order", [(1, 2, 3), (3, 1, 2), (2, 3)])
def test_an_addendum_in_the_batch_of_its_original_is_told_with_it(
    order: tuple[int, ...], world: World, ruleset: Ruleset
) -> None:
    addendum = {"addendum": {"reason": "UPDATED_DATA", "originalEventID": "event-1"}}
    records = {
        1: record(1),
        2: record(2, **addendum, userAgent="console.amazonaws.com"),
        3: record(3, **addendum, userAgent="console.amazonaws.com"),
    }
    judged = ingest(world, ruleset, *(records[number] for number in order))
    while world.run().next_at:
        world.clock.advance(60)
    assert [entry["method"] for entry in world.journal] == ["chat.postMessage"]
    told = world.store.archive.get(judged.addenda[0].alert_id)
    assert told is not None
    assert told.alert.via == "console"


def call(number: int, *, works: bool, to: int | None = None) -> dict[str, Any]:
    """Alice's terminated instance, which works or is refused; as the addendum to another event."""
    made = cloudtrail("TerminateInstances", eventID=f"event-{number}", eventTime=WHEN)
    if to is not None:
        made["addendum"] = {"reason": "UPDATED_DATA", "originalEventID": f"event-{to}"}
    return made if works else refused(made, "ec2:TerminateInstances")


@pytest.mark.parametrize("corrected", [1, 2, 3])
@pytest.mark.parametrize("at_once", [True, False])
def test_a_refused_call_that_worked_after_all_is_counted_among_no_refused_ones(
    corrected: int, at_once: bool, world: World, ruleset: Ruleset
) -> None:
    calls = [call(number, works=False) for number in (1, 2, 3)]
    worked, another = call(9, works=True, to=corrected), call(4, works=False)
    if at_once:
        ingest(world, ruleset, *calls, worked)
    for each in () if at_once else (*calls, worked):
        ingest(world, ruleset, each)
        world.clock.advance(20)
        world.run()
    ingest(world, ruleset, another)
    world.clock.advance(20)
    world.run()
    texts = [message["text"] for message in world.slack.channels["CTRAILBELL"]]
    (told,) = (text for text in texts if "alice terminated" in text)
    assert "×" not in told
    assert "(corrected: the outcome from refused to succeeded" in told
    assert all("alice was refused" in text for text in texts if text != told)


def test_a_call_of_a_digest_that_worked_after_all_is_told(world: World, ruleset: Ruleset) -> None:
    users = [iam_user(f"user-{number}") for number in range(20)]
    made = [
        cloudtrail("DeleteTrail", eventID=f"event-{number}", eventTime=WHEN, userIdentity=user)
        for number, user in enumerate(users)
    ]
    ingest(world, ruleset, *(refused(each, "cloudtrail:DeleteTrail") for each in made))
    addendum = {"reason": "UPDATED_DATA", "originalEventID": "event-7"}
    ingest(world, ruleset, made[7] | {"eventID": "event-27", "addendum": addendum})
    first, second = (entry["payload"]["text"] for entry in world.journal)
    assert "20 alerts" in first
    assert second.startswith("*Critical* · user-7 deleted a trail (corrected: ")


def test_an_addendum_to_something_unknown_alerts(world: World, ruleset: Ruleset) -> None:
    addendum = {"reason": "UPDATED_DATA", "originalEventID": "event-1"}
    ingest(world, ruleset, record(2, addendum=addendum))
    assert len(posts(world.journal)) == 1
    ingest(world, ruleset, record(1))  # the original, late
    assert len(posts(world.journal)) == 1


def test_a_record_older_than_the_retention_is_listed_and_never_posted(
    world: World, ruleset: Ruleset
) -> None:
    old = (START - timedelta(days=91)).isoformat()
    judged = ingest(world, ruleset, record(1) | {"eventTime": old})
    world.run()
    assert world.journal == []
    assert world.store.archive.get(judged.alerts[0].alert_id) is not None
