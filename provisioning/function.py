"""What needs the deployed function: its failure destination, its permission, its filter."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from provisioning.change import Call, NotYet, Part
from provisioning.installation import Installation
from provisioning.log_groups import group_parts

RETRIES = 2
MAX_AGE_SECONDS = 6 * 60 * 60
FILTERS_PER_GROUP = 2
API_LOG_DAYS = 30
# Lambda tries the role's right to write to the destination, Logs its right to invoke.
ROLE_NOT_YET = (NotYet("InvalidParameterValueException", "does not have permissions"),)
PERMISSION_NOT_YET = (NotYet("InvalidParameterException", "Could not execute the lambda function"),)


def api_log(at: Installation) -> list[Part]:
    """The REST function's log group, whose retention Chalice would set on a wrong group."""
    name = f"/aws/lambda/{at.function()}"
    why = "the API's own log"
    return group_parts(at, name, why, days=API_LOG_DAYS, data=False, goes_after=at.function())


def failure_destination(at: Installation, name: str) -> Part:
    """A payload that failed three times is kept instead of dropped."""
    destination = {"OnFailure": {"Destination": at.failures_arn}}
    function = {"FunctionName": at.function(name)}
    limits = {"MaximumRetryAttempts": RETRIES, "MaximumEventAgeInSeconds": MAX_AGE_SECONDS}
    settings = {**function, **limits, "DestinationConfig": destination}
    return Part(
        title=f"Function {at.function(name)}: failure destination",
        why=f"after {RETRIES} retries the payload is kept in {at.failures}",
        read=_lambda("get_function_event_invoke_config", function),
        see=_invoke_config,
        wanted={**limits, "Destination": at.failures_arn},
        absent=("ResourceNotFoundException",),
        create=(_lambda("put_function_event_invoke_config", settings, not_yet=ROLE_NOT_YET),),
        remove=(_lambda("delete_function_event_invoke_config", function),),
        function=at.function(name),
    )


def _invoke_config(response: dict[str, Any]) -> dict[str, Any]:
    on_failure = response.get("DestinationConfig", {}).get("OnFailure", {})
    return {
        "MaximumRetryAttempts": response.get("MaximumRetryAttempts"),
        "MaximumEventAgeInSeconds": response.get("MaximumEventAgeInSeconds"),
        "Destination": on_failure.get("Destination"),
    }


def permission(at: Installation) -> Part:
    """CloudWatch Logs may invoke ingest_logs, for this log group of this account only."""
    # Named after the log group: a change of log group adds a second one, so none is ever missing.
    digest = hashlib.sha256(at.log_group.encode()).hexdigest()[:8]
    statement, source = f"logs-{digest}", f"{at.log_group_arn}:*"
    function = {"FunctionName": at.function("ingest_logs"), "StatementId": statement}
    grant = {
        **function,
        "Action": "lambda:InvokeFunction",
        "Principal": "logs.amazonaws.com",
        "SourceArn": source,
        "SourceAccount": at.account,
    }
    add = _lambda("add_permission", grant, done=("ResourceConflictException",))
    return Part(
        title=f"Function {at.function('ingest_logs')}: permission for {at.log_group}",
        why="without it CloudWatch Logs disables the filter and skips records",
        read=_lambda("get_policy", {"FunctionName": at.function("ingest_logs")}),
        see=lambda response: _granted(json.loads(response["Policy"]), statement),
        wanted={
            "Effect": "Allow",
            "Service": grant["Principal"],
            "Action": grant["Action"],
            "aws:sourcearn": source,
            "aws:sourceaccount": at.account,
        },
        absent=("ResourceNotFoundException",),
        create=(add,),
        change=(_lambda("remove_permission", function), add),
        remove=(_lambda("remove_permission", function),),
        function=at.function("ingest_logs"),
    )


def _granted(policy: dict[str, Any], sid: str) -> dict[str, Any] | None:
    """What the statement of that name lets in; AWS writes its conditions in a form of its own."""
    found = next((one for one in policy["Statement"] if one.get("Sid") == sid), None)
    if found is None:
        return None
    principal = found.get("Principal")
    conditions = {
        key.lower(): value
        for each in found.get("Condition", {}).values()
        for key, value in each.items()
    }
    return {
        "Effect": found.get("Effect"),
        "Service": principal.get("Service") if isinstance(principal, dict) else principal,
        "Action": found.get("Action"),
        **conditions,
    }


def subscription_filter(at: Installation, pattern: str, others: tuple[str, ...]) -> Part:
    """The one filter; `others` are the names of those that are not ours."""
    name = {"logGroupName": at.log_group, "filterName": at.deployment}
    wanted = {"filterPattern": pattern, "destinationArn": at.function_arn("ingest_logs")}
    put = Call(
        service="logs",
        operation="put_subscription_filter",
        parameters={**name, **wanted},
        not_yet=PERMISSION_NOT_YET,
    )
    return Part(
        title=f"Subscription filter {at.deployment} on {at.log_group}",
        why="sends the records that the rules can match to ingest_logs",
        read=_filters(at),
        see=lambda response: _ours(response, at.deployment, wanted),
        wanted=wanted,
        absent=("ResourceNotFoundException",),
        create=(put,),
        remove=(Call(service="logs", operation="delete_subscription_filter", parameters=name),),
        function=at.function("ingest_logs"),
        blocked=_slots_taken(at, others),
    )


def other_filters(at: Installation, filters: list[dict[str, Any]]) -> tuple[str, ...]:
    """The names of the log group's filters that are another's."""
    names = [one["filterName"] for one in filters]
    return tuple(name for name in names if name != at.deployment)


def listening_since(at: Installation, filters: list[dict[str, Any]]) -> datetime | None:
    """When our filter was made."""
    ours = next((one for one in filters if one["filterName"] == at.deployment), None)
    return datetime.fromtimestamp(ours["creationTime"] / 1000, UTC) if ours else None


def _filters(at: Installation) -> Call:
    return Call(
        service="logs",
        operation="describe_subscription_filters",
        parameters={"logGroupName": at.log_group},
    )


def _ours(response: dict[str, Any], name: str, wanted: dict[str, str]) -> dict[str, Any] | None:
    filters = response.get("subscriptionFilters", [])
    ours = next((one for one in filters if one["filterName"] == name), None)
    return {key: ours.get(key) for key in wanted} if ours else None


def _slots_taken(at: Installation, others: tuple[str, ...]) -> str | None:
    if len(others) < FILTERS_PER_GROUP:
        return None
    return (
        f"both filter slots of {at.log_group} are taken, by {' and '.join(others)}; neither is "
        "touched. Free one, or leave out --trail and --log-group for a log group of its own, or "
        "switch EventBridge on (docs/operating.md)"
    )


def _lambda(
    operation: str,
    parameters: dict[str, Any],
    *,
    not_yet: tuple[NotYet, ...] = (),
    done: tuple[str, ...] = (),
) -> Call:
    return Call(
        service="lambda", operation=operation, parameters=parameters, not_yet=not_yet, done=done
    )
