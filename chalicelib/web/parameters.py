"""Query parameters: what each takes, read strictly, and said again in the OpenAPI document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from chalice.app import MultiDict

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.record import parse_time
from chalicelib.rules.rule import Severity
from chalicelib.web.charts import BUCKETS

MAX_LIMIT, DEFAULT_LIMIT = 200, 50
MAX_HOURS, DEFAULT_HOURS = 24 * 31, 24
# 5,000 rows are 2–3 MB; Lambda answers with 6 MB at most.
MAX_ROWS, DEFAULT_ROWS = 5_000, 1_000
MIN_Q, MAX_TEXT = 3, 256
MAX_VALUES = 20
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII)

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class ParameterError(ValueError):
    """A query parameter that cannot be used; says which one and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One query parameter: `read` turns its text into a value or raises ValueError; `takes`
    says in an error and in the documentation what it may be. Of `many` any will do: the value is a
    tuple, empty where none is given.
    """

    name: str
    takes: str
    read: Callable[[str], Any]
    schema: dict[str, Any] = field(default_factory=dict)
    default: Any = None
    many: bool = False


def read_parameters(parameters: tuple[Parameter, ...], given: MultiDict | None) -> dict[str, Any]:
    """The value of every parameter, by name. Raises ParameterError."""
    known = {parameter.name for parameter in parameters}
    for name in given or ():
        if name not in known:
            takes = ", ".join(sorted(known)) or "none"
            near = _nearest(name, known)
            raise ParameterError(f"there is no parameter {name[:50]!r}{near}; there are: {takes}")
    return {parameter.name: _read(parameter, given) for parameter in parameters}


def alert_query(values: Mapping[str, Any]) -> AlertQuery:
    """The filters among the values of FILTERS."""
    named = {each.name: values[each.name] for each in FILTERS if each.name != "q"}
    return AlertQuery(**named, text=values["q"])


def _read(parameter: Parameter, given: MultiDict | None) -> Any:
    texts = given.getlist(parameter.name) if given and parameter.name in given else []
    if parameter.many:
        if len(texts) > MAX_VALUES:
            said = f"{parameter.name} is given {len(texts)} times"
            raise ParameterError(f"{said}; it takes up to {MAX_VALUES} values")
        return tuple(dict.fromkeys(_value(parameter, text) for text in texts))
    if not texts:
        return parameter.default
    if len(texts) > 1:
        raise ParameterError(f"{parameter.name} is given {len(texts)} times; it takes one value")
    return _value(parameter, texts[0])


def _value(parameter: Parameter, text: str) -> Any:
    try:
        return parameter.read(text)
    except ValueError as error:
        near = _nearest(text, map(str, parameter.schema.get("enum", ())))
        raise ParameterError(
            f"{parameter.name} is {text[:50]!r}; it takes {parameter.takes}{near}"
        ) from error


def _nearest(word: str, known: Iterable[str]) -> str:
    """A question for what is nearly right: ` (did you mean 'high'?)`, or ""."""
    found = get_close_matches(word[:50].lower(), list(known), n=1)
    return f" (did you mean {found[0]!r}?)" if found else ""


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
    """A moment; of a day its first."""
    whole = f"{text}T00:00:00Z" if _DAY.fullmatch(text) else text
    time = parse_time(whole) if _TIME.fullmatch(whole) else None
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
        many=True,
    )


def _moment(name: str, what: str) -> Parameter:
    return Parameter(
        name=name,
        takes=f"{what}, such as 2026-11-24T03:00:00Z, or a day, 2026-11-24",
        read=_time,
        schema={"type": "string", "anyOf": [{"format": "date-time"}, {"format": "date"}]},
    )


def _choice(name: str, kind: type[Severity | DeliveryState | Outcome], what: str) -> Parameter:
    values = [item.value for item in kind]
    return Parameter(
        name=name,
        takes=f"{what}: {', '.join(values)}",
        read=kind,
        schema={"type": "string", "enum": values},
        many=True,
    )


def _truth(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError("neither")
    return text == "true"


def _span(text: str) -> int:
    if text not in map(str, BUCKETS):
        raise ValueError("none of them")
    return int(text)


FILTERS = (
    _moment("since", "the earliest event time"),
    _moment("until", "the time that every event is before"),
    _choice("severity", Severity, "one of"),
    _exact("actor", "an actor's whole name"),
    _exact("event_name", "an operation, such as StopLogging"),
    _exact("account", "an account id"),
    _exact("region", "a region, such as eu-central-1"),
    _exact("service", "a service, such as s3 or s3.amazonaws.com"),
    _exact("rule", "the id of a rule that matched"),
    _exact("source_ip", "the whole address that the call came from"),
    _choice("outcome", Outcome, "what came of the call"),
    _choice("state", DeliveryState, "the state of one delivery"),
    Parameter(
        name="acknowledged",
        takes="true for what somebody looks at, false for what nobody does",
        read=_truth,
        schema={"type": "boolean"},
    ),
    Parameter(
        name="q",
        takes=f"{MIN_Q} to {MAX_TEXT} characters found in title, actor, resource, event name, "
        "address, or an access key's whole id",
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
SPAN = (
    Parameter(
        name="hours",
        takes="one of 24, 168 and 720",
        read=_span,
        schema={"type": "integer", "enum": list(BUCKETS), "default": DEFAULT_HOURS},
        default=DEFAULT_HOURS,
    ),
)
# By the names that routes.py has for them.
GROUPS: dict[str, tuple[Parameter, ...]] = {
    "none": (),
    "list": LIST,
    "rows": ROWS,
    "hours": HOURS,
    "span": SPAN,
    "actors": (CURSOR, *FILTERS),
}
