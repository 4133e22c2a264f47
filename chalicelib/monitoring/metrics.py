"""Metrics: what is counted, and CloudWatch's embedded format for it (pure)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from chalicelib.delivery.run import DispatchReport

NAMESPACE = "Trailbell"
# CloudWatch takes a hundred values of one metric in one line.
METRIC_VALUES = 100
SECONDS = "Seconds"


class Metric(NamedTuple):
    """A metric as CloudWatch knows it, with one value or several."""

    name: str
    value: float | tuple[float, ...]
    unit: str = "Count"


def batch_metrics(*, records: int, unreadable: int, alerts: int) -> tuple[Metric, ...]:
    """What came in."""
    return Metric("Records", records), Metric("Unreadable", unreadable), Metric("Alerts", alerts)


def dispatch_metrics(report: DispatchReport) -> tuple[Metric, ...]:
    """What was sent: `Delay` is from eventTime to the post, and missing where nothing was."""
    counts = (
        Metric("Delivered", report.delivered),
        Metric("Ambiguous", report.ambiguous),
        Metric("Parked", report.parked),
    )
    return (*counts, Metric("Delay", report.delays, SECONDS)) if report.delays else counts


def due_metrics(oldest_due: datetime | None, now: datetime) -> tuple[Metric, ...]:
    """For how long the oldest delivery has been due; 0 without one."""
    seconds = max((now - oldest_due).total_seconds(), 0.0) if oldest_due else 0.0
    return (Metric("OldestDue", seconds, SECONDS),)


def watch_metrics(failing: int) -> tuple[Metric, ...]:
    """How many checks of the self-watch found something that is missed."""
    return (Metric("Failing", failing),)


def metrics_line(metrics: Iterable[Metric], *, deployment: str, now: datetime) -> str:
    """One line of CloudWatch's embedded metric format, which Logs turns into metrics.

    Source: CloudWatch user guide, "Specification: Embedded metric format".
    """
    metrics = tuple(metrics)
    units = [{"Name": metric.name, "Unit": metric.unit} for metric in metrics]
    directive = {"Namespace": NAMESPACE, "Dimensions": [["Deployment"]], "Metrics": units}
    head = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [directive]}
    values = {metric.name: _shown(metric.value) for metric in metrics}
    return json.dumps({"_aws": head, "Deployment": deployment, **values})


def _shown(value: float | tuple[float, ...]) -> float | list[float]:
    return _sample(value) if isinstance(value, tuple) else value


def _sample(values: Sequence[float]) -> list[float]:
    """At most a hundred, evenly taken from the sorted values so that their spread stays true."""
    ordered = sorted(values)
    if len(ordered) <= METRIC_VALUES:
        return ordered
    step = (len(ordered) - 1) / (METRIC_VALUES - 1)
    return [ordered[round(number * step)] for number in range(METRIC_VALUES)]
