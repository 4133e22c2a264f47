"""From what rules matched to the members of rules over time (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib.alerts.members import (
    EVENT_ID,
    TARGET,
    VALUE,
    Group,
    Member,
    Said,
    Sighting,
    group_key,
    said,
    shortened,
)
from chalicelib.cloudtrail.description import Description
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.redacted_texts import redacted_within
from chalicelib.cloudtrail.texts import REDACTED
from chalicelib.rules.compiling import Asked
from chalicelib.rules.correlation import Correlation, CorrelationType
from chalicelib.rules.counted import Raw, each_text, group_of
from chalicelib.rules.matching import Match, Unreadable
from chalicelib.rules.rule import Rule

# What lies further ahead was written by a clock that is wrong, or by somebody who wants that.
MOST_AHEAD = timedelta(days=1)
_BETWEEN_VALUES = " · "
LONGEST_CUT = 1024  # of a value that the redacted record has no place for


@dataclass(slots=True)
class Seen:
    """The members that a batch has; how many records would be some at a time that can be; and
    those that cannot be read so far.
    """

    sightings: list[Sighting] = field(default_factory=list)
    untimed: int = 0
    unreadable: list[Unreadable] = field(default_factory=list)


def see(match: Match, described: Description, now: datetime, seen: Seen) -> None:
    """Add to what was `seen` what one record adds to rules over time. One that cannot be read so
    far costs itself alone.
    """
    if not match.members:
        return
    try:
        _see(match, described, now, seen)
    except Exception as error:
        seen.unreadable.append(match.unreadable(error))


def _see(match: Match, described: Description, now: datetime, seen: Seen) -> None:
    time = described.event_time
    if time is None or time > now + MOST_AHEAD:
        seen.untimed += 1
        return
    raw, shown = Asked(match.record).raw, Asked(described.facts.record).raw
    found = [_sighting(rule, match, described, raw, shown) for rule in match.members]
    seen.sightings.extend(each for each in found if each)


def _sighting(
    rule: Rule, match: Match, described: Description, raw: Raw, shown: Raw
) -> Sighting | None:
    correlation = rule.correlation
    group = group_of(correlation, raw) if correlation else None
    if correlation is None or group is None:
        return None
    group_shown = group_of(correlation, shown)
    if group_shown is None:
        return None
    values = _values(correlation, match, raw, shown, group_shown)
    if not values:
        return None
    by = next((each.said for each in match.lowering if each.lowers(rule, rule.severity)), "")
    words = said(_said(described, _BETWEEN_VALUES.join(group_shown), by))
    identity, at = identity_of(match.record, described), _seconds(described)
    members = (
        Member(
            id=identity,
            at=at,
            value=value,
            event_id=shortened(described.event_id, EVENT_ID),
            target=shortened(next(iter(described.targets), ""), TARGET),
            said=words,
        )
        for value in values
    )
    counted = (_told(value, shown) for value, shown in zip(group, group_shown, strict=True))
    return Sighting(Group(rule, group_key(counted)), tuple(members), described.record)


def identity_of(record: Record, described: Description) -> str:
    """Which event a record is of; an addendum is of the event that it adds to."""
    if not record.adds_to:
        return described.own_id
    return Record({**record.raw, "eventID": record.adds_to}).own_id(described.principal)


def _values(
    correlation: Correlation, match: Match, raw: Raw, shown: Raw, group: tuple[str, ...]
) -> tuple[str, ...]:
    """What the record is counted by, once for each; "" where it is itself what counts."""
    if correlation.type is CorrelationType.EVENT_COUNT:
        return ("",)
    if correlation.type is CorrelationType.NEW_TERMS:
        new = group[len(correlation.group_by) :]  # whose they are the alert says anyway
        return (shortened(_BETWEEN_VALUES.join(new), VALUE),)
    if correlation.type is CorrelationType.TEMPORAL_ORDERED:
        ids = {rule.id for rule in match.rules}
        return (",".join(str(at) for at, rule in enumerate(correlation.rules) if rule in ids),)
    found, safe = (each_text(correlation.field, of) for of in (raw, shown))
    pairs = zip(found, _in_place(found, safe), strict=True)
    return tuple(dict.fromkeys(_shown(value, as_shown) for value, as_shown in pairs if value))


def _in_place(found: Sequence[str], safe: Sequence[str]) -> Iterator[str]:
    """Each text as it may be shown. Behind where an array was cut that is for its own look to say,
    and for its key, which is that of the first one too.
    """
    whole = len(safe) if len(safe) == len(found) else len(safe) - 1  # the last says what was cut
    for at, value in enumerate(found):
        if at < whole and safe[at]:
            yield safe[at]
        else:
            yield REDACTED if safe[:1] == (REDACTED,) else redacted_within(value, LONGEST_CUT)


def _shown(value: str, as_shown: str) -> str:
    """A value as it may be shown; where that is not all of it, its hash tells it from others."""
    if _told(value, as_shown) == as_shown:
        return shortened(as_shown, VALUE)
    return f"{shortened(as_shown, VALUE - 9)}…{group_key([value])[:6]}"


def _told(value: str, as_shown: str) -> str:
    """What a value is told from others by: of a secret not even a hash is kept."""
    return as_shown if REDACTED in as_shown else value


def _said(described: Description, group: str, allowed: str) -> Said:
    return Said(
        group=group,
        event_name=described.event_name,
        event_source=described.event_source,
        account_id=described.account_id,
        account_name=described.account_name,
        aws_region=described.aws_region,
        actor=described.actor,
        actor_type=described.actor_type,
        actor_id=described.actor_id,
        actor_detail=described.actor_detail,
        principal=described.principal,
        via=described.via,
        source_ip=described.source_ip,
        user_agent=described.user_agent,
        outcome=described.outcome.value,
        error_code=described.error_code,
        mfa=_flag(described.mfa),
        read_only=_flag(described.read_only),
        allowed=allowed,
    )


def _flag(value: bool | None) -> str:
    return "" if value is None else str(value).lower()


def _seconds(described: Description) -> int:
    if described.event_time is None:
        raise AssertionError("a member without a time")
    return int(described.event_time.timestamp() // 1)


def by_group(sightings: Iterable[Sighting]) -> dict[Group, list[Sighting]]:
    """Sightings by what they count together with, in the order in which each began."""
    found: dict[Group, list[Sighting]] = {}
    for each in sightings:
        found.setdefault(each.group, []).append(each)
    return found
