"""What each key of a `[rule.correlation]` takes, and which keys each type needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.cloudtrail.facts import FIELDS, LISTS
from chalicelib.rules import rule_keys
from chalicelib.rules.correlation import (
    MOST_COUNTED,
    MOST_DAYS,
    MOST_SECONDS,
    Correlation,
    CorrelationType,
)
from chalicelib.rules.filter_pattern import Child, FilterPatternError, Selector
from chalicelib.rules.filter_pattern.conditions import parse_path
from chalicelib.rules.place import Mistakes, Place, choices

TABLE = "correlation"
MOST_PATHS, MOST_RULES = 5, 8
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}  # in seconds, the shortest first

# What a record holds. Source: CloudTrail user guide, "CloudTrail record contents".
RECORD_FIELDS = (
    *("eventTime", "eventVersion", "userIdentity", "eventSource", "eventName", "awsRegion"),
    *("sourceIPAddress", "userAgent", "errorCode", "errorMessage", "requestParameters"),
    *("responseElements", "additionalEventData", "requestID", "eventID", "eventType"),
    *("apiVersion", "managementEvent", "readOnly", "resources", "recipientAccountId"),
    *("serviceEventDetails", "sharedEventID", "vpcEndpointId", "vpcEndpointAccountId"),
    *("eventCategory", "addendum", "sessionCredentialFromConsole", "eventContext"),
    *("edgeDeviceDetails", "tlsDetails", "insightDetails", "facts"),
)
# Those that are objects or arrays, with what may be meant within them.
OBJECTS: Mapping[tuple[str, ...], str] = {
    ("userIdentity",): "$.userIdentity.arn",
    ("userIdentity", "sessionContext"): "$.userIdentity.sessionContext.sessionIssuer.arn",
    ("userIdentity", "sessionContext", "sessionIssuer"): (
        "$.userIdentity.sessionContext.sessionIssuer.arn"
    ),
    ("userIdentity", "sessionContext", "attributes"): (
        "$.userIdentity.sessionContext.attributes.mfaAuthenticated"
    ),
    ("userIdentity", "onBehalfOf"): "$.userIdentity.onBehalfOf.userId",
    ("requestParameters",): "$.requestParameters.bucketName",
    ("responseElements",): "$.responseElements.ConsoleLogin",
    ("additionalEventData",): "$.additionalEventData.MFAUsed",
    ("serviceEventDetails",): "$.serviceEventDetails.state",
    ("eventContext",): "$.eventContext.requestContext",
    ("addendum",): "$.addendum.reason",
    ("resources",): "$.resources[0].ARN",
    ("tlsDetails",): "$.tlsDetails.tlsVersion",
    ("insightDetails",): "$.insightDetails.eventName",
    ("edgeDeviceDetails",): "$.edgeDeviceDetails.type",
    ("facts",): "$.facts.principal",
}


def taken(place: Place, rule: dict[str, Any], mistakes: Mistakes) -> dict[str, Correlation | None]:
    """The field of Rule that a rule's [rule.correlation] sets, which is taken out of the rule; {}
    where it has none. It is None where something is wrong with it, which is noted.
    """
    if TABLE not in rule:
        return {}
    known = len(mistakes.found)
    found: dict[str, Any] = {}
    with mistakes.noted():
        found = _read(place, rule.pop(TABLE), mistakes)
    return {TABLE: Correlation(**found) if len(mistakes.found) == known else None}


def paths(value: Any) -> tuple[str, ...]:
    """Paths to one value each."""
    found = tuple(path(each) for each in rule_keys.texts(value))
    if not 1 <= len(found) <= MOST_PATHS:
        raise ValueError(f"it takes 1 to {MOST_PATHS} paths; leave the key out for none")
    if len(set(found)) < len(found):
        raise ValueError("a path stands in it twice")
    return found


def path(value: Any) -> str:
    """A path to one value, as patterns write it."""
    selector = _selector(value)
    if selector.wildcards:
        raise ValueError(f"{value!r} names several values; only value_count's field may")
    return selector.text


def counted(value: Any) -> str:
    """A path to the values that are counted: with a [*] each counts."""
    return _selector(value).text


def timespan(value: Any) -> int:
    """Seconds, of a text such as 10m."""
    seconds = _seconds(value)
    if not 0 < seconds <= MOST_SECONDS:
        raise ValueError(f"{value!r} is not within 1s and 24h")
    return seconds


def history(value: Any) -> int:
    """Days, of a text such as 30d."""
    days, rest = divmod(_seconds(value), UNITS["d"])
    if rest or not 0 < days <= MOST_DAYS:
        raise ValueError(f"{value!r} is not whole days within 1d and {MOST_DAYS}d")
    return days


def least(value: Any) -> int:
    """How many must come together."""
    if type(value) is not int:
        raise ValueError(f"{value!r} is not a whole number")
    if not 1 <= value <= MOST_COUNTED:
        raise ValueError(f"{value} is not within 1 and {MOST_COUNTED}")
    return value


def rules(value: Any) -> tuple[str, ...]:
    """Ids of other rules, in their order; one may stand in it more than once."""
    found = tuple(rule_keys.identifier(each) for each in rule_keys.texts(value))
    if not 2 <= len(found) <= MOST_RULES:
        raise ValueError(f"it takes 2 to {MOST_RULES} ids of rules")
    return found


def kind(value: Any) -> CorrelationType:
    try:
        return CorrelationType(value)
    except ValueError as error:
        names = [each.value for each in CorrelationType]
        raise ValueError(f"{value!r} is no type; {choices(str(value), names)}") from error


KEYS: dict[str, Callable[[Any], Any]] = {
    "type": kind,
    "group_by": paths,
    "timespan": timespan,
    "gte": least,
    "field": counted,
    "fields": paths,
    "history": history,
    "rules": rules,
}
# The keys that each type needs. All but new_terms may leave group_by out: then all is one group.
NEEDED = {
    CorrelationType.EVENT_COUNT: ("timespan", "gte"),
    CorrelationType.VALUE_COUNT: ("field", "timespan", "gte"),
    CorrelationType.NEW_TERMS: ("fields", "history"),
    CorrelationType.TEMPORAL_ORDERED: ("rules", "timespan"),
}


def _read(place: Place, table: Any, mistakes: Mistakes) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise place.error(f"{TABLE} is written [rule.{TABLE}], a table", TABLE)
    found: dict[str, Any] = {}
    with mistakes.noted():
        place.only(table, KEYS)
    for key in filter(KEYS.__contains__, table):
        with mistakes.noted():
            found[key] = place.checked(f"{TABLE} {key}", key, KEYS[key], table[key])
    _check_type(place, table, found, mistakes)
    return found


def _check_type(
    place: Place, table: Mapping[str, Any], found: Mapping[str, Any], mistakes: Mistakes
) -> None:
    """Note what is missing, and what the type does not take."""
    if "type" not in table:
        names = ", ".join(each.value for each in CorrelationType)
        mistakes.found.append(place.error(f"{TABLE} type: is missing; it takes {names}", TABLE))
    if "type" not in found:
        return
    of, needed = found["type"].value, NEEDED[found["type"]]
    takes = ("type", "group_by", *needed)
    missing = [key for key in needed if key not in table]
    if missing:
        reason = f"{TABLE}: {of} needs {', '.join(missing)} too"
        mistakes.found.append(place.error(reason, "type"))
    for key in table:
        if key in KEYS and key not in takes:
            reason = f"{TABLE} {key}: {of} does not take it; it takes {', '.join(takes)}"
            mistakes.found.append(place.error(reason, key))
    with mistakes.noted():
        twice = set(found.get("group_by", ())) & set(found.get("fields", ()))
        if twice:
            raise place.error(f"{TABLE} fields: {min(twice)} stands in group_by too", "fields")


def _seconds(value: Any) -> int:
    written = re.fullmatch(r"(\d{1,9})([smhd])", value) if isinstance(value, str) else None
    if not written:
        raise ValueError(f"{value!r} is no span such as 30s, 10m, 24h or 7d")
    return int(written[1]) * UNITS[written[2]]


def _selector(value: Any) -> Selector:
    text = rule_keys.text(value)
    try:
        selector = parse_path(text)
    except FilterPatternError as error:
        raise ValueError(f"{text!r} is no path such as $.userIdentity.arn: {error}") from error
    _check_field(selector)
    return selector


def _check_field(selector: Selector) -> None:
    """Refuse what no record has, and what is no text, number or boolean."""
    steps, text = selector.steps, selector.text
    if steps[0] not in RECORD_FIELDS:
        known = choices(str(steps[0]), RECORD_FIELDS)
        raise ValueError(f"no record has a field {str(steps[0])!r}; {known}")
    if meant := OBJECTS.get(tuple(map(str, steps))):
        raise ValueError(f"{text} is an object; name a value within it, such as {meant}")
    if steps[0] == "facts":
        _check_fact(steps[1:], text)


def _check_fact(steps: tuple[Any, ...], text: str) -> None:
    name = steps[0]
    if name not in FIELDS:
        raise ValueError(f"no fact is called {name!r}; {choices(str(name), FIELDS)}")
    if len(steps) == 1 and name in LISTS:
        raise ValueError(f"{text} is an array; write {text}[0] for its first, {text}[*] for each")
    if len(steps) > 1 and (name not in LISTS or steps[1:] == (Child.ANY, Child.ANY)):
        raise ValueError(f"{text} has nothing within it: facts are texts; write $.facts.{name}")
