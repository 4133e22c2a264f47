"""Starts MiniStack with the gaps closed that stand in our way, by its own code or by ours.

    GATEWAY_PORT=4566 BIND_HOST=127.0.0.1 .venv-emulator/bin/python -m tests.e2e.emulator

It runs in the emulator's virtual environment. Since it patches in process, MiniStack's version is
pinned. Its subscription filters run *our* matcher: a pattern that AWS reads otherwise would pass
here, which is why `setup_resources.py test-alert` sends a canary through the real CloudTrail.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ministack.app import main
from ministack.services import apigateway_v1, cloudtrail, cloudwatch_logs, lambda_svc, s3

from chalicelib.rules.filter_pattern import compile_pattern

Answer = tuple[int, dict[str, str], bytes]


def import_whole_apis() -> None:
    """ImportRestApi ignores its body and PutRestApi is unknown; Chalice deploys with both."""
    known: Callable[..., Any] = apigateway_v1.handle_request

    async def handle(method: str, path: str, headers: Any, body: Any, query: Any) -> Any:
        parts = [part for part in path.split("/") if part]
        mode = query.get("mode", "")
        mode = mode[0] if isinstance(mode, list) else mode
        if (method, mode) == ("POST", "import"):
            api_id = apigateway_v1._import_rest_api(json.loads(body))
            return _created(apigateway_v1._get_rest_api(api_id))
        if parts[:1] == ["restapis"] and (method, len(parts)) == ("PUT", 2):
            return _overwrite(parts[1], json.loads(body))
        if parts[:1] == ["restapis"] and method == "PATCH":
            body = _without_blanks(json.loads(body))
        return await known(method, path, headers, body, query)

    apigateway_v1.handle_request = handle


def _without_blanks(patch: dict[str, Any]) -> bytes:
    """Chalice sends "" for a compression size that is not set; AWS takes it as none."""
    operations = [one for one in patch["patchOperations"] if one.get("value") != ""]
    return json.dumps({"patchOperations": operations}).encode()


def _created(answer: Answer) -> Answer:
    return (201, *answer[1:])


def _overwrite(api_id: str, spec: dict[str, Any]) -> Answer:
    resources = apigateway_v1._resources[api_id]
    for resource_id in [key for key, one in resources.items() if one["path"] != "/"]:
        del resources[resource_id]
    schemes = apigateway_v1._import_security_schemes(api_id, spec)
    for path, item in spec["paths"].items():
        apigateway_v1._import_path_item(api_id, path, item, schemes, spec.get("security"))
    answer: Answer = apigateway_v1._get_rest_api(api_id)
    return answer


def match_with_our_own_matcher() -> None:
    """MiniStack looks for the pattern's words in the text."""

    def matches(pattern: str, message: str) -> bool:
        return not pattern.strip() or compile_pattern(pattern).matches(message)

    cloudwatch_logs._subscription_pattern_matches = matches


def retry_deliveries() -> None:
    """What a filter or an event rule delivers is one execution there; AWS retries it."""
    execute = lambda_svc._execute_function_with_config_scope

    def deliver(function: dict[str, Any], event: dict[str, Any]) -> Any:
        scheduled = event.get("detail-type") == "Scheduled Event"  # invoked for its answer
        if "awslogs" in event or ("detail-type" in event and not scheduled):
            return lambda_svc.invoke_async_with_retry(function, event)
        return execute(function, event)

    lambda_svc._execute_function_with_config_scope = deliver


def keep_failures_in_s3() -> None:
    """Failure destinations are SQS, SNS and Lambda there; AWS knows S3 too.

    Source of the key: Lambda developer guide, "Capturing records of asynchronous invocations".
    """
    route = lambda_svc._route_async_failure

    def keep(target: str, function: str, event: dict[str, Any], result: dict[str, Any]) -> None:
        if ":s3:::" not in target:
            route(target, function, event, result)
            return
        now = datetime.now(UTC)
        name = f"{now:%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}"
        key = f"aws/lambda/async/{function}/{now:%Y/%m/%d}/{name}"
        body = json.dumps(_envelope(function, event, result)).encode()
        s3._put_object(target.split(":::")[1], key, body, {"content-type": "application/json"})

    lambda_svc._route_async_failure = keep


def _envelope(function: str, event: dict[str, Any], result: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": "1.0",
        "timestamp": datetime.now(UTC).isoformat(),
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": lambda_svc._functions[function]["config"]["FunctionArn"],
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3,
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "functionError": "Unhandled"},
        "responsePayload": result.get("body"),
    }


def keep_the_trails_log_group() -> None:
    """CreateTrail forgets its log group and role; UpdateTrail does not."""
    create = cloudtrail._create_trail

    def create_whole(body: dict[str, Any]) -> Any:
        answer = create(body)
        if answer[0] == 200:
            kept = ("CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn")
            cloudtrail._trails[body["Name"]] |= {key: body[key] for key in kept if key in body}
        return answer

    cloudtrail._DISPATCH["CreateTrail"] = create_whole


if __name__ == "__main__":
    import_whole_apis()
    match_with_our_own_matcher()
    retry_deliveries()
    keep_failures_in_s3()
    keep_the_trails_log_group()
    main()
