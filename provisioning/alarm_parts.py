"""The alarms as parts, and the topic that carries them to a mailbox."""

from __future__ import annotations

from typing import Any

from provisioning.alarms import Alarm
from provisioning.change import Call, Part
from provisioning.installation import Installation
from provisioning.topics import NO_TOPIC, OPEN, admits, sns, subscription


def topic(at: Installation) -> list[Part]:
    """The topic, and the mailbox where one was chosen."""
    name = f"{at.deployment}-alarms"
    made = Part(
        title=f"SNS topic {name}",
        why="alarms are published here",
        read=sns(at.topic_arn, "get_topic_attributes", TopicArn=at.topic_arn),
        see=lambda response: admits(response["Attributes"], at.account),
        wanted=OPEN,
        absent=NO_TOPIC,
        fixed="aws sns set-topic-attributes: its Policy lets the account's alarms publish, and its "
        "KmsMasterKeyId is none, or a key whose policy lets cloudwatch.amazonaws.com use it",
        create=(sns(at.topic_arn, "create_topic", Name=name, Tags=at.tag_pairs),),
        remove=(sns(at.topic_arn, "delete_topic", TopicArn=at.topic_arn),),
    )
    return [made, _mailbox(at, at.choices.email)] if at.choices.email else [made]


def _mailbox(at: Installation, email: str) -> Part:
    return subscription(
        at.topic_arn,
        "email",
        email,
        title=f"SNS subscription of {email}",
        why="AWS mails a link that must be followed once",
        absent=NO_TOPIC,
    )


def alarm_parts(at: Installation, every: list[Alarm]) -> list[Part]:
    """One part for each alarm."""
    names = [f"{at.deployment}-{alarm.name}" for alarm in every]
    read = _cloudwatch("describe_alarms", AlarmNames=names)  # one answer serves them all
    return [_part(at, alarm, read) for alarm in every]


def _part(at: Installation, alarm: Alarm, read: Call) -> Part:
    name = f"{at.deployment}-{alarm.name}"
    wanted = {
        "Namespace": alarm.namespace,
        "MetricName": alarm.metric,
        "Dimensions": [{"Name": key, "Value": alarm.dimensions[key]} for key in alarm.dimensions],
        "Statistic": alarm.statistic,
        "Period": alarm.minutes * 60,
        "EvaluationPeriods": alarm.periods,
        "DatapointsToAlarm": alarm.datapoints,
        "ComparisonOperator": alarm.comparison,
        "Threshold": alarm.threshold,
        "TreatMissingData": alarm.missing,
        "AlarmActions": [at.topic_arn],
        "ActionsEnabled": True,
        "AlarmDescription": f"{alarm.meaning}. First: {alarm.first}.",
    }
    put = {"AlarmName": name, **wanted}
    return Part(
        title=f"Alarm {name}",
        why=alarm.meaning,
        read=read,
        see=lambda response: _seen(response, name, wanted),
        wanted={**_ordered(wanted), "Unit": None},  # with one, it counts points of that unit alone
        create=(_cloudwatch("put_metric_alarm", **put, Tags=at.tag_pairs),),
        change=(_cloudwatch("put_metric_alarm", **put),),
        remove=(_cloudwatch("delete_alarms", AlarmNames=[name]),),
        function=at.function("ingest_logs"),  # before that, silence is no news
    )


def _seen(response: dict[str, Any], name: str, wanted: dict[str, Any]) -> dict[str, Any] | None:
    alarms = response.get("MetricAlarms", [])
    found = next((one for one in alarms if one["AlarmName"] == name), None)
    return _ordered({key: found.get(key) for key in (*wanted, "Unit")}) if found else None


def _ordered(alarm: dict[str, Any]) -> dict[str, Any]:
    return {**alarm, "Dimensions": sorted(alarm["Dimensions"], key=lambda one: str(one["Name"]))}


def _cloudwatch(operation: str, **parameters: Any) -> Call:
    return Call(service="cloudwatch", operation=operation, parameters=parameters)
