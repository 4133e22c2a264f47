"""Query parameters: what each takes, read strictly, and said again in the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalice.app import MultiDict

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.cloudtrail.record import parse_time
from chalicelib.rules.rule import Severity

MAX_LIMIT, DEFAULT_LIMIT = 200, 50
MAX_HOURS, DEFAULT_HOURS = 24 * 31, 24
# 5,000 rows are 2–3 MB; Lambda answers with 6 MB at most.
MAX_ROWS, DEFAULT_ROWS = 5_000, 1_000
MIN_Q, MAX_TEXT = 3, 256
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)


class ParameterError(ValueError):
    """A query parameter that cannot be used; says which one and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One query parameter: `read` turns its text into a value or raises ValueError; `takes`
    says in an error and in the documentation what it may be.
    """

    name: str
    takes: str
    read: Callable[[str], Any]
    schema: dict[str, Any] = field(default_factory=dict)
    default: Any = None


def read_parameters(parameters: tuple[Parameter, ...], given: MultiDict | None) -> dict[str, Any]:
    """The value of every parameter, by name. Raises ParameterError."""
    known = {parameter.name for parameter in parameters}
    for name in given or ():
        if name not in known:
            takes = ", ".join(sorted(known)) or "none"
            raise ParameterError(f"there is no parameter {name[:50]!r}; there are: {takes}")
    return {parameter.name: _read(parameter, given) for parameter in parameters}


def alert_query(values: Mapping[str, Any]) -> AlertQuery:
    """The filters among the values of FILTERS."""
    return AlertQuery(
        since=values["since"],
        until=values["until"],
        severity=values["severity"],
        actor=values["actor"],
        event_name=values["event_name"],
        account=values["account"],
        state=values["state"],
        acknowledged=values["acknowledged"],
        text=values["q"],
    )


def _read(parameter: Parameter, given: MultiDict | None) -> Any:
    texts = given.getlist(parameter.name) if given and parameter.name in given else []
    if not texts:
        return parameter.default
    if len(texts) > 1:
        raise ParameterError(f"{parameter.name} is given {len(texts)} times; it takes one value")
    try:
        return parameter.read(texts[0])
    except ValueError as error:
        raise ParameterError(
            f"{parameter.name} is {texts[0][:50]!r}; it takes {parameter.takes}"
        ) from error


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and low <= int(text) <= high):
            raise ValueError("out of range")
        return int(text)

    return read


def _text(low: int, high: int) -> Callable[[str], str]:
    def read(text: str) -> str:
        text.encode()  # half a surrogate pair raises UnicodeEncodeError, a ValueError
        if not low <= len(text) <= high:
            raise ValueError("too short or too long")
        return text

    return read


def _time(text: str) -> datetime:
    time = parse_time(text) if _TIME.fullmatch(text) else None
    if time is None:
        raise ValueError("not a time")
    return time


def _number(name: str, takes: str, low: int, high: int, default: int) -> Parameter:
    schema = {"type": "integer", "minimum": low, "maximum": high, "default": default}
    return Parameter(
        name=name,
        takes=f"{takes} from {low} to {high}",
        read=_whole(low, high),
        schema=schema,
        default=default,
    )


def _exact(name: str, what: str) -> Parameter:
    return Parameter(
        name=name,
        takes=f"{what}, 1 to {MAX_TEXT} characters",
        read=_text(1, MAX_TEXT),
        schema={"type": "string", "minLength": 1, "maxLength": MAX_TEXT},
    )


def _moment(name: str, what: str) -> Parameter:
    return Parameter(
        name=name,
        takes=f"{what}, such as 2026-11-24T03:00:00Z",
        read=_time,
        schema={"type": "string", "format": "date-time"},
    )


def _choice(name: str, kind: type[Severity] | type[DeliveryState], what: str) -> Parameter:
    values = [item.value for item in kind]
    return Parameter(
        name=name,
        takes=f"{what}: {', '.join(values)}",
        read=kind,
        schema={"type": "string", "enum": values},
    )


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("neither")
    return text == "true"


FILTERS = (
    _moment("since", "the earliest event time"),
    _moment("until", "the time that every event is before"),
    _choice("severity", Severity, "one of"),
    _exact("actor", "an actor's whole name"),
    _exact("event_name", "an operation, such as StopLogging"),
    _exact("account", "an account id"),
    _choice("state", DeliveryState, "the state of one delivery"),
    Parameter(
        name="acknowledged",
        takes="true for what somebody looks at, false for what nobody does",
        read=_truth,
        schema={"type": "boolean"},
    ),
    Parameter(
        name="q",
        takes=f"{MIN_Q} to {MAX_TEXT} characters found in title, actor, resource or event name",
        read=_text(MIN_Q, MAX_TEXT),
        schema={"type": "string", "minLength": MIN_Q, "maxLength": MAX_TEXT},
    ),
)
CURSOR = Parameter(
    name="cursor",
    takes="the next_cursor of an answer, unchanged",
    read=_text(1, 1024),
    schema={"type": "string", "minLength": 1, "maxLength": 1024},
)
LIST = (_number("limit", "a whole number", 1, MAX_LIMIT, DEFAULT_LIMIT), CURSOR, *FILTERS)
ROWS = (_number("limit", "a whole number", 1, MAX_ROWS, DEFAULT_ROWS), CURSOR, *FILTERS)
HOURS = (_number("hours", "a whole number", 1, MAX_HOURS, DEFAULT_HOURS),)
# By the names that routes.py has for them.
GROUPS: dict[str, tuple[Parameter, ...]] = {"none": (), "list": LIST, "rows": ROWS, "hours": HOURS}
