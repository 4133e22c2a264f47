"""Every part of an installation, in the order in which they are made."""

from __future__ import annotations

from chalicelib.settings import FUNCTIONS
from provisioning.alarms import alarm_parts, alarms, event_alarms, topic
from provisioning.buckets import failure_bucket, trail_bucket
from provisioning.change import Part
from provisioning.function import (
    api_log,
    failure_destination,
    permission,
    subscription_filter,
)
from provisioning.installation import Installation
from provisioning.log_groups import left_group, log_group
from provisioning.parameters import Values, memory, parameters, public_url
from provisioning.table import table
from provisioning.trail import role, trail


def parts(
    at: Installation,
    values: Values,
    functions: frozenset[str],
    pattern: str,
    other_filters: tuple[str, ...],
) -> list[Part]:
    """What the function needs, then what needs the function; the filter comes last."""
    return [
        memory(at),
        *trail_bucket(at),
        *failure_bucket(at),
        *log_group(at),
        *role(at),
        *trail(at),
        *table(at),
        *parameters(at, values),
        *topic(at),
        *api_log(at),
        public_url(at, values.public_url),
        *_failure_destinations(at, functions),
        *alarm_parts(at, alarms(at)),
        *(alarm_parts(at, event_alarms(at)) if _eventbridge_is_on(at, functions) else ()),
        permission(at),
        subscription_filter(at, pattern, other_filters),
    ]


def former(at: Installation, functions: frozenset[str]) -> list[Part]:
    """What is of our own and idle since another's is adopted or EventBridge is off."""
    own = at.on_its_own
    idle = [] if _eventbridge_is_on(at, functions) else alarm_parts(at, event_alarms(at))
    if not at.owns_bucket and at.choices.bucket != own.bucket:
        idle += trail_bucket(own)
    if at.log_group != own.log_group:
        idle += log_group(own)
    if at.trail_arn != own.trail_arn:
        idle += [*role(own), *trail(own)]
    if at.log_group != own.log_group:
        idle += [permission(own), subscription_filter(own, "", ())]
    return idle


def leftovers(at: Installation) -> list[Part]:
    """What Chalice made and `chalice delete` leaves behind: the functions' log groups."""
    return [left_group(at.function(name)) for name in FUNCTIONS]


def _failure_destinations(at: Installation, functions: frozenset[str]) -> list[Part]:
    parts = [failure_destination(at, "ingest_logs")]
    if _eventbridge_is_on(at, functions):
        parts.append(failure_destination(at, "ingest_events"))
    return parts


def _eventbridge_is_on(at: Installation, functions: frozenset[str]) -> bool:
    return at.function("ingest_events") in functions
