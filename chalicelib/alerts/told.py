"""The alert of what came together: what all of its members say, and what they come to (pure)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import allowed_note
from chalicelib.alerts.episodes import count
from chalicelib.alerts.members import Member, Said
from chalicelib.alerts.together import MOST_MEMBERS, MOST_VALUES, Met, Together
from chalicelib.alerts.together_words import sentence
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.compiling import asks_for_failures
from chalicelib.rules.correlation import CorrelationType
from chalicelib.rules.routes import Route, Routed, route
from chalicelib.rules.rule import Rule, Severity
from chalicelib.rules.titles import headed

# What came of members that did not all come to the same: the most that came of any of them.
_MOST_CAME = (
    Outcome.SUCCEEDED,
    Outcome.UNKNOWN,
    Outcome.REFUSED,
    Outcome.FAILED,
    Outcome.DRY_RUN,
)
_MFA = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Where alerts go, and when it is."""

    default_channel: str
    now: datetime
    routes: Sequence[Route] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one alert is to tell: `members` in their order, `more` where there may be others.

    `kind` is the correlation's type, or "learning", "digest" or "overflow".
    """

    rule: Rule
    kind: str
    group: str
    alert_id: str
    members: tuple[Member, ...]
    more: bool = False
    belongs_to: str = ""
    record: dict[str, Any] = field(default_factory=dict)


def alert_of(told: Told, way: Way) -> Alert:
    """The alert, with the fields that all members share.

    Its severity is the rule's whatever came of the members; info where an `[[allow]]` lowers all
    of them, and while a rule is learning.
    """
    rule, common = told.rule, shared(told.members)
    outcome = came_to(each.said for each in told.members)
    together = together_of(told)
    is_info = bool(common.allowed) or told.kind == "learning"
    severity = Severity.INFO if is_info else rule.severity
    routed = _routed(rule, severity, common, way)
    return Alert(
        alert_id=told.alert_id,
        rule_id=rule.id,
        rule_ids=(rule.id,),
        severity=severity,
        title=title_of(rule, outcome),
        text=sentence(told.rule, together, common) + allowed_note(common.allowed),
        event_id="",
        event_name=common.event_name,
        event_source=common.event_source,
        account_id=common.account_id,
        account_name=common.account_name,
        aws_region=common.aws_region,
        actor=common.actor,
        actor_type=common.actor_type,
        actor_id=common.actor_id,
        actor_detail=common.actor_detail,
        outcome=outcome,
        principal=common.principal,
        via=common.via,
        source_ip=common.source_ip,
        user_agent=common.user_agent,
        event_time=together.last,
        seen_at=way.now,
        error_code=common.error_code,
        error_message="",
        mfa=_MFA.get(common.mfa),
        read_only=_MFA.get(common.read_only),
        resources=_shared_target(told.members),
        channels=routed.channels or (rule.channel or way.default_channel,),
        mention=routed.mention or (None if common.allowed else rule.mention),
        runbook=rule.runbook,
        allowed=common.allowed,
        record=told.record,
        together=together,
    )


def alert_id_of(*parts: str) -> str:
    """32 hex digits of what an alert is derived from."""
    return hashlib.sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]


def title_of(rule: Rule, outcome: Outcome) -> str:
    """The rule's title as it may be said of what came of its members."""
    if outcome is Outcome.SUCCEEDED or rule.is_sequence:
        return rule.title
    return headed(rule.title, outcome, of_failures=asks_for_failures(rule.pattern))


def together_of(told: Told) -> Together:
    """What came together, bounded."""
    members = told.members
    values = list(dict.fromkeys(each.value for each in members if each.value))
    shows_values = told.kind != CorrelationType.TEMPORAL_ORDERED.value
    return Together(
        kind=told.kind,
        group=told.group,
        count=count(members),
        more=told.more,
        first=_time(members[0].at),
        last=_time(members[-1].at),
        distinct=len(values) if shows_values else 0,
        values=tuple(values[:MOST_VALUES]) if shows_values else (),
        members=tuple(map(_met, _first_of(members))),
        belongs_to=told.belongs_to,
    )


def shared(members: Iterable[Member]) -> Said:
    """What all members say; "" where one says something else, or nobody knows any more."""
    said = {each.said or Said() for each in members}
    first = next(iter(said), Said())
    return Said(*(text if len(set(each)) == 1 else "" for text, each in _columns(first, said)))


def came_to(said: Iterable[Said | None]) -> Outcome:
    """The most that came of any of them."""
    there = {each.outcome for each in said if each}
    return next((each for each in _MOST_CAME if each.value in there), Outcome.SUCCEEDED)


def _columns(first: Said, said: set[Said]) -> Iterable[tuple[str, tuple[str, ...]]]:
    return zip(first, zip(*said, strict=True), strict=True)


def _first_of(members: Iterable[Member]) -> list[Member]:
    found: dict[str, Member] = {}
    for each in members:
        found.setdefault(each.id, each)
        if len(found) == MOST_MEMBERS:
            break
    return list(found.values())


def _met(member: Member) -> Met:
    said = member.said or Said()
    return Met(
        id=member.id,
        event_id=member.event_id,
        time=_time(member.at),
        operation=said.event_name,
        target=member.target,
        address=said.source_ip,
        value=member.value,
    )


def _shared_target(members: Iterable[Member]) -> tuple[str, ...]:
    targets = {each.target for each in members}
    return tuple(target for target in targets if target) if len(targets) == 1 else ()


def _routed(rule: Rule, severity: Severity, common: Said, way: Way) -> Routed:
    if not way.routes:
        return Routed()
    told: Mapping[str, Severity] = {rule.id: severity}
    return route(way.routes, (rule,), told, common.account_id)


def _time(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)
