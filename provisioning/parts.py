"""Every part of an installation, in the order in which they are made."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.settings import FUNCTIONS
from provisioning.alarm_parts import alarm_parts, topic
from provisioning.alarms import deaf_trail, event_alarms
from provisioning.api import throttling
from provisioning.buckets import failure_bucket, trail_bucket
from provisioning.change import Part
from provisioning.file_alarms import every_alarm
from provisioning.function import (
    api_log,
    failure_destination,
    permission,
    subscription_filter,
)
from provisioning.function_roles import function_roles
from provisioning.installation import Installation
from provisioning.key import key, keys_of_secrets, rights_of_key
from provisioning.log_groups import left_group, log_group
from provisioning.parameters import SECRETS, Values, memory, parameters, public_url, remembered
from provisioning.table import table
from provisioning.tracing import rights_of_tracing
from provisioning.trail import role, trail
from provisioning.trail_files import rights_of_files, way_by_files


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
        *key(at),
        *trail_bucket(at),
        *failure_bucket(at),
        *log_group(at),
        *role(at),
        *function_roles(at),
        *rights_of_tracing(at),
        *rights_of_key(at),  # before what is there is encrypted with it
        *way_by_files(at),
        *trail(at),
        *table(at),
        *parameters(at, values),
        *keys_of_secrets(at, SECRETS),
        remembered(at, values),
        *topic(at),
        *api_log(at),
        public_url(at, values.public_url),
        *throttling(at),
        *_failure_destinations(at, functions),
        *alarm_parts(at, every_alarm(at)),
        *(alarm_parts(at, event_alarms(at)) if _eventbridge_is_on(at, functions) else ()),
        *rights_of_files(at),
        *_way_by_log(at, pattern, other_filters),
    ]


def former(at: Installation, functions: frozenset[str]) -> list[Part]:
    """What is of our own and idle since another's is adopted or EventBridge is off."""
    own = at.on_its_own
    unwanted = [] if _eventbridge_is_on(at, functions) else event_alarms(at)
    unwanted += [] if at.hears_our_reads else [deaf_trail(at)]
    idle = alarm_parts(at, unwanted)
    if not at.owns_bucket and at.choices.bucket != own.bucket:
        idle += trail_bucket(own)
    if at.log_group != own.log_group:
        idle += log_group(own)
    if at.trail_arn != own.trail_arn or not at.owns_trail:
        idle += [*role(own), *trail(own)]
    if at.log_group != own.log_group:
        idle += [permission(own), subscription_filter(own, "", ())]
    return [*idle, *_other_way(at, functions)]


def _other_way(at: Installation, functions: frozenset[str]) -> list[Part]:
    """What is idle since records come the other way now."""
    other = replace(at, choices=replace(at.choices, source="logs" if at.reads_files else "s3"))
    if not at.reads_files and at.function("ingest_files") not in functions:
        return []
    kept = {one.name for one in every_alarm(at)} | {deaf_trail(at).name}
    idle = alarm_parts(at, [one for one in every_alarm(other) if one.name not in kept])
    by_log = [*log_group(other), *role(other), *_way_by_log(other, "", ())]
    by_files = [*way_by_files(other), *rights_of_files(other)]
    return [*idle, *(by_log if at.reads_files else by_files)]


def _way_by_log(at: Installation, pattern: str, other_filters: tuple[str, ...]) -> tuple[Part, ...]:
    """What hands the log group's records over; nothing where files are read."""
    if at.reads_files:
        return ()
    return permission(at), subscription_filter(at, pattern, other_filters)


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
