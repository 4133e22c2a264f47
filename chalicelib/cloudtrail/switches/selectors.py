"""What recorders and detectors are told to leave out: selectors of events, features."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.cloudtrail.reading import dicts, each, flag, get, has, text, texts

NOTHING = "trail-management-events"
LESS = "trail-events-narrowed"
DEEPEST = 5


def lost_events(request: dict[str, Any]) -> Iterator[str]:
    """What selectors, in either form, leave out of an account's management events."""
    plain, advanced = get(request, "eventSelectors"), get(request, "advancedEventSelectors")
    kept = [*map(_plain, dicts(plain)), *map(_advanced, dicts(advanced))]
    if not kept or None in kept:
        return
    read = {way for ways in kept for way in ways or ()}
    if not read:
        yield NOTHING
    elif not {"read", "write"} <= read:
        yield LESS


Kept = frozenset[str] | None


def _plain(selector: dict[str, Any]) -> Kept:
    """Which management events a selector keeps whole; None where it cannot be read.

    Source: CloudTrail API reference, EventSelector: management events of both kinds by default.
    """
    included = get(selector, "includeManagementEvents")
    if included is not None and flag(included) is None:
        return None
    if flag(included) is False:
        return frozenset()
    if texts(get(selector, "excludeManagementEventSources")):
        return frozenset({"some"})
    way = get(selector, "readWriteType")
    ways = {"all": {"read", "write"}, "readonly": {"read"}, "writeonly": {"write"}}
    kept = ways.get(text(way).lower()) if way is not None else ways["all"]
    return frozenset(kept) if kept else None


def _advanced(selector: dict[str, Any]) -> Kept:
    fields = dicts(get(selector, "fieldSelectors"))
    named = {text(get(field, "field")).lower(): field for field in fields}
    category = named.pop("eventcategory", None)
    if category is None or not texts(get(category, "equals")):
        return None
    if "management" not in [one.lower() for one in texts(get(category, "equals"))]:
        return frozenset()
    read_only = named.pop("readonly", None)
    if named:
        return frozenset({"some"})
    asked = [one.lower() for one in _words(get(read_only, "equals"))]
    ways = {"true": "read", "false": "write"}
    kept = frozenset(ways[one] for one in asked if one in ways)
    return kept or (frozenset({"read", "write"}) if read_only is None else frozenset({"some"}))


def _words(value: Any) -> list[str]:
    return [str(item).lower() if isinstance(item, bool) else text(item) for item in each(value)]


def detector_features(request: dict[str, Any]) -> Iterator[str]:
    """GuardDuty's features and data sources that are off now, of a detector or for members."""
    for feature in dicts(get(request, "features")):
        inner = dicts(get(feature, "additionalConfiguration"))
        if any(_off(part) for part in (feature, *inner)):
            yield "guardduty-feature"
    if _any_off(get(request, "dataSources"), DEEPEST):
        yield "guardduty-feature"
    if has(request, "autoEnable") and flag(get(request, "autoEnable")) is False:
        yield "guardduty-members"
    if text(get(request, "autoEnableOrganizationMembers")).upper() == "NONE":
        yield "guardduty-members"


def _off(feature: dict[str, Any]) -> bool:
    told = (text(get(feature, "status")), text(get(feature, "autoEnable")))
    return told[0].upper() == "DISABLED" or told[1].upper() == "NONE"


def _any_off(source: Any, depth: int) -> bool:
    """As in {"s3Logs": {"enable": false}}, and the same deeper or under autoEnable."""
    if not depth or not isinstance(source, dict):
        return flag(source) is False if depth else False
    return any(_any_off(inner, depth - 1) for inner in source.values())


def patched_logs(request: dict[str, Any]) -> Iterator[str]:
    """API Gateway's way: {"op": "remove", "path": "/accessLogSettings/destinationArn"}."""
    for patch in dicts(get(request, "patchOperations")):
        path, op = text(get(patch, "path")).lower(), text(get(patch, "op")).lower()
        removed = op == "remove" and path.startswith("/accesslogsettings")
        if removed or (path.endswith("/logging/loglevel") and text(get(patch, "value")) == "OFF"):
            yield "access-log"
