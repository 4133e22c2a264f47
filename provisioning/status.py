"""Status: untouched, half-made, healthy or broken, and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from provisioning.alarm_parts import topic
from provisioning.aws import Aws
from provisioning.change import Action, Call, Change, Found, Part
from provisioning.file_alarms import every_alarm
from provisioning.installation import Installation
from provisioning.planning import is_new, planned
from provisioning.survey import Survey

REQUIRED_FUNCTIONS = (None, "ingest_logs", "sweep")  # ingest_events only where EventBridge is on
UNLIKE = {
    Action.CREATE: "missing",
    Action.CHANGE: "not as it should be",
    Action.REMOVE: "of an earlier choice, still costing",
}


class Verdict(Enum):
    """How an installation stands."""

    UNTOUCHED = "untouched"
    HALF_MADE = "half-made"
    HEALTHY = "healthy"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What is wrong, and what to do about it."""

    what: str
    next_step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The verdict, every trouble, and remarks that are no trouble."""

    verdict: Verdict
    troubles: tuple[Trouble, ...]
    remarks: tuple[str, ...] = ()


def status(aws: Aws, seen: Survey) -> Status:
    """Read how the installation works besides what it consists of. Raises OperatorError."""
    required = [part for part in seen.parts if not part.optional]
    there = [seen.found[part.title] is not None for part in required]
    changes = planned(seen, aws.now())
    if not seen.functions and not _works_are_there(required, seen.found):
        trouble = _only_data(seen, required) if any(there) else _nothing(seen.at)
        return Status(verdict=Verdict.UNTOUCHED, troubles=(trouble,))
    troubles = (*_missing_functions(seen), *_unlike(seen.at, changes))
    if _stopped_early(there):
        return Status(verdict=Verdict.HALF_MADE, troubles=troubles)
    troubles = (*troubles, *_not_working(aws, seen))
    verdict = Verdict.BROKEN if troubles else Verdict.HEALTHY
    remarks = (*_remarks(aws, seen), *_idle(changes, seen))
    return Status(verdict=verdict, troubles=troubles, remarks=remarks)


def _works_are_there(required: Sequence[Part], found: Found) -> bool:
    """Whether anything is there that a destroy without --delete-data would have removed."""
    return any(found[part.title] is not None for part in required if part.remove and not part.data)


def _nothing(at: Installation) -> Trouble:
    step = f"make deploy STAGE={at.stage}"
    return Trouble(what=f"nothing of {at.deployment} is here", next_step=step)


def _only_data(seen: Survey, required: Sequence[Part]) -> Trouble:
    kept = [part.title for part in required if part.data and seen.found[part.title] is not None]
    return Trouble(
        what=f"only data of an earlier installation is here: {', '.join(kept)}",
        next_step=f"make deploy STAGE={seen.at.stage} goes on with it, "
        f"setup_resources.py destroy --stage {seen.at.stage} --delete-data removes it",
    )


def _stopped_early(there: Sequence[bool]) -> bool:
    """Parts are made in order, so a run that was cut off left the first ones and no later.

    Where the last one alone is missing, the filter, somebody removed it: nothing is heard.
    """
    first_gap = there.index(False) if False in there else len(there)
    return first_gap < len(there) - 1 and not any(there[first_gap:])


def _missing_functions(seen: Survey) -> Iterator[Trouble]:
    required = [*REQUIRED_FUNCTIONS, *(["ingest_files"] if seen.at.reads_files else [])]
    names = [seen.at.function(name) for name in required]
    missing = [name for name in names if name not in seen.functions]
    if missing:
        yield Trouble(
            what=f"not deployed: {', '.join(missing)}",
            next_step=f"chalice deploy --stage {seen.at.stage}, then apply again",
        )


def _unlike(at: Installation, changes: Sequence[Change]) -> Iterator[Trouble]:
    for change in changes:
        if change.action in UNLIKE:
            step = f"setup_resources.py apply --stage {at.stage}"
            yield Trouble(what=f"{change.title}: {UNLIKE[change.action]}", next_step=step)
        if change.action is Action.BLOCKED:
            yield Trouble(what=change.title, next_step=change.why)


def _idle(changes: Sequence[Change], seen: Survey) -> Iterator[str]:
    former = {part.title for part in seen.former}
    later = [one for one in changes if one.action is Action.LATER and one.title in former]
    yield from (f"{one.title}: {one.why}" for one in later)


def _not_working(aws: Aws, seen: Survey) -> Iterator[Trouble]:
    if seen.at.trail_is_there:
        yield from _trail(aws, seen.at)
    yield from _functions(seen)
    yield from _alarms(aws, seen)
    yield from _failures(aws, seen)


def _trail(aws: Aws, at: Installation) -> Iterator[Trouble]:
    call = Call(
        service="cloudtrail", operation="get_trail_status", parameters={"Name": at.trail_arn}
    )
    state = aws.read(call)
    if not state.get("IsLogging"):
        step = f"aws cloudtrail start-logging --name {at.trail}, and ask who stopped it"
        yield Trouble(what=f"the trail {at.trail} is switched off", next_step=step)
    errors = ("LatestDeliveryError", "LatestCloudWatchLogsDeliveryError")
    for error in filter(None, (state.get(name) for name in errors)):
        step = "compare the trail's role and bucket policy with plan"
        yield Trouble(what=f"CloudTrail cannot deliver: {error}", next_step=step)


def _functions(seen: Survey) -> Iterator[Trouble]:
    for name, configuration in seen.functions.items():
        state = configuration.get("State", "Active")
        if state in ("Failed", "Inactive"):
            reason = configuration.get("StateReason", "no reason given")
            step = f"chalice deploy --stage {seen.at.stage}"
            yield Trouble(what=f"the function {name} is {state}: {reason}", next_step=step)


def _alarms(aws: Aws, seen: Survey) -> Iterator[Trouble]:
    # Silence rings from the start: CloudTrail's first records take minutes, an hour's count longer.
    early = {f"{seen.at.deployment}-{one.name}" for one in every_alarm(seen.at) if one.of_silence}
    excused = early if is_new(seen, aws.now()) else set()
    for alarm in _ringing(aws, seen.at):
        if alarm["AlarmName"] not in excused:
            what = f"alarm {alarm['AlarmName']}: {alarm.get('AlarmDescription', '')}"
            yield Trouble(what=what, next_step="docs/operating.md says what to do about it")


def _ringing(aws: Aws, at: Installation) -> list[dict[str, Any]]:
    call = Call(
        service="cloudwatch",
        operation="describe_alarms",
        parameters={"AlarmNamePrefix": f"{at.deployment}-"},
    )
    found = aws.read(call).get("MetricAlarms", [])
    return [alarm for alarm in found if alarm["StateValue"] == "ALARM"]


def _failures(aws: Aws, seen: Survey) -> Iterator[Trouble]:
    if not any(seen.found[part.title] for part in _titled(seen.parts, seen.at.failures)):
        return
    parameters: dict[str, Any] = {"Bucket": seen.at.failures, "PaginationConfig": {"MaxItems": 1}}
    call = Call(service="s3", operation="list_objects_v2", parameters=parameters)
    if aws.read(call).get("Contents"):
        store = f"--store dynamodb:///{seen.at.deployment}"
        yield Trouble(
            what=f"payloads that could not be ingested wait in {seen.at.failures}",
            next_step="mend the cause, and the sweep takes them in, ten a minute; what it parked "
            f"waits for trailbell.py redrive s3://{seen.at.failures} {store}",
        )


def _titled(parts: Sequence[Part], bucket: str) -> list[Part]:
    return [part for part in parts if part.title == f"S3 bucket {bucket}"]


def _remarks(aws: Aws, seen: Survey) -> Iterator[str]:
    missing = [part for part in seen.parts if part.optional and seen.found[part.title] is None]
    yield from (f"not set: {part.title} ({part.why})" for part in missing)
    if seen.at.function("ingest_events") not in seen.functions:
        yield "EventBridge is off: alerts follow CloudTrail's log, minutes after the event"
    if is_new(seen, aws.now()):
        yield "it is less than an hour old: alarms of silence may ring until CloudTrail has written"
    if seen.at.choices.email is None:
        yield "no mailbox gets the alarms: apply --email you@example.com"
        return
    if seen.found[topic(seen.at)[0].title] is None:
        return
    call = Call(
        service="sns",
        operation="list_subscriptions_by_topic",
        parameters={"TopicArn": seen.at.topic_arn},
    )
    pending = [
        one["Endpoint"]
        for one in aws.read(call)["Subscriptions"]
        if one["SubscriptionArn"] == "PendingConfirmation"
    ]
    yield from (f"{one} has not followed the link in AWS's mail yet" for one in pending)
