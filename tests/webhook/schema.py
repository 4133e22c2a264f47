"""The published schema of OCSF's Detection Finding, as the package ocsf-json-schema carries it."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema_rs
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema


@cache
def _validator() -> Any:
    schema = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.6.0"))
    return jsonschema_rs.validator_for(schema.get_class_schema("detection_finding", ["cloud"]))


def wrong_with(finding: dict[str, Any]) -> list[str]:
    """What the schema says against it."""
    errors = _validator().iter_errors(finding)
    return [f"{error.instance_path}: {error.message}" for error in errors]
