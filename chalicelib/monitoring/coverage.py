"""Coverage: whether what CloudTrail writes still reaches us, and the reasons why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from chalicelib.monitoring.notes import Reason, Source
from chalicelib.monitoring.times import in_words

# CloudTrail delivers in about five minutes on average.
SILENT_AFTER = timedelta(minutes=30)


class UpstreamError(Exception):
    """AWS did not answer what was asked: nobody knows whether records still reach us."""


@dataclass(frozen=True, slots=True)
class Trail:
    """A trail that writes to CloudWatch Logs."""

    arn: str
    log_group: str


class Upstream(Protocol):
    """What AWS says of the way from the trail to us. Raises UpstreamError."""

    def trails(self) -> list[Trail]:
        """The trails that write to CloudWatch Logs."""

    def delivery(self, trail: Trail) -> tuple[datetime | None, str]:
        """When the trail last delivered to CloudWatch Logs, and its delivery error or ""."""

    def filtered(self, log_group: str) -> bool:
        """Whether a subscription filter hands the log group to us."""

    def permitted(self) -> bool:
        """Whether CloudWatch Logs may invoke us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Why records do not reach us, empty where they do; and where they come from, if anywhere."""

    reasons: tuple[Reason, ...] = ()
    source: Source | None = None


def ask(upstream: Upstream, source: Source | None, now: datetime) -> Coverage:
    """Ask AWS. `source` is where records came from at the last check: a filter that was never
    there is not missing. Raises UpstreamError.
    """
    trails = upstream.trails()
    feeding = next((trail for trail in trails if upstream.filtered(trail.log_group)), None)
    if feeding:
        reason = _undelivered(upstream, feeding, now) or _unpermitted(upstream, now)
        return _coverage(feeding, reason)
    if source is None:
        return Coverage()
    trail = next((trail for trail in trails if trail.log_group == source.log_group), None)
    if trail is None:
        return Coverage(reasons=(_without_trail(source, now),), source=source)
    return _coverage(trail, _undelivered(upstream, trail, now) or _unfiltered(trail, now))


def _coverage(trail: Trail, reason: Reason | None) -> Coverage:
    source = Source(log_group=trail.log_group, trail=trail.arn)
    return Coverage(reasons=(reason,) if reason else (), source=source)


def _without_trail(source: Source, now: datetime) -> Reason:
    text = f"No trail writes to {source.log_group} any more."
    return Reason(check="trail", since=now, text=text)


def _undelivered(upstream: Upstream, trail: Trail, now: datetime) -> Reason | None:
    latest, error = upstream.delivery(trail)
    if error:
        text = f"CloudTrail cannot deliver to {trail.log_group}: {error}."
        return Reason(check="delivery", since=now, text=text)
    if latest is None or now - latest > SILENT_AFTER:
        when = f"since {in_words(latest)}" if latest else "yet"
        text = f"CloudTrail has delivered nothing to {trail.log_group} {when}."
        return Reason(check="silence", since=now, text=text)
    return None


def _unfiltered(trail: Trail, now: datetime) -> Reason:
    text = f"{trail.log_group} has no subscription filter to Trailbell any more."
    return Reason(check="filter", since=now, text=text)


def _unpermitted(upstream: Upstream, now: datetime) -> Reason | None:
    if upstream.permitted():
        return None
    text = "CloudWatch Logs may not invoke Trailbell any more."
    return Reason(check="permission", since=now, text=text)
