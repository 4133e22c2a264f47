"""Alarms on Trailbell itself: what each watches, when it rings, and what to do first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.monitoring.own_read import READ_EVERY
from provisioning.installation import Installation

# How both alarms of silence are reckoned: docs/operating.md, "When an alarm rings". What CloudWatch
# looks at is a few periods longer than what it evaluates, and while a real data point is left
# there it needs the missing ones less; so many periods more pass until it rings. Source:
# CloudWatch user guide, "How alarm state is evaluated when data is missing", whose example looks
# at five data points to evaluate three.
LOOKED_AT_BESIDES = (2, 3, 4, 5)
# Of the sweep's last 15 minutes 10 lack an invocation. It rings as many minutes after the last one
# as these and those that CloudWatch looks at besides: 15 at most, whichever of them it is.
SWEEPS, SWEEPS_MISSED = 15, 10
# CloudTrail hands a record over 1 to 15 minutes after the event, and one of ours is made each five.
LATEST_DELIVERY, SOONEST_DELIVERY = timedelta(minutes=15), timedelta(minutes=1)
LONGEST_QUIET = READ_EVERY + LATEST_DELIVERY - SOONEST_DELIVERY
SILENT_MINUTES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A threshold on one metric: it rings where `datapoints` of the last `periods`, each so many
    `minutes` long, are beyond it. `missing` is CloudWatch's TreatMissingData.
    """

    name: str
    meaning: str
    first: str
    namespace: str
    metric: str
    dimensions: dict[str, str]
    statistic: str = "Sum"
    minutes: int = 5
    periods: int = 1
    datapoints: int = 1
    comparison: str = "GreaterThanOrEqualToThreshold"
    threshold: float = 1.0
    missing: str = "notBreaching"

    @property
    def of_silence(self) -> bool:
        """Whether it rings where nothing comes."""
        return self.missing == "breaching"


def alarms(at: Installation) -> list[Alarm]:
    """The alarms of the installation; docs/operating.md says what to do about each."""
    silent = [deaf_trail(at)] if at.hears_our_reads else []
    refused = [] if at.reads_files else [_deaf_filter(at)]
    return [*_of_functions(at), *silent, *refused, *_of_the_way(at), sweep_stopped(at)]


def deaf_trail(at: Installation) -> Alarm:
    """Nothing came to the trail's log group, whatever passes our filter."""
    return silence(
        "deaf-trail",
        "AWS/Logs",
        "IncomingLogEvents",
        {"LogGroupName": at.log_group},
        minutes=SILENT_MINUTES,
        of=SILENT_MINUTES,
        meaning="CloudTrail wrote nothing for half an hour, not even what the sweep asks it",
        first=f"setup_resources.py status --stage {at.stage} says whether the trail is on",
    )


def sweep_stopped(at: Installation) -> Alarm:
    """The sweep was not invoked."""
    return silence(
        "sweep-stopped",
        "AWS/Lambda",
        "Invocations",
        {"FunctionName": at.function("sweep")},
        minutes=SWEEPS_MISSED,
        of=SWEEPS,
        meaning="the sweep has not run for a quarter of an hour: nothing tells what waits",
        first=f"make deploy STAGE={at.stage} makes its schedule again",
    )


def event_alarms(at: Installation) -> list[Alarm]:
    """Those of ingest_events, which is deployed only where EventBridge is on."""
    function = at.function("ingest_events")
    return [
        _lambda("events-errors", function, "Errors", "EventBridge's records could not be ingested"),
        _lambda(
            "events-destination-failures",
            function,
            "DestinationDeliveryFailures",
            "a failed event could not be kept either",
            first=f"compare the bucket {at.failures} and the function's role with plan",
        ),
    ]


def _of_functions(at: Installation) -> list[Alarm]:
    ingest = at.function("ingest_logs")
    replay = "then trailbell.py replay for the span"
    return [
        _lambda("ingest-errors", ingest, "Errors", "records could not be ingested"),
        _lambda(
            "ingest-throttles",
            ingest,
            "Throttles",
            "ingest_logs lacks concurrency",
            first="aws lambda get-account-settings says what the account has; raise it within 6 h",
        ),
        _lambda("ingest-gave-up", ingest, "AsyncEventsDropped", "a payload failed three times"),
        _lambda(
            "destination-failures",
            ingest,
            "DestinationDeliveryFailures",
            "a failed payload could not be kept either: it is lost",
            first=f"compare the bucket {at.failures} and the function's role with plan, {replay}",
        ),
        _lambda(
            "sweep-errors",
            at.function("sweep"),
            "Errors",
            "sweep fails again and again",
            threshold=3.0,
        ),
        _lambda("api-errors", at.function(), "Errors", "the API fails"),
    ]


def _deaf_filter(at: Installation) -> Alarm:
    return Alarm(
        name="deaf-filter",
        meaning="CloudWatch Logs cannot hand records to ingest_logs",
        first=f"setup_resources.py apply --stage {at.stage} gives it the permission back",
        namespace="AWS/Logs",
        metric="DeliveryErrors",
        dimensions={
            "LogGroupName": at.log_group,
            "DestinationType": "Lambda",
            "FilterName": at.deployment,
        },
    )


def _of_the_way(at: Installation) -> list[Alarm]:
    own = {"Deployment": at.deployment}
    health = "the page or GET /health says"
    return [
        Alarm(
            name="late",
            meaning="an alert has been waiting for Slack for over a quarter of an hour",
            first=f"{health} which channel, and Slack's word for it",
            namespace="Trailbell",
            metric="OldestDue",
            dimensions=own,
            statistic="Maximum",
            threshold=15 * 60,
        ),
        Alarm(
            name="self-watch",
            meaning="a check of the self-watch fails: records or alerts may be missing",
            first=f"{health} which, since when, and what to do",
            namespace="Trailbell",
            metric="Failing",
            dimensions=own,
            statistic="Maximum",
            minutes=20,  # it checks every fifteen
        ),
    ]


def _lambda(
    name: str, function: str, metric: str, meaning: str, *, first: str = "", threshold: float = 1.0
) -> Alarm:
    return Alarm(
        name=name,
        meaning=meaning,
        first=first or f"the log /aws/lambda/{function} says why",
        namespace="AWS/Lambda",
        metric=metric,
        dimensions={"FunctionName": function},
        threshold=threshold,
    )


def silence(
    name: str,
    namespace: str,
    metric: str,
    dimensions: dict[str, str],
    *,
    minutes: int,
    of: int,
    meaning: str,
    first: str,
) -> Alarm:
    """Rings where so many of the last minutes have no data point. FILL(m, 0) would not do: it fills
    the newest point of a metric that is late, each time, which looks like silence.
    """
    return Alarm(
        name=name,
        meaning=meaning,
        first=first,
        namespace=namespace,
        metric=metric,
        dimensions=dimensions,
        minutes=1,
        periods=of,
        datapoints=minutes,
        comparison="LessThanThreshold",
        missing="breaching",
    )
