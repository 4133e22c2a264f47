"""Survey: everything that is read before anything is planned."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws import code_of
from chalicelib.settings import FUNCTIONS
from provisioning.adoption import adopting
from provisioning.aws import Aws
from provisioning.change import Call, Found, Part
from provisioning.errors import OperatorError, explain
from provisioning.function import listening_since, other_filters
from provisioning.installation import Choices, Installation, choices_from_json
from provisioning.parameters import Values, memory, public_url
from provisioning.parts import former, parts
from provisioning.trail_files import made_since
from provisioning.trails import Trail, existing

API_STAGE = "api"  # .chalice/config.json's api_gateway_stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the operator asked for: choices given now, values, and the derived filter pattern.

    `deployed_here` is whether Chalice knows in this clone what it deployed.
    """

    app: str
    stage: str
    given: Mapping[str, Any]
    values: Values
    pattern: str
    deployed_here: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What there is. `functions` are Lambda's configurations of those deployed, by name;
    `found` is what was seen of each of `parts` and of `former`, by title. `listening_since` is
    when our filter, or the queue that tells of files, was made.
    """

    at: Installation
    trails: list[Trail]
    functions: Mapping[str, dict[str, Any]]
    public_url: str | None
    pattern: str
    other_filters: tuple[str, ...]
    listening_since: datetime | None
    parts: list[Part]
    former: list[Part]
    found: Found


def survey(aws: Aws, request: Request) -> Survey:
    """Read all of it; changes nothing. Raises OperatorError."""
    start = _installation(aws, request)
    trails = existing(aws)
    at = adopting(aws, start, trails)
    functions = _functions(aws, at)
    url = _public_url(aws, at, request.values, functions)
    values = replace(request.values, public_url=url)
    pattern = at.choices.filter_pattern or request.pattern
    filters = _filters(aws, at)
    others = other_filters(at, filters)
    wanted = parts(at, values, frozenset(functions), pattern, others)
    left = former(at, frozenset(functions))
    return Survey(
        at=at,
        trails=trails,
        functions=functions,
        public_url=url,
        pattern=pattern,
        other_filters=others,
        listening_since=made_since(aws, at) if at.reads_files else listening_since(at, filters),
        parts=wanted,
        former=left,
        found=aws.look_at_all([*wanted, *left]),
    )


def _installation(aws: Aws, request: Request) -> Installation:
    identity = aws.read(Call(service="sts", operation="get_caller_identity"))
    start = Installation(
        app=request.app,
        stage=request.stage,
        partition=identity["Arn"].split(":")[1],
        account=identity["Account"],
        region=aws.region,
        choices=Choices(),
    )
    return replace(start, choices=_kept(aws, start).updated(request.given))


def _kept(aws: Aws, at: Installation) -> Choices:
    """The choices of earlier runs."""
    kept = aws.look(memory(at))
    try:
        return choices_from_json(kept) if kept else Choices()
    except ValueError as error:
        name = at.parameter("installation")
        raise OperatorError(
            f"{name} holds no choices of apply's ({error}): aws ssm delete-parameter --name "
            f"{name}, then apply with the options that you want"
        ) from error


def _functions(aws: Aws, at: Installation) -> dict[str, dict[str, Any]]:
    found = {}
    for name in (None, *FUNCTIONS):
        function = at.function(name)
        call = Call(
            service="lambda",
            operation="get_function_configuration",
            parameters={"FunctionName": function},
        )
        try:
            found[function] = aws.send(call)
        except ClientError as error:
            if code_of(error) != "ResourceNotFoundException":
                raise explain(error, f"reading the function {function}") from error
    return found


def _filters(aws: Aws, at: Installation) -> list[dict[str, Any]]:
    call = Call(
        service="logs",
        operation="describe_subscription_filters",
        parameters={"logGroupName": at.log_group},
    )
    try:
        return list(aws.send(call)["subscriptionFilters"])
    except ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            return []
        raise explain(error, f"reading the filters of {at.log_group}") from error


def _public_url(
    aws: Aws, at: Installation, values: Values, functions: Mapping[str, Any]
) -> str | None:
    """The given address; else API Gateway's, unless somebody set another one."""
    if values.public_url is not None or at.function() not in functions:
        return values.public_url
    kept = aws.look(public_url(at, None))
    if kept is not None and ".execute-api." not in kept:
        return None
    api = _rest_api(aws, at)
    suffix = "amazonaws.com.cn" if at.partition == "aws-cn" else "amazonaws.com"
    return f"https://{api}.execute-api.{at.region}.{suffix}/{API_STAGE}/" if api else None


def _rest_api(aws: Aws, at: Installation) -> str | None:
    """Chalice names the API of every stage alike; which is ours, the function's policy says."""
    call = Call(
        service="lambda", operation="get_policy", parameters={"FunctionName": at.function()}
    )
    try:
        policy = json.loads(aws.send(call)["Policy"])
    except ClientError as error:
        if code_of(error) == "ResourceNotFoundException":
            return None
        raise explain(error, f"reading the policy of {at.function()}") from error
    found = re.findall(r":execute-api:[^:]+:[^:]+:([^/]+)/", json.dumps(policy))
    return str(found[-1]) if found else None
