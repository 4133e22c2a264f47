"""Asking AWS about our functions and what stands round them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from chalicelib.monitoring.asking import Asking, MissingError
from chalicelib.monitoring.aws_coverage import may_invoke
from chalicelib.monitoring.functions import EventRule, Function

BUCKET = ":s3:::"
# A deployment has a dozen alarms. Source of 100: CloudWatch API reference, DescribeAlarms.
MOST_ALARMS, MOST_PAGES = 100, 10


class AwsFunctions:
    """AWS itself; each Lambda is asked about once."""

    def __init__(self, deployment: str, asking: Asking) -> None:
        self._deployment = deployment
        self._asking = asking
        self._known = dict[str, Function | None]()

    def function(self, name: str) -> Function | None:
        if name not in self._known:
            self._known[name] = self._function(name)
        return self._known[name]

    def reserved(self, name: str) -> int | None:
        answer = self._of("get_function_concurrency", name)
        found: int | None = answer.get("ReservedConcurrentExecutions")
        return found

    def rules(self, arn: str) -> list[EventRule]:
        # Nobody gives a function of ours a hundred rules: one page.
        answer = self._asking.ask("events", "list_rule_names_by_target", TargetArn=arn)
        return [self._rule(name) for name in answer.get("RuleNames", [])]

    def admits_events(self, name: str) -> bool:
        return may_invoke(self._asking, self._full(name), "events")

    def queue(self, name: str) -> str | None:
        # Chalice makes one: one page.
        found = self._of("list_event_source_mappings", name).get("EventSourceMappings", [])
        if found and found[0].get("FilterCriteria", {}).get("Filters"):
            return "filtered"  # Chalice's hands over all
        return str(found[0].get("State") or "") if found else None

    def destination(self, name: str) -> str:
        try:
            answer = self._of("get_function_event_invoke_config", name)
        except MissingError:
            return ""
        on_failure = answer.get("DestinationConfig", {}).get("OnFailure", {})
        return str(on_failure.get("Destination") or "")

    def waiting(self, destination: str) -> int | None:
        if BUCKET not in destination:
            return 0
        bucket = destination.split(BUCKET, 1)[1]
        try:
            answer = self._asking.ask("s3", "list_objects_v2", Bucket=bucket)
        except MissingError:
            return None
        return len(answer.get("Contents", []))

    def parameters(self, names: Collection[str]) -> Collection[str]:
        wanted = [{"Key": "Name", "Option": "Equals", "Values": sorted(names)}]
        found, more = set[str](), dict[str, str]()
        for _ in range(MOST_PAGES):  # a page may be empty and not the last
            answer = self._asking.ask("ssm", "describe_parameters", ParameterFilters=wanted, **more)
            found |= {each["Name"] for each in answer.get("Parameters", [])}
            if not answer.get("NextToken"):
                break
            more = {"NextToken": answer["NextToken"]}
        return found

    def alarms(self) -> Mapping[str, bool]:
        prefix = f"{self._deployment}-"
        answer = self._asking.ask(
            "cloudwatch", "describe_alarms", AlarmNamePrefix=prefix, MaxRecords=MOST_ALARMS
        )
        return {
            each["AlarmName"].removeprefix(prefix): _tells(each)
            for each in answer.get("MetricAlarms", [])
        }

    def _function(self, name: str) -> Function | None:
        try:
            answer = self._of("get_function_configuration", name)
        except MissingError:
            return None
        return Function(
            answer["FunctionArn"],
            answer.get("State") or "Active",
            answer.get("StateReason") or "no reason given",
            answer.get("LastModified") or "",
        )

    def _rule(self, name: str) -> EventRule:
        answer = self._asking.ask("events", "describe_rule", Name=name)
        wants = answer.get("ScheduleExpression") or answer.get("EventPattern") or ""
        return EventRule(name, answer.get("State") != "DISABLED", wants)

    def _of(self, operation: str, name: str) -> Any:
        return self._asking.ask("lambda", operation, FunctionName=self._full(name))

    def _full(self, name: str) -> str:
        return f"{self._deployment}-{name}"


def _tells(alarm: Mapping[str, Any]) -> bool:
    return bool(alarm.get("ActionsEnabled") and alarm.get("AlarmActions"))
