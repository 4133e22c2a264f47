"""One batch, taken in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.mutes import Mute, Mutes
from chalicelib.alerts.outbox import StoreError
from chalicelib.bootstrap import Program
from chalicelib.cloudtrail.record import Record
from chalicelib.ingest.log_subscription import LogSubscriptionEvent
from chalicelib.rules.rule import Severity
from chalicelib.settings import Settings
from chalicelib.usecases.ingest import judge
from tests.alerts.test_judging import Failing
from tests.events import cloudtrail
from tests.subscriptions import generate_log_subscription_event


def test_a_batch_that_cannot_be_kept_is_raised_once_with_its_counts(tmp_path: Path) -> None:
    settings = Settings.from_env({"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db"})
    program = Program(settings)
    program.store = replace(program.store, outbox=Failing(program.store.outbox, "add"))
    bodies = [json.dumps(cloudtrail("StopLogging")), "no record"]
    with pytest.raises(StoreError, match=r"^no such table \(records 2, unreadable 1, alerts 1\)$"):
        program.ingest(bodies, lambda: 60_000.0)


class Asked:
    """Mutes that count how often they are asked for, or cannot be read."""

    def __init__(self, mutes: Mutes, error: StoreError | None = None) -> None:
        self._mutes = mutes
        self._error = error
        self.count = 0

    def in_force(self) -> tuple[Mute, ...]:
        self.count += 1
        if self._error:
            raise self._error
        return self._mutes.in_force()


def asking(tmp_path: Path, error: StoreError | None = None) -> tuple[Program, Asked]:
    program = Program(Settings.from_env({"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db"}))
    asked: Any = Asked(program.store.mutes, error)
    program.store = replace(program.store, mutes=asked)
    return program, asked


def test_the_mutes_in_force_are_read_once_a_batch_and_only_where_something_alerts(
    tmp_path: Path,
) -> None:
    program, asked = asking(tmp_path)
    alerting = [json.dumps(cloudtrail("StopLogging", eventID=f"e-{n}")) for n in range(20)]

    program.ingest([json.dumps(cloudtrail("DescribeTrails", readOnly=True))], lambda: 0.0)
    assert asked.count == 0

    program.ingest(alerting, lambda: 0.0)
    assert asked.count == 1


def test_what_mutes_hide_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    program, _ = asking(tmp_path, StoreError("no such table"))

    counts = program.ingest([json.dumps(cloudtrail("StopLogging"))], lambda: 0.0)

    assert counts["new"] == 1


DIGEST = {"digestStartTime": "t", "digestEndTime": "t", "logFiles": []}
KINESIS = {"Records": [{"eventSource": "aws:kinesis", "eventVersion": "1.0", "kinesis": {}}]}


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (json.dumps(DIGEST), "a digest file of CloudTrail, not records"),
        (DIGEST, "a digest file of CloudTrail, not records"),
        (KINESIS, "an item of kinesis for Lambda, not a record"),
        ({"message": "An Error"}, "a JSON object without CloudTrail's fields, not a record"),
        ("2 111122223333 eni-0a1b 192.0.2.1", "a line of VPC flow logs, not a record"),
    ],
)
def test_what_is_no_record_is_unreadable_by_name_and_costs_itself_alone(
    tmp_path: Path, other: str | dict[str, object], reason: str
) -> None:
    program = Program(Settings.from_env({"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db"}))
    bodies = [json.dumps(cloudtrail("StopLogging")), other, json.dumps(cloudtrail("DeleteTrail"))]
    judged = judge(bodies, program)
    assert [(lost.position, lost.reason) for lost in judged.unreadable] == [(1, reason)]
    assert len(judged.alerts) == 2


def test_a_digest_in_a_batch_of_cloudwatch_logs_costs_itself_alone(tmp_path: Path) -> None:
    program = Program(Settings.from_env({"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db"}))
    batch = generate_log_subscription_event([cloudtrail("StopLogging"), DIGEST, KINESIS])
    judged = judge(LogSubscriptionEvent(batch, None).messages, program)
    assert [lost.position for lost in judged.unreadable] == [1, 2]
    assert len(judged.alerts) == 1


def test_what_is_new_is_counted_once_among_addenda_and_events_of_one_id(tmp_path: Path) -> None:
    program = Program(Settings.from_env({"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db"}))
    one = cloudtrail("StopLogging", eventID="e-1")
    update = {"reason": "UPDATED_DATA", "originalEventID": "e-1"}
    addendum = {**one, "eventID": "a-1", "addendum": update, "errorCode": "AccessDenied"}
    forged = {**addendum, "eventID": "a-2", "eventName": "DeleteTrail"}
    unmatched = {**addendum, "eventID": "a-3", "eventName": "DescribeTrails", "readOnly": True}
    unmatched["userIdentity"] = {"type": "AWSService", "invokedBy": "config.amazonaws.com"}
    other = {**one, "eventTime": "2026-01-02T09:00:00Z"}
    batch = [one, addendum, forged, unmatched, other, other]

    first = program.ingest(map(json.dumps, batch), lambda: 0.0)
    again = program.ingest(reversed(batch), lambda: 0.0)

    assert first == {"records": 6, "unreadable": 0, "alerts": 5, "new": 3}
    assert again == {"records": 6, "unreadable": 0, "alerts": 5, "new": 0}
    alert_id = Record(one).alert_id
    kept = program.store.archive.get(alert_id)
    assert kept is not None
    assert kept.alert.severity is Severity.CRITICAL
    assert kept.alert.text == (
        "alice stopped the trail main from recording (corrected: "
        "the outcome from succeeded to refused; the error code from none to AccessDenied)"
    )


def test_what_comes_together_counts_as_one_alert_more(tmp_path: Path) -> None:
    program = Program(Settings.from_env({"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db"}))
    times = [f"2026-01-02T03:04:{second:02}Z" for second in range(12)]
    batch = [
        json.dumps(
            cloudtrail(
                "DeleteSnapshot",
                source="ec2",
                eventTime=time,
                requestParameters={"snapshotId": f"snap-{number:017}"},
            )
        )
        for number, time in enumerate(times)
    ]

    first = program.ingest(batch, lambda: 0.0)
    again = program.ingest(batch, lambda: 0.0)

    assert first == {"records": 12, "unreadable": 0, "alerts": 13, "new": 13}
    assert again == {"records": 12, "unreadable": 0, "alerts": 12, "new": 0}
