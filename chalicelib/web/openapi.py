"""The OpenAPI document: what every route takes and answers, made from what the code reads."""

from __future__ import annotations

from functools import cache
from typing import Any, get_type_hints

from chalicelib import __version__
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import Summary
from chalicelib.alerts.delivery import Delivery
from chalicelib.rules.rule import Rule
from chalicelib.web import views
from chalicelib.web.answer import MESSAGES
from chalicelib.web.parameters import HOURS, LIST, ROWS, Parameter

JSON = "application/json"
_TIME = {"type": "string", "format": "date-time"}
_TEXT = {"type": "string"}
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
# What a value of a type becomes in JSON; see views.plain.
_SCHEMAS: dict[str, dict[str, Any]] = {
    "str": _TEXT,
    "str | None": {"type": ["string", "null"]},
    "bool": {"type": "boolean"},
    "bool | None": {"type": ["boolean", "null"]},
    "int": {"type": "integer"},
    "datetime": _TIME,
    "datetime | None": {"type": ["string", "null"], "format": "date-time"},
    "tuple[str, ...]": {"type": "array", "items": _TEXT},
    "Severity": {"type": "string", "enum": ["info", "low", "medium", "high", "critical"]},
    "DeliveryState": {
        "type": "string",
        "enum": ["pending", "sending", "sent", "uncertain", "parked"],
    },
    "dict[str, int]": _COUNTS,
    "dict[str, dict[str, int]]": {"type": "object", "additionalProperties": _COUNTS},
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
        "paths": _paths(),
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": _components(),
        },
    }


def _paths() -> dict[str, Any]:
    return {
        "/": _route("The status page", {"text/html": _TEXT}, public=True),
        "/assets/{name}": _route(
            "The page's stylesheet and script",
            {"text/css": _TEXT, "text/javascript": _TEXT},
            errors=(404,),
            path=("name", {"type": "string", "pattern": "^[a-z]+\\.[a-z]+$"}),
            public=True,
        ),
        "/health": _health(),
        "/openapi.json": _route("This document", {JSON: {"type": "object"}}),
        "/alerts": _route(
            "Alerts, newest first", {JSON: _ref("AlertPage")}, errors=(400, 503), query=LIST
        ),
        "/alerts.csv": _route(
            "Alerts as CSV, newest first; X-Next-Cursor where there are more",
            {"text/csv": _TEXT},
            errors=(400, 503),
            query=ROWS,
        ),
        "/alerts/{alert_id}": _route(
            "All that is known of one alert",
            {JSON: _ref("AlertDetails")},
            errors=(400, 404, 503),
            path=("alert_id", {"type": "string", "pattern": "^[0-9a-f]{32}$"}),
        ),
        "/summary": _route(
            "Counts over whole hours, the running one included",
            {JSON: _ref("Summary")},
            errors=(400, 503),
            query=HOURS,
        ),
        "/rules": _route("What is watched", {JSON: _ref("Rules")}, errors=(400, 503)),
    }


def _health() -> dict[str, Any]:
    health = {JSON: {"schema": _ref("Health")}}
    route = _route("Whether Trailbell is well", {JSON: _ref("Health")}, errors=(400,), public=True)
    route["get"]["security"] = [{}, {"token": []}]
    route["get"]["responses"]["503"] = {"description": "It is not: red", "content": health}
    return route


def _route(
    summary: str,
    content: dict[str, Any],
    *,
    errors: tuple[int, ...] = (),
    query: tuple[Parameter, ...] = (),
    path: tuple[str, dict[str, Any]] | None = None,
    public: bool = False,
) -> dict[str, Any]:
    parameters = [_query(parameter) for parameter in query]
    if path:
        parameters.append({"name": path[0], "in": "path", "required": True, "schema": path[1]})
    answered = {kind: {"schema": schema} for kind, schema in content.items()}
    responses: dict[str, Any] = {
        "200": {"description": "Found", "content": answered},
        "304": {"description": "As If-None-Match has it"},
    }
    for status in (*errors, 500, *(() if public else (401,))):
        responses[str(status)] = _error(status)
    operation = {"summary": summary, "parameters": parameters, "responses": responses}
    return {"get": operation | ({"security": []} if public else {})}


def _query(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": "query",
        "description": f"Takes {parameter.takes}.",
        "schema": parameter.schema,
    }


def _error(status: int) -> dict[str, Any]:
    return {
        "description": MESSAGES[status][1],
        "content": {JSON: {"schema": _ref("Error")}},
    }


def _components() -> dict[str, Any]:
    delivery = _object(_typed(Delivery, views.DELIVERY))
    listed = _typed(Alert, views.ALERT) | {"deliveries": _list(delivery)}
    sent = delivery["properties"] | {
        name: {"type": ["string", "null"]} for name in views.DELIVERY_DETAILS
    }
    rule = _object(_typed(Rule, views.RULE))
    condition = _object({"text": _TEXT, "holds": _SCHEMAS["bool"]})
    details = listed | {
        "deliveries": _list(_object(sent)),
        "rules": _list(_object(rule["properties"] | {"conditions": _list(condition)})),
        "cloudtrail_url": {"type": ["string", "null"]},
        "record": {"type": "object"},
    }
    span = {"since": _TIME, "until": _TIME}
    return {
        "Error": _object({"code": _TEXT, "message": _TEXT}),
        "AlertPage": _object(
            {
                "alerts": _list(_object(listed)),
                "next_cursor": {"type": ["string", "null"]},
                "searched_until": _SCHEMAS["datetime | None"],
            }
        ),
        "AlertDetails": _object(details),
        "Summary": _object(span | _typed(Summary, views.SUMMARY)),
        "Rules": _object({"rules": _list(rule)}),
        "Health": {
            "type": "object",
            "properties": {"status": {"enum": ["green", "amber", "red"]}, "version": _TEXT},
            "required": ["status", "version"],
        },
    }


def _typed(kind: type, names: tuple[str, ...]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: _SCHEMAS[_named(hints[name])] for name in names}


def _named(hint: Any) -> str:
    return (
        hint.__name__
        if isinstance(hint, type) and not hasattr(hint, "__args__")
        else (str(hint).replace("datetime.datetime", "datetime"))
    )


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}
