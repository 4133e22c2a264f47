"""What `chalice deploy` made: whether functions and API are still as .chalice/config.json says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws import code_of
from provisioning.api import API_STAGE, throttled_besides
from provisioning.aws import Aws
from provisioning.change import Call
from provisioning.errors import DENIED, OperatorError, explain, is_denied
from provisioning.function_roles import REST
from provisioning.installation import Installation
from provisioning.permissions import of_call
from provisioning.rows import Row, State, deploy_step, difference_of, unreadable
from provisioning.survey import Survey

ENDPOINT = "REGIONAL"  # of .chalice/config.json; GovCloud and China have no other
# Lambda's names of what config.json says. Source: Chalice's documentation, "Configuration file".
API_POLICY = "api_gateway_policy_file"
CONFIGURED = {"lambda_memory_size": "MemorySize", "lambda_timeout": "Timeout"}


def function_rows(seen: Survey, config: Mapping[str, Any]) -> Iterator[Row]:
    """A row for each function's settings, where it is there."""
    at = seen.at
    for name, options in config.get("lambda_functions", {}).items():
        full = at.function(None if name == REST else name)
        if full in seen.unread:
            yield unreadable(f"Function {full}: settings", f"lambda:{seen.unread[full]}")
        elif full in seen.functions:
            wanted = _wanted(name, options, config)
            yield _settings(at, full, wanted, seen.functions[full])


def concurrency_rows(aws: Aws, seen: Survey, config: Mapping[str, Any]) -> Iterator[Row]:
    """A row for each function that reserves some of the account's concurrency."""
    at = seen.at
    for name, options in config.get("lambda_functions", {}).items():
        full, wanted = at.function(None if name == REST else name), reserved(options)
        if not wanted or full not in seen.functions:
            continue
        part, asked = f"Function {full}: reserved concurrency", {"FunctionName": full}
        get = Call(service="lambda", operation="get_function_concurrency", parameters=asked)
        try:
            found = aws.read(get).get("ReservedConcurrentExecutions")
        except OperatorError as error:
            if not is_denied(error):
                raise
            yield unreadable(part, "lambda:GetFunctionConcurrency")
            continue
        if found == wanted:
            yield Row(part, State.OK)
        else:
            how = difference_of(wanted, found)
            yield Row(part, State.DIFFERS if found else State.MISSING, how, deploy_step(at))


def reserved(options: Mapping[str, Any]) -> int:
    """What a function's part of .chalice/config.json reserves; 0 where it says nothing."""
    return int(options.get("reserved_concurrency") or 0)


def _wanted(name: str, options: Mapping[str, Any], config: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**config, **options}
    numbers = {theirs: merged[ours] for ours, theirs in CONFIGURED.items() if ours in merged}
    variables = {
        **config.get("environment_variables", {}),
        **options.get("environment_variables", {}),
    }
    traced = {"TracingConfig": {"Mode": "Active"}} if merged.get("xray") is True else {}
    handler = "app.app" if name == REST else f"app.{name}"
    return {
        **numbers,
        **traced,
        "Handler": handler,
        "Environment": {key: str(variables[key]) for key in variables},
    }


def _settings(
    at: Installation, full: str, wanted: Mapping[str, Any], found: Mapping[str, Any]
) -> Row:
    environment = found.get("Environment", {}).get("Variables", {})
    present = {**{key: found.get(key) for key in wanted}, "Environment": environment}
    part = f"Function {full}: settings"
    if present == wanted:
        return Row(part, State.OK)
    return Row(part, State.DIFFERS, difference_of(wanted, present), deploy_step(at))


def api_rows(aws: Aws, seen: Survey, config: Mapping[str, Any]) -> Iterator[Row]:
    """The API and its stage."""
    at = seen.at
    if "the API" in seen.unread:
        yield unreadable("API", f"lambda:{seen.unread['the API']}")
    elif at.function() in seen.functions and at.api is None:
        how = f"no API may invoke {at.function()}"
        yield Row("API", State.MISSING, how, deploy_step(at))
    elif at.api:
        api = {"restApiId": at.api}
        get = Call(service="apigateway", operation="get_rest_api", parameters=api)
        yield _answer(aws, at, f"API {at.api}", get, closed=not config.get(API_POLICY))
        stage = {**api, "stageName": API_STAGE}
        get = Call(service="apigateway", operation="get_stage", parameters=stage)
        yield _answer(aws, at, f"API {at.api}: stage {API_STAGE}", get)


def _answer(aws: Aws, at: Installation, part: str, call: Call, *, closed: bool = False) -> Row:
    """`closed` is whether a policy on it would be another's, who lets in whom they like."""
    try:
        found = aws.send(call)
    except ClientError as error:
        if code_of(error) == "NotFoundException":
            return Row(part, State.MISSING, "", deploy_step(at))
        if code_of(error) in DENIED:
            return unreadable(part, ", ".join(of_call(call)))
        raise explain(error, f"reading the {part}") from error
    kinds = found.get("endpointConfiguration", {}).get("types", [ENDPOINT])
    if kinds != [ENDPOINT]:
        return Row(
            part, State.DIFFERS, f"it is {', '.join(kinds)}, not {ENDPOINT}", deploy_step(at)
        )
    if found.get("disableExecuteApiEndpoint"):
        return Row(part, State.DIFFERS, "its own address is switched off", deploy_step(at))
    if closed and found.get("policy"):
        how = "it has a policy that says who may call it"
        return Row(part, State.DIFFERS, how, f"{API_POLICY} of .chalice/config.json, or remove it")
    if slowed := throttled_besides(found):
        step = "aws apigateway update-stage --patch-operations op=remove,path=/METHOD"
        return Row(part, State.DIFFERS, f"limits of their own: {', '.join(slowed)}", step)
    return Row(part, State.OK)
