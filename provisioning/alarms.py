"""Alarms on Trailbell itself, and the topic that carries them to a mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from provisioning.change import Call, Part
from provisioning.installation import Installation


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A threshold on one metric. `missing` is CloudWatch's TreatMissingData."""

    name: str
    meaning: str
    namespace: str
    metric: str
    dimensions: dict[str, str]
    statistic: str = "Sum"
    minutes: int = 5
    comparison: str = "GreaterThanOrEqualToThreshold"
    threshold: float = 1.0
    missing: str = "notBreaching"

    @property
    def of_silence(self) -> bool:
        """Whether it rings where nothing comes."""
        return self.missing == "breaching"


def alarms(at: Installation) -> list[Alarm]:
    """The alarms of every installation; docs/operating.md says what to do about each."""
    ingest, sweep = at.function("ingest_logs"), at.function("sweep")
    return [
        _lambda("ingest-errors", ingest, "Errors", "records could not be ingested"),
        _lambda("ingest-throttles", ingest, "Throttles", "ingest_logs lacks concurrency"),
        _lambda("ingest-gave-up", ingest, "AsyncEventsDropped", "a payload failed three times"),
        _lambda(
            "destination-failures",
            ingest,
            "DestinationDeliveryFailures",
            "a failed payload could not be kept either: it is lost",
        ),
        _lambda("sweep-errors", sweep, "Errors", "sweep fails again and again", threshold=3.0),
        _lambda("api-errors", at.function(), "Errors", "the API fails"),
        _silence(
            "deaf-trail",
            "AWS/Logs",
            "IncomingLogEvents",
            {"LogGroupName": at.log_group},
            minutes=60,
            # sweep asks CloudTrail four times an hour, which is itself recorded.
            meaning="CloudTrail wrote nothing for an hour",
        ),
        Alarm(
            name="deaf-filter",
            meaning="CloudWatch Logs cannot hand records to ingest_logs",
            namespace="AWS/Logs",
            metric="DeliveryErrors",
            dimensions={
                "LogGroupName": at.log_group,
                "DestinationType": "Lambda",
                "FilterName": at.deployment,
            },
        ),
        Alarm(
            name="late",
            meaning="an alert has been waiting for Slack for over a quarter of an hour",
            namespace="Trailbell",
            metric="OldestDue",
            dimensions={"Deployment": at.deployment},
            statistic="Maximum",
            threshold=15 * 60,
        ),
        Alarm(
            name="self-watch",
            meaning="a check of the self-watch fails: records or alerts may be missing",
            namespace="Trailbell",
            metric="Failing",
            dimensions={"Deployment": at.deployment},
            statistic="Maximum",
            minutes=20,  # it checks every fifteen
        ),
        _silence(
            "sweep-stopped",
            "AWS/Lambda",
            "Invocations",
            {"FunctionName": sweep},
            minutes=15,
            meaning="nothing tells what waits",
        ),
    ]


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
        ),
    ]


def _lambda(
    name: str, function: str, metric: str, meaning: str, *, threshold: float = 1.0
) -> Alarm:
    return Alarm(
        name=name,
        meaning=meaning,
        namespace="AWS/Lambda",
        metric=metric,
        dimensions={"FunctionName": function},
        threshold=threshold,
    )


def _silence(
    name: str,
    namespace: str,
    metric: str,
    dimensions: dict[str, str],
    *,
    minutes: int,
    meaning: str,
) -> Alarm:
    return Alarm(
        name=name,
        meaning=meaning,
        namespace=namespace,
        metric=metric,
        dimensions=dimensions,
        minutes=minutes,
        comparison="LessThanThreshold",
        missing="breaching",
    )


def topic(at: Installation) -> list[Part]:
    """The topic, and the mailbox where one was chosen."""
    tags = [{"Key": key, "Value": value} for key, value in at.tags.items()]
    name = f"{at.deployment}-alarms"
    # No encryption with alias/aws/sns: CloudWatch could not publish to it.
    made = Part(
        title=f"SNS topic {name}",
        why="alarms are published here",
        read=_sns("get_topic_attributes", TopicArn=at.topic_arn),
        see=lambda response: response["Attributes"],
        absent=("NotFound", "NotFoundException"),
        create=(_sns("create_topic", Name=name, Tags=tags),),
        remove=(_sns("delete_topic", TopicArn=at.topic_arn),),
    )
    return [made, _mailbox(at, at.choices.email)] if at.choices.email else [made]


def _mailbox(at: Installation, email: str) -> Part:
    def see(response: dict[str, Any]) -> str | None:
        endpoints = [one["Endpoint"] for one in response.get("Subscriptions", [])]
        return email if email in endpoints else None

    return Part(
        title=f"SNS subscription of {email}",
        why="AWS mails a link that must be followed once",
        read=_sns("list_subscriptions_by_topic", TopicArn=at.topic_arn),
        see=see,
        absent=("NotFound", "NotFoundException"),
        create=(_sns("subscribe", TopicArn=at.topic_arn, Protocol="email", Endpoint=email),),
    )


def alarm_parts(at: Installation, every: list[Alarm]) -> list[Part]:
    """One part for each alarm."""
    names = [f"{at.deployment}-{alarm.name}" for alarm in every]
    read = _cloudwatch("describe_alarms", AlarmNames=names)  # one answer serves them all
    return [_part(at, alarm, read) for alarm in every]


def _part(at: Installation, alarm: Alarm, read: Call) -> Part:
    name = f"{at.deployment}-{alarm.name}"
    tags = [{"Key": key, "Value": value} for key, value in at.tags.items()]
    wanted = {
        "Namespace": alarm.namespace,
        "MetricName": alarm.metric,
        "Dimensions": [{"Name": key, "Value": alarm.dimensions[key]} for key in alarm.dimensions],
        "Statistic": alarm.statistic,
        "Period": alarm.minutes * 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": alarm.comparison,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.missing,
        "AlarmActions": [at.topic_arn],
        "ActionsEnabled": True,
        "AlarmDescription": alarm.meaning,
    }
    put = {"AlarmName": name, **wanted}
    return Part(
        title=f"Alarm {name}",
        why=alarm.meaning,
        read=read,
        see=lambda response: _seen(response, name, wanted),
        wanted=_ordered(wanted),
        create=(_cloudwatch("put_metric_alarm", **put, Tags=tags),),
        change=(_cloudwatch("put_metric_alarm", **put),),
        remove=(_cloudwatch("delete_alarms", AlarmNames=[name]),),
        function=at.function("ingest_logs"),  # before that, silence is no news
    )


def _seen(response: dict[str, Any], name: str, wanted: dict[str, Any]) -> dict[str, Any] | None:
    alarms = response.get("MetricAlarms", [])
    found = next((one for one in alarms if one["AlarmName"] == name), None)
    return _ordered({key: found.get(key) for key in wanted}) if found else None


def _ordered(alarm: dict[str, Any]) -> dict[str, Any]:
    return {**alarm, "Dimensions": sorted(alarm["Dimensions"], key=lambda one: str(one["Name"]))}


def _sns(operation: str, **parameters: Any) -> Call:
    return Call(service="sns", operation=operation, parameters=parameters)


def _cloudwatch(operation: str, **parameters: Any) -> Call:
    return Call(service="cloudwatch", operation=operation, parameters=parameters)
