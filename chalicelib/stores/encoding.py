"""How the stores write an alert down: packed bytes, the words it is found by, whole numbers.

An alert's strings come from records, thus from whoever made the call: whatever they hold, each
is bounded and can be written (lone surrogates included, which neither store takes as text).
"""

from __future__ import annotations

import json
import zlib
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

import orjson

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.together import Together
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.secret_shapes import hide_access_key
from chalicelib.cloudtrail.verdict import outcome_of_code
from chalicelib.rules.rule import Severity
from chalicelib.rules.titles import headed
from chalicelib.stores.handling import handling_from, handling_values
from chalicelib.stores.plain import EPOCH, from_micros, micros, storable

MAX_STRING = 2048
MAX_FILTER = 256
MAX_WORDS = 1000
MAX_RESOURCES = 50
MAX_RESOURCE = 1024
# DynamoDB's limit for an item is 400 KB. CloudTrail's for a record is 256 KB, uncompressed.
MAX_RECORD_BYTES = 390_000

_SECOND = timedelta(seconds=1)
_SEVERITIES = tuple(Severity)
# What few alerts have is written only where they have it.
_RARE = ("handling", "notice", "about", "access_key", "session_began")
_FIELDS = tuple(each.name for each in fields(Alert) if each.name not in ("record", *_RARE))
_TIMES = ("event_time", "seen_at")
_TUPLES = ("rule_ids", "resources", "channels", "corrected_by")

# What almost every alert and record says, so that their bytes need only refer to it. Changing
# it would make what is stored unreadable: a better one gets a new name beside it.
_DICTIONARY = (
    b'"sessionContext":{"sessionIssuer":{"type":"Role","attributes":{"creationDate":"2026-'
    b'"mfaAuthenticated":"false"}}"requestParameters":{"responseElements":null,"requestID":"'
    b'"eventID":"","readOnly":false,"eventType":"AwsApiCall","managementEvent":true,'
    b'"recipientAccountId":"","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3",'
    b'"cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"'
    b'{"eventVersion":"1.11","userIdentity":{"type":"AssumedRole","principalId":"AIDA","arn":"'
    b'arn:aws:iam::"accountId":"","accessKeyId":"","userName":"arn:aws:sts::assumed-role/'
    b'{"alert_id":"","rule_id":"","rule_ids":[""],"severity":"medium","title":"","text":"",'
    b'"event_id":"","event_name":"","event_source":".amazonaws.com","account_id":"",'
    b'"account_name":"","aws_region":"us-east-1","actor":"","actor_type":"IAMUser","actor_id":"",'
    b'"via":"console","source_ip":"","user_agent":"aws-cli/2.","event_time":17,"seen_at":17,'
    b'"error_code":"","error_message":"","mfa":null,"read_only":false,"resources":["arn:aws:'
    b'"],"channels":["#"],"mention":null,"runbook":null}'
)


def pack_alert(alert: Alert) -> bytes:
    """The alert without its record, compressed."""
    values = {name: getattr(alert, name) for name in _FIELDS}
    for name in _TIMES:
        values[name] = micros(values[name])
    values["severity"] = alert.severity.value
    values["outcome"] = alert.outcome.value
    together = values.pop("together")
    if together:
        values["together"] = together.to_dict()
    values["resources"] = [text[:MAX_RESOURCE] for text in alert.resources[:MAX_RESOURCES]]
    rare = (("handling", handling_values(alert.handling)), ("notice", alert.notice),
            ("about", alert.about), ("access_key", alert.access_key),
            ("session_began", alert.session_began))  # fmt: skip
    values |= {name: value for name, value in rare if value}
    return _pack({name: _bounded(value) for name, value in values.items()})


def unpack_alert(packed: bytes, record: bytes | None = None, *, beside: bool = False) -> Alert:
    """The alert, with its record where that was read too: see `pack_record` for `beside`."""
    content = _unpacked(packed)
    values = _loads(content)
    values["severity"] = Severity(values["severity"])
    values |= _outcome(values)
    values["handling"] = handling_from(values.get("handling", {}))
    for name in _TIMES:
        values[name] = from_micros(values[name])
    for name in _TUPLES:
        values[name] = tuple(values.get(name, ()))
    together = values.get("together")
    values["together"] = Together.from_dict(together) if together else None
    said = content if beside else b""
    return Alert(**values, record=_loads(_unpacked(record, said)) if record is not None else {})


def _outcome(values: dict[str, Any]) -> dict[str, Any]:
    """The outcome; of an alert that was kept before there was one by its errorCode."""
    if "outcome" in values:
        return {"outcome": Outcome(values["outcome"])}
    outcome = outcome_of_code(values["error_code"], values["error_message"])
    return {"outcome": outcome, "title": headed(values["title"], outcome, of_failures=True)}


def pack_record(record: dict[str, Any], body: bytes = b"") -> bytes:
    """The record, compressed; a note in its place where no store could hold it.

    Where it lies beside its packed alert, the `body`, it repeats nothing that this says.
    """
    said = _unpacked(body) if body else b""
    try:
        packed = _pack(record, said)
    except RecursionError:
        return _pack({"omitted": "the record is nested too deeply to be kept"}, said)
    if len(packed) + len(body) <= MAX_RECORD_BYTES:
        return packed
    reason = f"the record is too large to be kept: {len(packed)} bytes packed"
    return _pack({"omitted": reason}, said)


def filters_of(alert: Alert) -> dict[str, Any]:
    """What summaries count, and what an index keeps of an alert."""
    return {
        "severity": alert.severity.rank,
        "actor": filterable(alert.actor),
        "event_name": filterable(alert.event_name),
        "account": filterable(alert.account_id),
        "rule": filterable(alert.rule_id),
        "source": filterable(alert.event_source),
    }


def values_of(alert: Alert) -> dict[str, tuple[str, ...]]:
    """What lists filter an alert by: of each filter the values that it stands for. What it does not
    have, nobody can ask for.
    """
    values = {
        "severity": (alert.severity.value,),
        "actor": (filterable(alert.actor),),
        "event_name": (filterable(alert.event_name),),
        "account": (filterable(alert.account_id),),
        "region": (filterable(alert.aws_region),),
        "service": (service_of(alert.event_source),),
        "rule": tuple(map(filterable, alert.rule_ids)),
        "source_ip": (filterable(alert.source_ip),),
        "outcome": (alert.outcome.value,),
    }
    return {name: tuple(filter(None, each)) for name, each in values.items()}


def wanted_of(query: AlertQuery) -> dict[str, tuple[str, ...]]:
    """The values of `values_of` that a query wants, any of each; only the filters that are set."""
    wanted = {
        "severity": tuple(each.value for each in query.severity),
        "actor": tuple(map(filterable, query.actor)),
        "event_name": tuple(map(filterable, query.event_name)),
        "account": tuple(map(filterable, query.account)),
        "region": tuple(map(filterable, query.region)),
        "service": tuple(map(service_of, query.service)),
        "rule": tuple(map(filterable, query.rule)),
        "source_ip": tuple(map(filterable, query.source_ip)),
        "outcome": tuple(each.value for each in query.outcome),
    }
    return {name: values for name, values in wanted.items() if values}


def service_of(source: str) -> str:
    """A service as lists filter by it: `s3` of s3.amazonaws.com, and of S3."""
    return filterable(source.lower().removesuffix(".amazonaws.com"))


def text_of(query: AlertQuery) -> str:
    """What a query looks for in `words`, "" where it looks for nothing there. An access key's id is
    kept as it may be shown.
    """
    return "" if query.text is None else searchable(hide_access_key(query.text))


def words(alert: Alert) -> str:
    """What `AlertQuery.text` is looked for in."""
    known = (alert.title, alert.actor, alert.event_name, alert.source_ip, alert.access_key)
    parts = (*filter(None, known), *alert.resources[:MAX_RESOURCES])
    return searchable("\n".join(parts))[:MAX_WORDS]


def searchable(text: str) -> str:
    """Text as `words` has it, for what was typed into a search too."""
    return storable(text).lower().replace("\0", " ")


def filterable(text: str) -> str:
    """A value as lists filter by it."""
    return storable(text)[:MAX_FILTER]


def severity_of(rank: int) -> Severity:
    """The severity that was written by its rank."""
    return _SEVERITIES[rank]


def seconds(time: datetime) -> int:
    """Whole seconds since 1970 UTC, the fraction cut off."""
    return (time - EPOCH) // _SECOND


def seconds_from(time: datetime) -> int:
    """The first whole second that is not before the time."""
    return -((EPOCH - time) // _SECOND)


def from_seconds(value: int) -> datetime:
    return EPOCH + timedelta(seconds=value)


def hour_of(moment: int) -> str:
    """The hour of a second since 1970, as a summary names it."""
    return from_seconds(moment).strftime("%Y-%m-%dT%H:00:00Z")


def _bounded(value: Any) -> Any:
    return value[:MAX_STRING] if isinstance(value, str) else value


def _pack(value: dict[str, Any], said: bytes = b"") -> bytes:
    compressor = zlib.compressobj(zdict=_DICTIONARY + said)
    return compressor.compress(_dumps(value)) + compressor.flush()


def _unpacked(packed: bytes, said: bytes = b"") -> bytes:
    return zlib.decompressobj(zdict=_DICTIONARY + said).decompress(packed)


def _loads(content: bytes) -> dict[str, Any]:
    try:
        value: dict[str, Any] = orjson.loads(content)
    except orjson.JSONDecodeError:
        value = json.loads(content)
    return value


def _dumps(value: dict[str, Any]) -> bytes:
    # orjson refuses lone surrogates and integers beyond 64 bits, which json writes.
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode()
