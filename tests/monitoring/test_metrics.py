"""Lines for the log: structured, and metrics in CloudWatch's embedded format."""

from __future__ import annotations

import json
from datetime import timedelta

from chalicelib.delivery.dispatch import DispatchReport
from chalicelib.monitoring.metrics import (
    batch_metrics,
    dispatch_metrics,
    due_metrics,
    log_line,
    metrics_line,
)
from tests.delivery.world import START


def test_a_metrics_line_is_what_cloudwatch_reads() -> None:
    metrics = batch_metrics(records=10, unreadable=1, alerts=2)
    line = json.loads(metrics_line(metrics, deployment="trailbell-dev", now=START))
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert line["_aws"]["Timestamp"] == 1767323045000
    assert (directive["Namespace"], directive["Dimensions"]) == ("Trailbell", [["Deployment"]])
    assert {each["Name"]: line[each["Name"]] for each in directive["Metrics"]} == {
        "Records": 10,
        "Unreadable": 1,
        "Alerts": 2,
    }
    assert line["Deployment"] == "trailbell-dev"


def test_delay_and_oldest_due_are_in_seconds() -> None:
    report = DispatchReport(delivered=2, delays=(3.0, 1.0))
    metrics = {
        **dispatch_metrics(report),
        **due_metrics(START - timedelta(seconds=90), START),
    }
    line = json.loads(metrics_line(metrics, deployment="trailbell-dev", now=START))
    units = {each["Name"]: each["Unit"] for each in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]}
    assert (line["Delay"], line["OldestDue"]) == ([1.0, 3.0], 90.0)
    assert (units["Delay"], units["OldestDue"], units["Delivered"]) == (
        "Seconds",
        "Seconds",
        "Count",
    )


def test_of_many_delays_a_hundred_keep_the_spread() -> None:
    report = DispatchReport(delivered=1000, delays=tuple(float(n) for n in range(1000)))
    line = metrics_line(dispatch_metrics(report), deployment="d", now=START)
    delays = json.loads(line)["Delay"]
    assert (len(delays), delays[0], delays[-1]) == (100, 0.0, 999.0)
    assert 495 <= delays[50] <= 515


def test_without_a_delivery_there_is_no_delay() -> None:
    assert "Delay" not in dispatch_metrics(DispatchReport())


def test_a_log_line_is_json() -> None:
    line = json.loads(log_line("swept", now=START, level="WARNING", expired=3))
    assert line == {
        "time": "2026-01-02T03:04:05+00:00",
        "level": "WARNING",
        "message": "swept",
        "expired": 3,
    }


def test_with_nothing_due_the_oldest_is_due_for_no_time() -> None:
    assert due_metrics(None, START) == {"OldestDue": 0.0}
