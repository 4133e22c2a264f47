"""A read of our own that CloudTrail records: a trail that works writes in a quiet account too."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from chalicelib.monitoring.upstream import Upstream, UpstreamError

# provisioning/alarms.py reckons with this how long the log group may be silent.
READ_EVERY = timedelta(minutes=5)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def is_read_due(last_sweep: datetime | None, now: datetime) -> bool:
    """Whether five minutes have begun since the last sweep; so no note of its own is needed."""
    return last_sweep is None or _five(last_sweep) != _five(now)


def leave_a_record(upstream: Upstream) -> None:
    """Ask for the trails. What AWS answers does not matter: it records the question, and a refused
    one too.
    """
    with suppress(UpstreamError):
        upstream.trails()


def _five(moment: datetime) -> int:
    return (moment - _EPOCH) // READ_EVERY
