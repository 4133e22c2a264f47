"""Charts: alerts by severity over a day, a week or a month, in buckets of whole hours."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.alerts.archive import Summary
from chalicelib.rules.rule import Severity
from chalicelib.web.views import as_json

# The hours that a chart may span, and how many of them make one bucket.
BUCKETS = {24: 1, 168: 6, 720: 24}


def chart_view(summary: Summary, since: datetime, until: datetime) -> dict[str, Any]:
    """The counts of the span by severity, bucket by bucket, the empty ones included."""
    hours = (until - since) // timedelta(hours=1)
    wide = timedelta(hours=BUCKETS[hours])
    starts = [since + place * wide for place in range(hours // BUCKETS[hours])]
    return {
        "hours": hours,
        "from": as_json(since),
        "to": as_json(until),
        "bucket_hours": BUCKETS[hours],
        "searched_until": as_json(summary.searched_until),
        "buckets": [
            {"from": as_json(start), "to": as_json(start + wide), **_counted(summary, start, wide)}
            for start in starts
        ],
    }


def _counted(summary: Summary, start: datetime, wide: timedelta) -> dict[str, int]:
    hours = [as_json(start + timedelta(hours=hour)) for hour in range(wide // timedelta(hours=1))]
    of_hours = [summary.hours.get(hour, {}) for hour in hours]
    return {
        level.value: sum(counts.get(level.value, 0) for counts in of_hours) for level in Severity
    }
