"""The way from the trail to us: whether it is as it should be, check by check."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.monitoring.answers import Answered, Finding, failing, lacking, ok, unasked, unknown
from chalicelib.monitoring.expected import Expectations
from chalicelib.monitoring.notes import Source
from chalicelib.monitoring.pattern_check import PATTERN, Wanted, judged
from chalicelib.monitoring.selectors import READS
from chalicelib.monitoring.times import in_words
from chalicelib.monitoring.upstream import (
    Delivery,
    Filter,
    Trail,
    UnaskedError,
    Upstream,
    UpstreamError,
    asked,
    asked_for,
)

# CloudTrail delivers in about five minutes on average.
SILENT_AFTER = timedelta(minutes=30)
NOTHING = "nothing"
LEAVES_OUT = "trail leaves out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What is asked about, and what it is held against.

    `source` is where records came from at the last check: a filter that was never there is not
    missing. Our filter is named after the `deployment`. `wanted` raises UpstreamError.
    """

    upstream: Upstream
    deployment: str
    source: Source | None
    expectations: Expectations
    wanted: Callable[[], Wanted]
    now: datetime


def check_way(way: Way) -> tuple[list[Finding], Source | None]:
    """What each check finds, and where records come from now."""
    try:
        trails = way.upstream.trails()
    except UnaskedError:
        return [], way.source
    except UpstreamError as error:
        return [unknown("trail", error), *_after_the_trail(way, way.source)], way.source
    same = next((trail for trail in trails if _of(trail) == way.source), None)
    feeding = next((trail for trail in trails if _is_ours(way, trail)), None)
    # A trail that is as it was is asked about, whatever else hands records to us besides.
    trail = same or feeding or _known(trails, way.source)
    if trail is None and way.source is None:
        return [*asked("filter", lambda: _never_heard(way, trails))], None
    found = _written(way, trail, feeds=trail in (same, feeding))
    is_written = trail and found.answered is not Answered.FAILING
    source = _of(trail) if trail and is_written else way.source
    about = [*_about(way, trail)] if trail else []
    return [found, *about, *_after_the_trail(way, source)], source


def _of(trail: Trail) -> Source:
    return Source(log_group=trail.log_group, trail=trail.arn)


def _is_ours(way: Way, trail: Trail) -> bool:
    """Whether the trail's log group hands over to us; where that is refused it counts as no."""
    try:
        return any(each.to_us for each in way.upstream.filters(trail.log_group))
    except UpstreamError:
        return False


def _known(trails: list[Trail], source: Source | None) -> Trail | None:
    """The trail that records came from: by its log group, or by itself."""
    same = [trail for trail in trails if source and trail.log_group == source.log_group]
    moved = [trail for trail in trails if source and trail.arn == source.trail]
    return next(iter([*same, *moved]), None)


def _never_heard(way: Way, trails: list[Trail]) -> Finding:
    for trail in trails:
        way.upstream.filters(trail.log_group)  # which may be what is refused
    return unasked("filter", "No log group hands records to us yet.")


def _written(way: Way, trail: Trail | None, *, feeds: bool) -> Finding:
    source = way.source
    if trail and (feeds or source is None or trail.log_group == source.log_group):
        before = way.expectations.of("trail", trail.arn)
        if trail.arn == before:
            return ok("trail", f"{trail.name} writes to {trail.log_group}.")
        text = f"Records come from the trail {trail.arn} now, no longer from {before}."
        return lacking("trail", text)
    group = source.log_group if source else ""
    if trail:
        text = f"{trail.name} writes to {trail.log_group} now, no longer to {group}."
        return failing("trail", text)
    return failing("trail", f"No trail writes to {group} any more.")


def _about(way: Way, trail: Trail) -> Iterator[Finding]:
    """What the trail itself is like."""
    yield _regions(way.expectations, trail)
    yield _key(way.expectations, trail)
    yield from asked("recording", lambda: _recording(way, trail))
    yield from asked_for("delivery", _delivered(way, trail))


def _delivered(way: Way, trail: Trail) -> Iterator[Finding]:
    """Silence is a fault of its own only where the trail delivers."""
    delivery = way.upstream.delivery(trail)
    if delivery.error:
        text = f"CloudTrail cannot deliver to {trail.log_group}: {delivery.error}."
        yield failing("delivery", text)
        return
    yield ok("delivery", f"CloudTrail delivers to {trail.log_group} without an error.")
    yield _silence(way, trail, delivery)


def _silence(way: Way, trail: Trail, delivery: Delivery) -> Finding:
    """Silence of a trail that should speak: one that has begun just now, or leaves out the reads
    that we make ourselves, may have nothing to say.
    """
    latest, began = delivery.latest, delivery.began
    when = in_words(latest) if latest else ""
    if latest and way.now - latest <= SILENT_AFTER:
        return ok("silence", f"CloudTrail delivered to {trail.log_group} at {when}.")
    since = f"since {when}" if when else "yet"
    text = f"CloudTrail has delivered nothing to {trail.log_group} {since}"
    if began and way.now - began <= SILENT_AFTER:
        return ok("silence", f"{text}: it began to record at {in_words(began)}.")
    if READS in (way.expectations.last(LEAVES_OUT) or "").split(", "):
        return ok("silence", f"{text}: without reads there may be nothing for long.")
    return failing("silence", f"{text}.")


def _regions(expectations: Expectations, trail: Trail) -> Finding:
    seen = "every region" if trail.every_region else "one region alone"
    expected = expectations.of("trail regions", seen)
    if trail.every_region:
        return ok("regions", f"{trail.name} records {seen}.")
    if seen == expected:
        return ok("regions", f"{trail.name} records {seen}, as when we were deployed.")
    return failing("regions", f"{trail.name} records {seen} now, no longer {expected}.")


def _key(expectations: Expectations, trail: Trail) -> Finding:
    seen = trail.key or NOTHING
    expected = expectations.of("trail key", seen)
    if seen == expected:
        return ok("key", f"The files of {trail.name} are encrypted as when we were deployed.")
    text = f"The KMS key of {trail.name} is {seen} now, no longer {expected}."
    return failing("key", text)


def _recording(way: Way, trail: Trail) -> Finding:
    left_out = way.upstream.left_out(trail)
    if left_out is None:
        return failing("recording", f"{trail.name} records no management events any more.")
    seen = ", ".join(left_out) or NOTHING
    expected = way.expectations.of(LEAVES_OUT, seen)
    if set(left_out) <= set(expected.split(", ")):
        before = ", as when we were deployed" if left_out else ""
        return ok("recording", f"{trail.name} leaves out {seen}{before}.")
    return failing("recording", f"{trail.name} leaves out {seen} now, before {expected}.")


def _after_the_trail(way: Way, source: Source | None) -> Iterator[Finding]:
    """What hands the log group's records to us."""
    if source:
        yield from asked_for("filter", _filter(way, source.log_group))
    yield from asked("permission", lambda: _permission(way.upstream))


def _filter(way: Way, log_group: str) -> Iterator[Finding]:
    filters = way.upstream.filters(log_group)
    ours = [each for each in filters if each.to_us]
    named = next((each for each in filters if each.name == way.deployment), None)
    if ours:
        yield ok("filter", f"The filter {ours[0].name} hands {log_group} to us.")
        yield from asked(PATTERN, lambda: _pattern(way, ours, log_group))
    elif named:
        where = f"goes to {named.destination} now, not to Trailbell"
        yield failing("filter", f"The subscription filter {named.name} of {log_group} {where}.")
    else:
        text = f"{log_group} has no subscription filter to Trailbell any more."
        yield failing("filter", text)


def _pattern(way: Way, ours: list[Filter], log_group: str) -> Finding:
    """What lets through most; a log group may have two."""
    wanted = way.wanted()
    findings = [judged(each.pattern, wanted, log_group) for each in ours]
    return next((each for each in findings if each.answered is Answered.OK), findings[0])


def _permission(upstream: Upstream) -> Finding:
    if upstream.permitted():
        return ok("permission", "CloudWatch Logs may invoke us.")
    return failing("permission", "CloudWatch Logs may not invoke Trailbell any more.")
