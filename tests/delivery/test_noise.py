"""What looks like a flood and is one thing: somebody looking around, a page asking, a burst."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.judging import judge, keep
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import Severity
from chalicelib.rules.ruleset import Ruleset
from tests.delivery.world import CHANNEL, World
from tests.events import BROWSER, assumed_role, cloudtrail, iam_user, refused, root, sso_user

RULES = Ruleset.load()
PAGES = ("DescribeInstances", "ListBuckets", "GetAccountSummary", "DescribeAlarms", "ListUsers")
CONSOLE = {"sessionCredentialFromConsole": "true", "userAgent": BROWSER}


def told(world: World, record: dict[str, Any]) -> list[Alert]:
    """Judge and send a record at the time that it is; its alerts."""
    now = world.clock.now()
    judged = judge(match_all([record], RULES), accounts={}, default_channel=CHANNEL, now=now)
    keep(judged, world.store.outbox, now, timedelta(days=1))
    world.handle()
    return list(judged.alerts)


def read(name: str, who: dict[str, Any], at: World, **fields: Any) -> dict[str, Any]:
    when = at.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    return cloudtrail(name, userIdentity=who, eventTime=when, readOnly=True, **fields)


def test_root_looking_around_is_one_message_however_long_it_goes_on(world: World) -> None:
    for number in range(26):
        told(world, read(PAGES[number % len(PAGES)], root(mfa=True), world, **CONSOLE))
        world.clock.advance(600)
    world.sweep()
    (text,) = world.texts
    assert text.endswith("× 26")


@pytest.mark.parametrize("who", [root(mfa=True), iam_user("alice", mfa=True), sso_user()])
def test_what_a_console_page_is_refused_is_info_and_one_message(
    world: World, who: dict[str, Any]
) -> None:
    for name in (*PAGES, *PAGES):
        record = refused(read(name, who, world, **CONSOLE), f"ec2:{name}")
        (alert,) = told(world, record)
        assert alert.severity is Severity.INFO
        world.clock.advance(2)
    world.sweep()
    (text,) = world.texts
    assert text.endswith("× 10")


def test_what_a_stolen_key_is_refused_stays_above_info(world: World) -> None:
    (alert,) = told(world, refused(read("ListUsers", iam_user(), world), "iam:ListUsers"))
    assert alert.severity.rank > Severity.INFO.rank


def test_a_burst_on_many_targets_is_one_message_that_lists_them(world: World) -> None:
    who = assumed_role("AWSReservedSSO_Admin_0123456789abcdef", "dave@example.com")
    for number in range(8):
        when = world.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        request = {"alarmNames": [f"alarm-{number}"]}
        record = cloudtrail(
            "DeleteAlarms", source="monitoring", userIdentity=who, eventTime=when,
            requestParameters=request, readOnly=False,
        )  # fmt: skip
        (alert,) = told(world, record)
        assert alert.severity is Severity.MEDIUM
        world.clock.advance(20)
    world.sweep()
    (text,) = world.texts
    assert text.endswith("× 8")
