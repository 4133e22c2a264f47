"""The OpenAPI document: what every route takes and answers, made from what the code reads."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from chalicelib import __version__
from chalicelib.web.answer import MESSAGES
from chalicelib.web.parameters import GROUPS, Parameter
from chalicelib.web.routes import JSON, ROUTES, Access, Route
from chalicelib.web.schemas import components

_TEXT = {"type": "string"}
SEVERAL = " May be given several times: any of them will do."
# The parts of paths.
_PARTS = {
    "name": {"type": "string", "pattern": "^[a-z]+\\.[a-z]+$"},
    "alert_id": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}
# What comes of who may ask.
_REFUSALS: dict[Access, tuple[int, ...]] = {
    Access.PUBLIC: (),
    Access.TOKEN: (401,),
    Access.SIGNED: (400, 401, 403, 404, 413, 415),
}


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Trailbell",
            "version": __version__,
            "description": "What people did to an AWS account, and whether it was told.",
        },
        "servers": [{"url": "./"}],
        "security": [{"token": []}],
        "paths": {route.path: _operations(route) for route in ROUTES},
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "slack": {"type": "apiKey", "in": "header", "name": "X-Slack-Signature"},
            },
            "schemas": components(),
        },
    }


def _operations(route: Route) -> dict[str, Any]:
    return {method.lower(): _operation(route) for method in route.methods}


def _operation(route: Route) -> dict[str, Any]:
    query = GROUPS[route.parameters] if route.parameters else ()
    parts = re.findall(r"{(\w+)}", route.path)
    operation = {
        "summary": route.summary,
        "parameters": [*map(_query, query), *map(_part, parts)],
        "responses": _responses(route),
    }
    if route.access is Access.TOKEN:
        return operation
    if route.access is Access.SIGNED:
        return operation | {"requestBody": _form(route.takes), "security": [{"slack": []}]}
    return operation | {"security": [{}, {"token": []}] if route.more_with_token else []}


def _responses(route: Route) -> dict[str, Any]:
    content = {kind: {"schema": _answer(route, kind)} for kind in route.content_types}
    is_signed = route.access is Access.SIGNED
    found = "Done, or what holds now" if is_signed else "Found"
    responses: dict[str, Any] = {"200": {"description": found, "content": content}}
    if not is_signed:
        responses["304"] = {"description": "As If-None-Match has it"}
    responses |= {str(status): _error(status) for status in _errors(route)}
    if route.unwell:
        responses["503"] = {"description": route.unwell, "content": content}
    return responses


def _answer(route: Route, kind: str) -> dict[str, Any]:
    if route.schema:
        return _ref(route.schema)
    return {"type": "object"} if kind == JSON else _TEXT


def _errors(route: Route) -> tuple[int, ...]:
    wrong_parameters = () if route.parameters is None else (400,)
    return (*wrong_parameters, *route.errors, 500, *_REFUSALS[route.access])


def _form(kind: str) -> dict[str, Any]:
    """A body of fields, whatever they are: Slack documents its own."""
    return {"required": True, "content": {kind: {"schema": {"type": "object"}}}}


def _part(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": _PARTS[name]}


def _query(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "description": f"Takes {parameter.takes}.{SEVERAL if parameter.many else ''}",
        "schema": parameter.schema,
    }


def _error(status: int) -> dict[str, Any]:
    return {
        "description": MESSAGES[status][1],
        "content": {JSON: {"schema": _ref("Error")}},
    }


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
