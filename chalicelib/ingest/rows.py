"""Rows of a query's result: of CloudWatch Logs Insights, and of CloudTrail Lake."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from chalicelib.ingest.json_text import PATIENT

# Lake writes an object as {key=value, key=value} without quotes, and a column's own keys small.
# Source: CloudTrail user guide, "Supported CloudTrail schema for event data store event records".
SMALL_KEYED = ("userIdentity", "addendum", "tlsDetails", "insightDetails")
OBJECTS = (
    *SMALL_KEYED,
    "requestParameters",
    "responseElements",
    "additionalEventData",
    "serviceEventDetails",
)
# Without these nobody could tell who did what, and whether it worked.
NEEDED = {
    *("eventVersion", "eventTime", "eventSource", "eventName", "userIdentity", "errorCode"),
    *("requestParameters", "responseElements", "additionalEventData"),
}
SPELT = """
type principalId userName accountId accessKeyId sessionContext sessionIssuer invokedBy
identityProvider identityStoreArn onBehalfOf userId inScopeOf credentialId attributes
creationDate mfaAuthenticated webIdFederationData federatedProvider sourceIdentity
ec2RoleDelivery ec2IssuedInVpc assumedRoot tlsVersion cipherSuite
clientProvidedHostHeader reason updatedFields originalRequestID originalEventID
"""
KEY = re.compile(r"\s*([\w.:/-]+)=")
# A value ends where the object does, or where the next key begins.
END = re.compile(r"[^{}\[\]]*?(?=\}|, [\w.:/-]+=)")
MAX_DEPTH = 8
AMBIGUOUS = "a row of CloudTrail Lake whose columns are ambiguous: select eventJson"


class RowError(ValueError):
    """A row that does not hold its record; says what would."""


def insights_row(items: list[Any]) -> dict[str, Any] | None:
    """`[{"field": …, "value": …}, …]` of get-query-results as one object, None if it is none."""
    if not items or not all(isinstance(each, dict) and "field" in each for each in items):
        return None
    return {str(each["field"]): each.get("value") for each in items}


def lake_row(row: Any) -> dict[str, Any] | str:
    """The record of one of `QueryResultRows`: its text from eventJson, else its columns.

    Raises RowError.
    """
    cells = row if isinstance(row, list) else [row]
    if not all(isinstance(cell, dict) for cell in cells):
        raise RowError("a row that is none of CloudTrail Lake")
    columns = {key: value for cell in cells for key, value in cell.items()}
    original = columns.get("eventJson", columns.get("eventjson"))
    return original if isinstance(original, str) else _record(columns)


def _record(columns: dict[str, Any]) -> dict[str, Any]:
    if not columns.keys() >= NEEDED:
        raise RowError("a row of CloudTrail Lake without its record: select eventJson")
    return {key: _column(key, value) for key, value in columns.items() if _is_there(value)}


def _is_there(value: Any) -> bool:
    return value not in ("", "null", None)


def _column(key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if key == "resources":
        return None
    if key not in OBJECTS:
        return {"true": True, "false": False}.get(value, value)
    found, end = _object(value, 0, 0)
    if not value.startswith("{") or value[end:].strip():
        raise RowError(AMBIGUOUS)
    return _spelt(found, _spellings()) if key in SMALL_KEYED else found


@cache
def _spellings() -> dict[str, str]:
    return {key.lower(): key for key in SPELT.split()}


def _spelt(value: Any, keys: dict[str, str]) -> Any:
    if not isinstance(value, dict):
        return value
    return {keys.get(key, key): _spelt(inner, keys) for key, inner in value.items()}


def _object(text: str, start: int, depth: int) -> tuple[dict[str, Any], int]:
    """`{key=value, …}` from its brace on, and the place behind it."""
    found: dict[str, Any] = {}
    at = start + 1
    while key := KEY.match(text, at):
        value, at = _value(text, key.end(), depth + 1)
        if _is_there(value):
            found[key[1]] = value
        at += text.startswith(",", at)
    if depth > MAX_DEPTH or not text.startswith("}", at):
        raise RowError(AMBIGUOUS)
    return found, at + 1


def _value(text: str, at: int, depth: int) -> tuple[Any, int]:
    if text.startswith(("{", "["), at):
        try:
            return PATIENT.raw_decode(text, at)
        except (ValueError, RecursionError):
            if depth <= MAX_DEPTH and text[at] == "{":
                return _object(text, at, depth)
    plain = END.match(text, at)
    if plain is None or depth > MAX_DEPTH:
        raise RowError(AMBIGUOUS)
    return plain[0], plain.end()
