"""Status: untouched, half-made, healthy or broken, and of each part how it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from chalicelib.alerts.outbox import StoreError
from chalicelib.monitoring.account_names import AccountNames
from chalicelib.monitoring.notes import read
from chalicelib.stores.store import Store
from provisioning.alarm_parts import topic
from provisioning.aws import Aws
from provisioning.change import Action, Call, Found, Part
from provisioning.deployed import api_rows, concurrency_rows, function_rows
from provisioning.errors import OperatorError, is_denied
from provisioning.file_alarms import every_alarm
from provisioning.function_rights import rights_rows
from provisioning.installation import Installation
from provisioning.key import MEND_KEY, USABLE, state_of_adopted
from provisioning.planning import is_new, removals
from provisioning.rows import Row, State, deploy_step, of_filter, of_parts, unreadable
from provisioning.survey import Request, Survey
from provisioning.told import Told, told_last
from provisioning.watching import Outside, watched

REQUIRED_FUNCTIONS = ("ingest_logs", "sweep")  # ingest_events only where EventBridge is on


class Verdict(Enum):
    """How an installation stands."""

    UNTOUCHED = "untouched"
    HALF_MADE = "half-made"
    HEALTHY = "healthy"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The verdict, a row for each part, what Slack was told last, and remarks that are no trouble.

    It is healthy only where every row is ok.
    """

    verdict: Verdict
    rows: tuple[Row, ...]
    told: Told | None = None
    remarks: tuple[str, ...] = ()

    @property
    def troubles(self) -> tuple[Row, ...]:
        """The rows that are not ok."""
        return tuple(row for row in self.rows if row.state is not State.OK)

    def as_json(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict.value,
            "parts": [row.as_json() for row in self.rows],
            "told": self.told.as_json() if self.told else None,
            "remarks": list(self.remarks),
        }


def status(aws: Aws, seen: Survey, request: Request, outside: Outside) -> Status:
    """Read how the installation works besides what it consists of. Raises OperatorError."""
    required = [part for part in seen.parts if not part.optional]
    there = [seen.found[part.title] is not None for part in required]
    if not seen.functions and not _works_are_there(required, seen.found):
        row = _only_data(seen, required) if any(there) else _nothing(seen.at)
        return Status(verdict=Verdict.UNTOUCHED, rows=(row,))
    rows = (*_of_parts(aws, seen, request), *_missing_functions(seen))
    if _stopped_early(there):
        return Status(verdict=Verdict.HALF_MADE, rows=rows)
    rows = (*rows, *_working(aws, seen, request, outside))
    store = outside.store(seen.at.deployment)
    whole = all(row.state is State.OK for row in rows)
    return Status(
        verdict=Verdict.HEALTHY if whole else Verdict.BROKEN,
        rows=rows,
        told=told_last(store),
        remarks=(*_remarks(aws, seen), *_without_names(store)),
    )


def _works_are_there(required: Sequence[Part], found: Found) -> bool:
    """Whether anything is there that a destroy without --delete-data would have removed."""
    return any(found[part.title] is not None for part in required if part.remove and not part.data)


def _nothing(at: Installation) -> Row:
    how = f"nothing of {at.deployment} is here"
    return Row(at.deployment, State.MISSING, how, f"make deploy STAGE={at.stage}")


def _only_data(seen: Survey, required: Sequence[Part]) -> Row:
    kept = [part.title for part in required if part.data and seen.found[part.title] is not None]
    stage = seen.at.stage
    return Row(
        seen.at.deployment,
        State.MISSING,
        f"only data of an earlier installation is here: {', '.join(kept)}",
        f"make deploy STAGE={stage} goes on with it, "
        f"setup_resources.py destroy --stage {stage} --delete-data removes it",
    )


def _stopped_early(there: Sequence[bool]) -> bool:
    """Parts are made in order, so a run that was cut off left the first ones and no later.

    Where the last one alone is missing, the filter, somebody removed it: nothing is heard.
    """
    first_gap = there.index(False) if False in there else len(there)
    return first_gap < len(there) - 1 and not any(there[first_gap:])


def _missing_functions(seen: Survey) -> Iterator[Row]:
    """Where nothing works yet: afterwards the self-watch's checks say it."""
    at = seen.at
    for name in (None, *REQUIRED_FUNCTIONS, *(["ingest_files"] if at.reads_files else [])):
        if at.function(name) not in seen.functions:
            yield Row(f"Function {at.function(name)}", State.MISSING, "", deploy_step(at))


def _of_parts(aws: Aws, seen: Survey, request: Request) -> Iterator[Row]:
    at, functions = seen.at, frozenset(seen.functions)
    for sentence in seen.lacking:
        yield Row("What is adopted", State.MISSING, sentence, "or take the choice back: ''")
    for what, call in seen.unread.items():
        yield unreadable(f"Reading {what}", call)
    for row in of_parts(at, seen.parts, seen.found, functions):
        seen_now = seen.found[row.part]
        is_filter = row.part.startswith("Subscription filter")
        yield of_filter(row, seen_now, request.rules, seen.pattern) if is_filter else row
    for change in removals(seen, aws.now()):
        if change.action is Action.REMOVE:
            how = "of an earlier choice, still costing"
            step = f"setup_resources.py apply --stage {at.stage}"
            yield Row(change.title, State.DIFFERS, how, step)


def _working(aws: Aws, seen: Survey, request: Request, outside: Outside) -> Iterator[Row]:
    known = {row.part for row in _missing_functions(seen)}
    yield from function_rows(seen, request.config)
    yield from rights_rows(aws, seen, request.config)
    yield from concurrency_rows(aws, seen, request.config)
    yield from api_rows(aws, seen, request.config)
    yield from (row for row in watched(aws, seen, outside) if row.part not in known)
    yield from _adopted_key(aws, seen)
    yield from _mailbox(aws, seen)
    yield from _ringing(aws, seen)


def _adopted_key(aws: Aws, seen: Survey) -> Iterator[Row]:
    """No part of ours: its owner switches it off."""
    at = seen.at
    if at.key is None or at.owns_key:
        return
    part = f"KMS key {at.key}"
    try:
        state = state_of_adopted(aws, at)
    except OperatorError as error:
        if not is_denied(error):
            raise
        yield unreadable(part, "kms:DescribeKey")
        return
    if state is None:
        yield Row(part, State.MISSING, "", "--kms-key names another one")
    elif state != USABLE:
        yield Row(part, State.DIFFERS, f"it is {state}", MEND_KEY)
    else:
        yield Row(part, State.OK)


def _mailbox(aws: Aws, seen: Survey) -> Iterator[Row]:
    """A mailbox gets nothing before its owner followed the link."""
    parts = [part for part in topic(seen.at)[1:] if isinstance(seen.found[part.title], str)]
    for part in parts:
        if aws.read(part.read).get("SubscriptionArn") == "PendingConfirmation":
            step = "follow the link in AWS's mail; apply --email '' and --email again sends it anew"
            yield Row(f"{part.title}: confirmed", State.DIFFERS, "waits for its owner", step)
        else:
            yield Row(f"{part.title}: confirmed", State.OK)


def _ringing(aws: Aws, seen: Survey) -> Iterator[Row]:
    # Silence rings from the start: CloudTrail's first records take minutes.
    early = {f"{seen.at.deployment}-{one.name}" for one in every_alarm(seen.at) if one.of_silence}
    excused = early if is_new(seen, aws.now()) else set()
    # Another stage's names may begin like ours: trailbell-dev, trailbell-dev-2.
    ours = {part.title for part in (*seen.parts, *seen.former)}
    call = Call(
        service="cloudwatch",
        operation="describe_alarms",
        parameters={"AlarmNamePrefix": f"{seen.at.deployment}-"},
    )
    try:
        found = aws.read(call).get("MetricAlarms", [])
    except OperatorError as error:
        if not is_denied(error):
            raise
        yield unreadable("Alarms: state", "cloudwatch:DescribeAlarms")
        return
    for alarm in found:
        name = alarm["AlarmName"]
        rings = alarm["StateValue"] == "ALARM" and f"Alarm {name}" in ours
        if rings and name not in excused:
            how = f"it rings: {alarm.get('AlarmDescription', '')}"
            step = "docs/operating.md says what to do about it"
            yield Row(f"Alarm {name}: state", State.DIFFERS, how, step)


def _remarks(aws: Aws, seen: Survey) -> Iterator[str]:
    for change in removals(seen, aws.now()):
        if change.action is Action.LATER:
            yield f"{change.title}: {change.why}"
    if seen.at.function("ingest_events") not in seen.functions:
        yield "EventBridge is off: alerts follow CloudTrail's log, minutes after the event"
    if is_new(seen, aws.now()):
        yield "it is less than an hour old: alarms of silence may ring until CloudTrail has written"
    if seen.at.choices.email is None:
        yield "no mailbox gets the alarms: apply --email you@example.com"


def _without_names(store: Store) -> Iterator[str]:
    """Why accounts go by their ids alone, where the sweep has asked."""
    try:
        note = read(store.notes, AccountNames)
    except StoreError:
        return  # what was told last says it
    if note and note.refused and not note.names:
        yield (
            f"accounts go by their ids: {note.refused}. The management account and a delegated "
            "administrator may ask; [accounts] in a rule file names them otherwise"
        )
