"""Asking AWS whether what CloudTrail writes still reaches us."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from chalicelib import aws
from chalicelib.monitoring.coverage import Trail, UpstreamError


def aws_upstream(deployment: str) -> AwsUpstream:
    """AWS, asked about the function of a deployment that takes CloudWatch Logs' batches."""
    return AwsUpstream(f"{deployment}-ingest_logs", aws.client)


class AwsUpstream:
    """AWS itself. `function` is the name of the Lambda that CloudWatch Logs invokes.

    `client(service)` makes a boto3 client; each is made when it is first needed.
    """

    def __init__(self, function: str, client: Callable[[str], Any]) -> None:
        self._function = function
        self._client = client

    def trails(self) -> list[Trail]:
        answer = self._ask("describe_trails", self._cloudtrail, includeShadowTrails=True)
        return [
            Trail(trail["TrailARN"], _group(trail["CloudWatchLogsLogGroupArn"]))
            for trail in answer.get("trailList", [])
            if trail.get("CloudWatchLogsLogGroupArn")
        ]

    def delivery(self, trail: Trail) -> tuple[datetime | None, str]:
        answer = self._ask("get_trail_status", self._cloudtrail, Name=trail.arn)
        error = answer.get("LatestCloudWatchLogsDeliveryError") or ""
        if answer.get("IsLogging") is False:
            error = error or "logging is stopped"
        return answer.get("LatestCloudWatchLogsDeliveryTime"), str(error)

    def filtered(self, log_group: str) -> bool:
        try:
            # A log group has two filters at most: one page.
            answer = self._ask("describe_subscription_filters", self._logs, logGroupName=log_group)
        except _MissingError:
            return False
        filters: Sequence[Mapping[str, str]] = answer.get("subscriptionFilters", [])
        ours = f":function:{self._function}"
        return any(each.get("destinationArn", "").endswith(ours) for each in filters)

    def permitted(self) -> bool:
        try:
            answer = self._ask("get_policy", self._lambda, FunctionName=self._function)
        except _MissingError:
            return False
        statements = json.loads(answer["Policy"]).get("Statement", [])
        return any(_lets_logs_in(statement) for statement in statements)

    def _ask(self, operation: str, client: Any, **arguments: Any) -> Any:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            return getattr(client, operation)(**arguments)
        except ClientError as error:
            code = aws.code_of(error)
            if code == "ResourceNotFoundException":
                raise _MissingError(operation) from error
            raise UpstreamError(f"{operation}: {code}") from error
        except BotoCoreError as error:
            raise UpstreamError(f"{operation}: {type(error).__name__}") from error

    @cached_property
    def _cloudtrail(self) -> Any:
        return self._client("cloudtrail")

    @cached_property
    def _logs(self) -> Any:
        return self._client("logs")

    @cached_property
    def _lambda(self) -> Any:
        return self._client("lambda")


class _MissingError(UpstreamError):
    """What was asked about does not exist."""


def _group(arn: str) -> str:
    """The name in arn:aws:logs:eu-central-1:111122223333:log-group:NAME:*."""
    return arn.split(":log-group:", 1)[-1].removesuffix(":*")


def _lets_logs_in(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    service = principal.get("Service", "") if isinstance(principal, dict) else ""
    logs = str(service).startswith("logs.") and str(service).endswith((".amazonaws.com", ".cn"))
    return statement.get("Effect") == "Allow" and logs
