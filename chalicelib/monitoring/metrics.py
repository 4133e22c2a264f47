"""What goes to the log: structured lines, and metrics in CloudWatch's embedded format (pure)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.delivery.dispatch import DispatchReport

NAMESPACE = "Trailbell"
# CloudWatch takes a hundred values of one metric in one line.
METRIC_VALUES = 100


def batch_metrics(*, records: int, unreadable: int, alerts: int) -> dict[str, float]:
    """What came in, for metrics_line."""
    return {"Records": records, "Unreadable": unreadable, "Alerts": alerts}


def dispatch_metrics(report: DispatchReport) -> dict[str, float | Sequence[float]]:
    """What was told, for metrics_line: `Delay` in seconds from eventTime to the post."""
    metrics: dict[str, float | Sequence[float]] = {
        "Delivered": report.delivered,
        "Ambiguous": report.ambiguous,
        "Parked": report.parked,
    }
    return {**metrics, **({"Delay": report.delays} if report.delays else {})}


def due_metrics(oldest_due: datetime | None, now: datetime) -> dict[str, float]:
    """For how many seconds the oldest delivery has been due, for metrics_line; 0 without one."""
    return {"OldestDue": max((now - oldest_due).total_seconds(), 0.0) if oldest_due else 0.0}


def metrics_line(
    metrics: Mapping[str, float | Sequence[float]], *, deployment: str, now: datetime
) -> str:
    """One line of CloudWatch's embedded metric format, which Logs turns into metrics.

    Source: CloudWatch user guide, "Specification: Embedded metric format".
    """
    seconds = {"Delay", "OldestDue"}
    units = [{"Name": name, "Unit": "Seconds" if name in seconds else "Count"} for name in metrics]
    values = {
        name: value if isinstance(value, int | float) else _sample(value)
        for name, value in metrics.items()
    }
    directive = {"Namespace": NAMESPACE, "Dimensions": [["Deployment"]], "Metrics": units}
    head = {"Timestamp": int(now.timestamp() * 1000), "CloudWatchMetrics": [directive]}
    return json.dumps({"_aws": head, "Deployment": deployment, **values})


def log_line(message: str, *, now: datetime, level: str = "INFO", **fields: Any) -> str:
    """One structured line for the log: ids and counts, never a record or a secret."""
    return json.dumps({"time": now.isoformat(), "level": level, "message": message, **fields})


def _sample(values: Sequence[float]) -> list[float]:
    """At most a hundred, evenly taken from the sorted values so that their spread stays true."""
    ordered = sorted(values)
    if len(ordered) <= METRIC_VALUES:
        return ordered
    step = (len(ordered) - 1) / (METRIC_VALUES - 1)
    return [ordered[round(number * step)] for number in range(METRIC_VALUES)]
