"""Asking AWS whether what CloudTrail writes still reaches us."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.monitoring import selectors
from chalicelib.monitoring.asking import Asking, MissingError
from chalicelib.monitoring.upstream import Delivery, Filter, Trail


class AwsUpstream:
    """AWS itself. `function` is the name of the Lambda that CloudWatch Logs invokes."""

    def __init__(self, function: str, asking: Asking) -> None:
        self._function = function
        self._asking = asking
        self._filters = dict[str, list[Filter]]()

    def trails(self) -> list[Trail]:
        answer = self._asking.ask("cloudtrail", "describe_trails", includeShadowTrails=True)
        return [
            Trail(
                trail["TrailARN"],
                _group(trail["CloudWatchLogsLogGroupArn"]),
                every_region=trail.get("IsMultiRegionTrail", True),
                key=trail.get("KmsKeyId") or "",
            )
            for trail in answer.get("trailList", [])
            if trail.get("CloudWatchLogsLogGroupArn")
        ]

    def delivery(self, trail: Trail) -> Delivery:
        answer = self._asking.ask("cloudtrail", "get_trail_status", Name=trail.arn)
        error = answer.get("LatestCloudWatchLogsDeliveryError") or ""
        if answer.get("IsLogging") is False:
            error = error or "logging is stopped"
        # Source: CloudTrail API reference, GetTrailStatus.
        latest, began = (
            answer.get("LatestCloudWatchLogsDeliveryTime"),
            answer.get("StartLoggingTime"),
        )
        return Delivery(latest, str(error), began)

    def left_out(self, trail: Trail) -> tuple[str, ...] | None:
        answer = self._asking.ask("cloudtrail", "get_event_selectors", TrailName=trail.arn)
        return selectors.left_out(answer)

    def filters(self, log_group: str) -> list[Filter]:
        if log_group not in self._filters:
            self._filters[log_group] = self._filters_of(log_group)
        return self._filters[log_group]

    def permitted(self) -> bool:
        return may_invoke(self._asking, self._function, "logs")

    def _filters_of(self, log_group: str) -> list[Filter]:
        try:
            # A log group has two filters at most: one page.
            answer = self._asking.ask(
                "logs", "describe_subscription_filters", logGroupName=log_group
            )
        except MissingError:
            return []
        ours = f":function:{self._function}"
        return [
            Filter(
                each.get("filterName", ""),
                each.get("destinationArn", ""),
                each.get("destinationArn", "").endswith(ours),
                each.get("filterPattern", ""),
            )
            for each in answer.get("subscriptionFilters", [])
        ]


def may_invoke(asking: Asking, function: str, service: str) -> bool:
    """Whether the function's policy lets a service in: "logs" is logs.amazonaws.com or the like."""
    try:
        answer = asking.ask("lambda", "get_policy", FunctionName=function)
    except MissingError:
        return False
    statements = json.loads(answer["Policy"]).get("Statement", [])
    return any(_lets_in(statement, service) for statement in statements)


def _group(arn: str) -> str:
    """The name in arn:aws:logs:eu-central-1:111122223333:log-group:NAME:*."""
    return arn.split(":log-group:", 1)[-1].removesuffix(":*")


def _lets_in(statement: Mapping[str, Any], wanted: str) -> bool:
    principal = statement.get("Principal")
    service = str(principal.get("Service", "")) if isinstance(principal, dict) else ""
    named = service.startswith(f"{wanted}.") and service.endswith((".amazonaws.com", ".cn"))
    return statement.get("Effect") == "Allow" and named
