"""What is counted, in CloudWatch's embedded format."""

from __future__ import annotations

import json
from datetime import timedelta

from chalicelib.delivery.run import DispatchReport
from chalicelib.monitoring.metrics import (
    Metric,
    batch_metrics,
    dispatch_metrics,
    due_metrics,
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
    metrics = (*dispatch_metrics(report), *due_metrics(START - timedelta(seconds=90), START))
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
    assert "Delay" not in {metric.name for metric in dispatch_metrics(DispatchReport())}


def test_with_nothing_due_the_oldest_is_due_for_no_time() -> None:
    assert due_metrics(None, START) == (Metric("OldestDue", 0.0, "Seconds"),)


def test_a_metrics_line_is_to_the_byte_what_it_always_was() -> None:
    report = DispatchReport(delivered=2, ambiguous=1, delays=(3.0, 1.5))
    metrics = (*dispatch_metrics(report), *due_metrics(None, START))
    assert metrics_line(metrics, deployment="trailbell-dev", now=START) == (
        '{"_aws": {"Timestamp": 1767323045000, "CloudWatchMetrics": [{"Namespace": "Trailbell",'
        ' "Dimensions": [["Deployment"]], "Metrics": [{"Name": "Delivered", "Unit": "Count"},'
        ' {"Name": "Ambiguous", "Unit": "Count"}, {"Name": "Parked", "Unit": "Count"},'
        ' {"Name": "Delay", "Unit": "Seconds"}, {"Name": "OldestDue", "Unit": "Seconds"}]}]},'
        ' "Deployment": "trailbell-dev", "Delivered": 2, "Ambiguous": 1, "Parked": 0,'
        ' "Delay": [1.5, 3.0], "OldestDue": 0.0}'
    )
