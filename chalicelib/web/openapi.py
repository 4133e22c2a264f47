"""The OpenAPI document: what every route takes and answers, made from what the code reads."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import Any, get_type_hints

from chalicelib import __version__
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import Summary
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.mutes import Mute
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.allow import Allow
from chalicelib.rules.routes import Route as Way
from chalicelib.rules.rule import Rule, Severity
from chalicelib.web import views
from chalicelib.web.answer import MESSAGES
from chalicelib.web.parameters import GROUPS, Parameter
from chalicelib.web.routes import JSON, ROUTES, Access, Route

_TIME = {"type": "string", "format": "date-time"}
_TEXT = {"type": "string"}
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}


def _enum(values: type[Enum]) -> dict[str, Any]:
    return {"type": "string", "enum": [each.value for each in values]}


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
_MET = {name: _TIME if name == "time" else _TEXT for name in views.MET}
# What came together; lists leave the members out.
_TOGETHER: dict[str, Any] = {
    "type": ["object", "null"],
    "properties": {
        **dict.fromkeys(("kind", "group", "belongs_to"), _TEXT),
        **{name: {"type": "integer"} for name in ("count", "distinct")},
        **dict.fromkeys(("first", "last"), _TIME),
        "more": {"type": "boolean"},
        "values": {"type": "array", "items": _TEXT},
        "members": {"type": "array", "items": {"type": "object", "properties": _MET}},
    },
}
# What a value of a type becomes in JSON; see views.as_json.
_SCHEMAS: dict[str, dict[str, Any]] = {
    "str": _TEXT,
    "str | None": {"type": ["string", "null"]},
    "bool": {"type": "boolean"},
    "bool | None": {"type": ["boolean", "null"]},
    "int": {"type": "integer"},
    "datetime": _TIME,
    "datetime | None": {"type": ["string", "null"], "format": "date-time"},
    "tuple[str, ...]": {"type": "array", "items": _TEXT},
    "Severity": _enum(Severity),
    "Severity | None": {"enum": [None, *_enum(Severity)["enum"]]},
    "Outcome": _enum(Outcome),
    "DeliveryState": _enum(DeliveryState),
    "Together | None": _TOGETHER,
    "Correlation | None": {"type": ["object", "null"]},
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
        "paths": {route.path: _operations(route) for route in ROUTES},
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "slack": {"type": "apiKey", "in": "header", "name": "X-Slack-Signature"},
            },
            "schemas": _components(),
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
        "description": f"Takes {parameter.takes}.",
        "schema": parameter.schema,
    }


def _error(status: int) -> dict[str, Any]:
    return {
        "description": MESSAGES[status][1],
        "content": {JSON: {"schema": _ref("Error")}},
    }


def _components() -> dict[str, Any]:
    delivery = _object(_typed(Delivery, views.DELIVERY) | {"mute_id": _SCHEMAS["str | None"]})
    in_list = _typed(Alert, views.ALERT) | {
        "acknowledged_by": _SCHEMAS["str | None"],
        "acknowledged_at": _SCHEMAS["datetime | None"],
        "deliveries": _list(delivery),
    }
    sent = delivery["properties"] | {
        name: {"type": ["string", "null"]} for name in views.DELIVERY_DETAILS
    }
    mute = _typed(Mute, views.MUTE) | {"by": _TEXT, "ended_by": _SCHEMAS["str | None"]}
    rule = _object(_typed(Rule, views.RULE))
    condition = _object({"text": _TEXT, "holds": _SCHEMAS["bool"]})
    details = in_list | {
        "deliveries": _list(_object(sent)),
        "rules": _list(_object(rule["properties"] | {"conditions": _list(condition)})),
        "mute": {"oneOf": [_object(mute), {"type": "null"}]},
        "cloudtrail_url": {"type": ["string", "null"]},
        "record": {"type": "object"},
    }
    rules = {
        "rules": _list(rule),
        "off": _list(rule),
        "allows": _list(_object(_typed(Allow, views.ALLOW))),
        "routes": _list(_object(_typed(Way, views.ROUTE))),
    }
    span = {"since": _TIME, "until": _TIME}
    return {
        "Error": _object({"code": _TEXT, "message": _TEXT}),
        "AlertPage": _object(
            {
                "alerts": _list(_object(in_list)),
                "next_cursor": {"type": ["string", "null"]},
                "searched_until": _SCHEMAS["datetime | None"],
            }
        ),
        "AlertDetails": _object(details),
        "Summary": _object(span | _typed(Summary, views.SUMMARY)),
        "Rules": _object(rules),
        "Mutes": _object({"mutes": _list(_object(mute | {"hidden": _SCHEMAS["int"]}))}),
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
    """A type as _SCHEMAS calls it, without its module."""
    if isinstance(hint, type) and not hasattr(hint, "__args__"):
        return hint.__name__
    return re.sub(r"\b[a-z]\w*\.", "", str(hint))


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
