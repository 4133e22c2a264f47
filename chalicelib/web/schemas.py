"""What the API's answers are made of, as JSON Schema: of the types that the code answers with."""

from __future__ import annotations

import re
from enum import Enum
from typing import Any, get_type_hints

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import Summary
from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.mutes import Mute
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.allow import Allow
from chalicelib.rules.routes import Route as Way
from chalicelib.rules.rule import Rule, Severity
from chalicelib.web import views
from chalicelib.web.charts import BUCKETS

_TIME = {"type": "string", "format": "date-time"}
_TEXT = {"type": "string"}
_COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}


def _enum(values: type[Enum]) -> dict[str, Any]:
    return {"type": "string", "enum": [each.value for each in values]}


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


def components() -> dict[str, Any]:
    """Every schema that answers refer to, by name."""
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
    when = {
        "last_matched": _SCHEMAS["datetime | None"],
        "last_alert_id": _SCHEMAS["str | None"],
    }
    told = _object(rule["properties"] | when)
    rules = {
        "rules": _list(told),
        "off": _list(told),
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
        **_stories(_object(in_list)),
        "Summary": _object(span | _typed(Summary, views.SUMMARY)),
        "Rules": _object(rules),
        "Mutes": _object({"mutes": _list(_object(mute | {"hidden": _SCHEMAS["int"]}))}),
        "Health": {
            "type": "object",
            "properties": {"status": {"enum": ["green", "amber", "red"]}, "version": _TEXT},
            "required": ["status", "version"],
        },
    }


def _stories(in_list: dict[str, Any]) -> dict[str, Any]:
    """Actors, sessions and charts."""
    whole = {"type": "integer", "minimum": 0}
    counted = {
        "alerts": whole,
        "refused": whole,
        "highest": _enum(Severity),
        "first": _TIME,
        "last": _TIME,
        "source_ips": {"type": "array", "items": _TEXT},
    }
    known = ("principal", "actor", "actor_type", "actor_detail", "account_id", "account_name")
    whom = dict.fromkeys(known, _TEXT) | counted
    ends = {
        "next_cursor": _SCHEMAS["str | None"],
        "searched_until": _SCHEMAS["datetime | None"],
    }
    sessions = _list(_object(counted | {"id": _TEXT}))
    levels = {level.value: whole for level in Severity}
    chart = {
        "hours": {"enum": list(BUCKETS)},
        "from": _TIME,
        "to": _TIME,
        "bucket_hours": whole,
        "searched_until": _SCHEMAS["datetime | None"],
        "buckets": _list(_object({"from": _TIME, "to": _TIME} | levels)),
    }
    story = {"session": _object(whom | {"id": _TEXT}), "alerts": _list(in_list)}
    return {
        "Actors": _object({"actors": _list(_object(whom | {"sessions": sessions}))} | ends),
        "SessionStory": _object(story | {"more": _SCHEMAS["bool"]}),
        "Chart": _object(chart),
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
