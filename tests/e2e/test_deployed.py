"""A real `chalice deploy` on an emulated AWS, used as CloudTrail, EventBridge and people do.

Each test has an actor of its own, so that its messages and items can be told apart.
"""

from __future__ import annotations

import json
import re
import threading
from typing import Any

from chalicelib.alerts.clicks import Action
from cli.pressing import Message, action
from tests.e2e.cloud import ACCOUNT, Cloud, until
from tests.e2e.records import by, uninteresting
from tests.slack.stub import TEAM, buttons_of, channel_id

FAILURES = f"trailbell-dev-failures-{ACCOUNT}-eu-central-1"


def alerts_of(cloud: Cloud, actor: str) -> list[str]:
    """The keys of the stored alerts that name the actor."""
    return [
        item["pk"]["S"]
        for item in cloud.items()
        if item["sk"]["S"] == "ALERT" and actor in json.dumps(item, default=str)
    ]


def failed_payloads(cloud: Cloud) -> list[str]:
    found = cloud.client("s3").list_objects_v2(Bucket=FAILURES)
    return [one["Key"] for one in found.get("Contents", [])]


def test_a_record_in_the_log_group_becomes_a_message_and_an_item(cloud: Cloud) -> None:
    cloud.put_records(uninteresting("alice"), by("bert"))

    (message,) = until(lambda: cloud.told("bert"), "Slack has the message")
    assert message["channel"] == "#alerts"
    assert len(alerts_of(cloud, "bert")) == 1


def test_a_record_that_no_rule_matches_is_neither_told_nor_kept(cloud: Cloud) -> None:
    cloud.put_records(uninteresting("carol"))
    cloud.put_records(by("dave"))

    until(lambda: cloud.told("dave"), "the later record's message")
    assert cloud.told("carol") == []
    assert alerts_of(cloud, "carol") == []


def test_the_same_record_again_is_not_told_again(cloud: Cloud) -> None:
    record = by("erin")
    cloud.put_records(record)
    until(lambda: cloud.told("erin"), "the first message")

    cloud.put_records(record)
    cloud.put_records(by("frank"))

    until(lambda: cloud.told("frank"), "the later record's message")
    assert len(cloud.told("erin")) == 1


def test_eventbridge_tells_and_the_log_group_does_not_tell_it_again(cloud: Cloud) -> None:
    record = by("grace")
    cloud.put_event("AWS API Call via CloudTrail", record)
    until(lambda: cloud.told("grace"), "the message by way of EventBridge")

    cloud.put_records(record)
    cloud.put_records(by("heidi"))

    until(lambda: cloud.told("heidi"), "the later record's message")
    assert len(cloud.told("grace")) == 1
    assert len(alerts_of(cloud, "grace")) == 1


def test_eventbridge_carries_console_sign_ins(cloud: Cloud) -> None:
    sign_in = by(
        "ivan",
        eventSource="signin.amazonaws.com",
        eventName="ConsoleLogin",
        eventType="AwsConsoleSignIn",
        requestParameters=None,
        responseElements={"ConsoleLogin": "Success"},
        additionalEventData={"MFAUsed": "No", "MobileVersion": "No"},
    )

    cloud.put_event("AWS Console Sign In via CloudTrail", sign_in)

    until(lambda: cloud.told("ivan"), "the message about the sign-in")


def test_an_event_that_somebody_else_puts_is_not_told(cloud: Cloud) -> None:
    cloud.put_forged_event("AWS API Call via CloudTrail", by("mallory"))
    cloud.put_event("AWS API Call via CloudTrail", by("niaj"))

    until(lambda: cloud.told("niaj"), "the message about the later record")
    assert cloud.told("mallory") == []


def test_the_api_answers_those_with_the_token(cloud: Cloud) -> None:
    cloud.put_records(by("judy"))
    until(lambda: cloud.told("judy"), "Slack has the message")

    answer = cloud.get("/alerts?limit=50", token=cloud.parameter("api-token"))

    assert answer.status == 200
    assert "judy" in json.dumps(answer.json["alerts"])


def test_the_api_answers_nobody_without_the_token(cloud: Cloud) -> None:
    for token in (None, "wrong"):
        answer = cloud.get("/alerts", token=token)
        assert answer.status == 401
        assert "alerts" not in answer.json


def test_the_page_and_its_assets_load(cloud: Cloud) -> None:
    page = cloud.get("/")

    assert page.status == 200
    assert b"<!doctype html" in page.body[:200].lower()
    assets = re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', page.body.decode())
    assert assets
    for asset in assets:
        path = asset.removeprefix("/api")
        assert cloud.get(path if path.startswith("/") else f"/{path}").status == 200


def test_health_is_public_and_says_the_version(cloud: Cloud) -> None:
    answer = cloud.get("/health")

    assert answer.status in (200, 503)
    assert {"status", "version"} <= set(answer.json)


def test_a_click_is_stored_through_api_gateway_and_shown_without_waiting_for_the_minute(
    cloud: Cloud,
) -> None:
    cloud.put_records(by("olga"))
    told = until(lambda: cloud.told("olga"), "Slack has the message")[0]
    button = next(
        each for each in buttons_of(told["payload"]) if each["action_id"] == "acknowledge"
    )
    message = Message(channel_id("#alerts"), told["ts"])
    body = action(Action.ACKNOWLEDGE, button["value"], message, "anna", team=TEAM)
    until(lambda: _states(cloud, button["value"]) == ["sent"], "the function knows that it is told")

    assert cloud.click(body).status == 200

    assert "anna" in json.dumps(_alert(cloud, button["value"])["acknowledged_by"])
    until(lambda: _updated(cloud, "anna is looking at it"), "the message says it", seconds=90)
    stranger = action(Action.RELEASE, button["value"], message, "anna", team="TOTHER")
    assert cloud.click(stranger).status == 403


def _alert(cloud: Cloud, alert_id: str) -> dict[str, Any]:
    answer = cloud.get(f"/alerts/{alert_id}", token=cloud.parameter("api-token"))
    found: dict[str, Any] = answer.json
    return found


def _states(cloud: Cloud, alert_id: str) -> list[str]:
    return [one["state"] for one in _alert(cloud, alert_id)["deliveries"]]


def _updated(cloud: Cloud, words: str) -> bool:
    updates = [one for one in cloud.journal() if one["method"] == "chat.update"]
    return any(words in json.dumps(one) for one in updates)


def test_what_slack_could_not_take_is_told_by_a_later_sweep(cloud: Cloud) -> None:
    cloud.stop("slack")
    try:
        cloud.put_records(by("kevin"))
        until(lambda: alerts_of(cloud, "kevin"), "the alert is stored")
        cloud.sweep()
    finally:
        cloud.start_slack()
    assert cloud.told("kevin") == []

    # After a refused connection the channel tries once a minute.
    until(lambda: _swept(cloud, "kevin"), "the sweep tells it", seconds=150)

    assert len(cloud.told("kevin")) == 1


def _swept(cloud: Cloud, word: str) -> bool:
    cloud.sweep()
    return bool(cloud.told(word))


def test_what_could_not_be_stored_waits_at_the_destination_until_redriven(cloud: Cloud) -> None:
    before = set(failed_payloads(cloud))
    cloud.client("dynamodb").delete_table(TableName="trailbell-dev")
    try:
        cloud.put_records(by("laura"))
        until(lambda: set(failed_payloads(cloud)) - before, "the payload failed three times", 90)
        assert "broken" in cloud.setup("status", check=False).stdout
    finally:
        cloud.setup("apply", "--yes")
    assert cloud.told("laura") == []

    cloud.run_trailbell("redrive", f"s3://{FAILURES}", "--store", "dynamodb:///trailbell-dev")

    until(lambda: _swept(cloud, "laura"), "the redriven alert is told", seconds=150)
    assert len(cloud.told("laura")) == 1


def test_what_failed_while_no_rules_loaded_comes_home_by_the_sweep_alone(cloud: Cloud) -> None:
    before = set(failed_payloads(cloud))
    wrong = cloud.project / "chalicelib" / "rules" / "local" / "wrong.toml"
    wrong.write_text('[[rule]]\nid = "root-use"\nseverity = "urgent"\n')
    cloud.ship("deploy", "--stage", "dev")
    cloud.put_records(by("marge"), by("norbert"))
    until(lambda: set(failed_payloads(cloud)) - before, "the payload failed three times", 90)
    wrong.unlink()
    cloud.ship("deploy", "--stage", "dev")
    assert cloud.told("marge") == []

    until(lambda: _swept(cloud, "marge"), "the sweep takes it in and tells it", seconds=150)

    until(lambda: _swept(cloud, "norbert"), "and the other one")
    cloud.sweep()
    assert (len(cloud.told("marge")), len(cloud.told("norbert"))) == (1, 1)
    assert set(failed_payloads(cloud)) <= before


def test_the_test_alert_follows_its_canary_to_slack(cloud: Cloud) -> None:
    # The emulator's CloudTrail records nothing, so this test plays its part, again and again since
    # nobody knows when the command has begun.
    told = threading.Event()

    def record_it() -> None:
        written = {"name": "/canary/trailbell-dev", "type": "String", "overwrite": True}
        what = {"eventSource": "ssm.amazonaws.com", "eventName": "PutParameter"}
        while not told.wait(6):
            cloud.put_records(by("deployer", **what, requestParameters=written))

    late = threading.Thread(target=record_it)
    late.start()

    try:
        done = cloud.setup("test-alert", "--timeout", "90")
    finally:
        told.set()
        late.join()

    assert "Slack has it" in done.stdout


def test_a_second_apply_changes_nothing(cloud: Cloud) -> None:
    done = cloud.setup("apply", "--yes")

    assert "nothing to change" in done.stdout


def test_status_says_that_all_is_well(cloud: Cloud) -> None:
    for key in failed_payloads(cloud):
        cloud.client("s3").delete_object(Bucket=FAILURES, Key=key)

    # Slack tells nothing of a channel without that scope.
    cloud.behave(scopes=["chat:write", "channels:history", "channels:read"])

    done = cloud.setup("status", check=False)

    assert "trailbell-dev is healthy" in done.stdout, done.stdout


def test_a_redeployment_drops_nothing(cloud: Cloud) -> None:
    sent = [by(f"mike-{number:02}") for number in range(12)]
    going = threading.Thread(target=lambda: cloud.ship("deploy", "--stage", "dev"))
    going.start()
    for record in sent:
        cloud.put_records(record)
        going.join(timeout=2)
    going.join()

    assert "nothing to change" in cloud.setup("apply", "--yes").stdout
    until(lambda: len(alerts_of(cloud, "mike-")) == len(sent), "every record is an alert", 60)
