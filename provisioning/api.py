"""The API's throttling: what anybody may ask takes little of what functions share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.web.routes import ROUTES, Access
from provisioning.change import Call, Part
from provisioning.installation import Installation

API_STAGE = "api"  # .chalice/config.json's api_gateway_stage
# Requests a second, and at once, of each method by itself. All functions share an account's
# concurrency, 10 in a new one: three public methods at 5 a second that take 0.2 s hold 3 of them.
PUBLIC, OTHERS = (5.0, 10), (20.0, 40)
EVERY_METHOD = "*/*"


def throttling(at: Installation) -> list[Part]:
    """Limits on the stage that Chalice made, which outlast its deployments."""
    if at.api is None:
        return []
    stage = {"restApiId": at.api, "stageName": API_STAGE}
    wanted = limits()
    changes = [
        {"op": "replace", "path": f"/{method}/throttling/{name}", "value": f"{value:g}"}
        for method, pair in wanted.items()
        for name, value in zip(("rateLimit", "burstLimit"), pair, strict=True)
    ]
    read = Call(service="apigateway", operation="get_stage", parameters=stage)
    update = Call(
        service="apigateway",
        operation="update_stage",
        parameters={**stage, "patchOperations": changes},
    )
    return [
        Part(
            title=f"API {at.api}: throttling",
            why="a flood of what is public starves neither ingest nor Slack's clicks",
            read=read,
            see=lambda response: _seen(response, wanted),
            wanted={_plain(method): [*pair] for method, pair in wanted.items()},
            absent=("NotFoundException",),
            create=(update,),
            function=at.function(),
        )
    ]


def limits() -> dict[str, tuple[float, int]]:
    """By method, as UpdateStage names them: a path's slashes are ~1.

    Source: API Gateway API reference, "update-stage: patch operations".
    """
    public = {
        f"{route.path.replace('/', '~1')}/{method}": PUBLIC
        for route in ROUTES
        if route.access is Access.PUBLIC
        for method in route.methods
    }
    return {EVERY_METHOD: OTHERS, **public}


def _seen(response: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, list[Any]] | None:
    ours = {_plain(method) for method in wanted}
    found = {
        _plain(method): [one.get("throttlingRateLimit"), one.get("throttlingBurstLimit")]
        for method, one in response.get("methodSettings", {}).items()
        if _plain(method) in ours
    }
    return found or None


def throttled_besides(stage: Mapping[str, Any]) -> list[str]:
    """The methods of a stage that somebody else gave lower limits."""
    ours = {_plain(method) for method in limits()}
    there = stage.get("methodSettings", {})
    limited = [
        method
        for method in there
        if 0 <= there[method].get("throttlingRateLimit", -1.0) < OTHERS[0]
    ]
    return sorted(_plain(method) for method in limited if _plain(method) not in ours)


def _plain(method: str) -> str:
    """A method's key, whichever of its slashes are written as ~1."""
    return method.replace("~1", "/").strip("/")
