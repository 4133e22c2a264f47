"""What an alert becomes by an addendum to its event: more, never less (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.together import outgrows
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.cloudtrail.texts import cut, one_line

# More addenda than these to one event are events of their own.
MAX_CORRECTIONS = 10
LONGEST_CHANGES, LONGEST_VALUE = 900, 60
# How much came of a call. What came of it is never taken back.
_CAME_OF_IT = (
    Outcome.DRY_RUN,
    Outcome.FAILED,
    Outcome.REFUSED,
    Outcome.UNKNOWN,
    Outcome.SUCCEEDED,
)


def amended(kept: Alert, addendum: Alert) -> Alert:
    """The alert with what an addendum adds, which it says.

    Its severity never falls, and with the higher one stay its headline and title, unless they are
    of what did not come of the call. Of a call that worked the alert goes on telling so. Its place,
    age and channels stay as they are, and its `record` too, the object itself, where the addendum
    takes back what came of the call.
    """
    if addendum.together and kept.together:
        return grown(kept, addendum)
    if addendum.own_id and addendum.own_id in (kept.own_id, *kept.corrected_by):
        return kept
    by = (*kept.corrected_by, addendum.own_id) if addendum.own_id else kept.corrected_by
    return replace(_with(kept, addendum), corrected_by=by)


def grown(kept: Alert, now: Alert) -> Alert:
    """The alert of what came together, once more did: its age and its channels stay, and what
    people made of it.

    One that belongs to an older alert stays as it is, and says so.
    """
    if not (kept.together and now.together and outgrows(now.together, kept.together)):
        return kept
    older = now.together.belongs_to
    if older:
        together = replace(kept.together, belongs_to=older)
        return replace(kept, together=together, text=kept.text + belongs_note(older))
    channels = tuple(dict.fromkeys((*kept.channels, *now.channels)))
    return replace(
        now,
        seen_at=kept.seen_at,
        channels=channels,
        mention=kept.mention or now.mention,
        of_addendum=kept.of_addendum,
        handling=kept.handling,
        record=kept.record,
    )


def belongs_note(older: str) -> str:
    """How a text says that what it tells of is told by an older alert, with this id."""
    return f" (it belongs to what was told before: alert {older})"


def completed(kept: Alert, original: Alert) -> Alert:
    """The alert with what its own event turns out to have been.

    That is the original whose addendum came first, or the same event where it `tells_more`. It
    comes to the same as if the original had been first; its channels are added.
    """
    channels = tuple(dict.fromkeys((*kept.channels, *original.channels)))
    if not kept.of_addendum:
        return replace(_with(kept, original), channels=channels)
    first = replace(
        original,
        event_time=kept.event_time,
        seen_at=kept.seen_at,
        channels=channels,
        handling=kept.handling,
    )
    return replace(_with(first, kept), corrected_by=(kept.own_id, *kept.corrected_by))


def allowed_note(allowed: str) -> str:
    """How a text says that an `[[allow]]` lowered its severity; `allowed` as in an Alert."""
    return f" (allowed: {allowed})" if allowed else ""


def tells_more(kept: Alert, again: Alert) -> bool:
    """Whether the same event, told again with another outcome or after it was corrected, came to
    more, to what is more severe, or to what other rules match.
    """
    if again.outcome is kept.outcome and not kept.changes:
        return False
    severer = again.severity.rank > kept.severity.rank
    return severer or _less_came_of(kept, again) or not set(again.rule_ids) <= set(kept.rule_ids)


def _with(kept: Alert, addendum: Alert) -> Alert:
    facts = kept if _less_came_of(addendum, kept) else addendum
    severest = max(facts, kept, addendum, key=lambda alert: alert.severity.rank)
    # A title says what came of the call.
    head = severest if severest.outcome is facts.outcome else facts
    other = kept if head is addendum else addendum
    changes = _changes(kept, addendum) if addendum.own_id else kept.changes
    return replace(
        facts,
        alert_id=kept.alert_id,
        own_id=kept.own_id,
        of_addendum=kept.of_addendum,
        corrected_by=kept.corrected_by,
        event_id=kept.event_id,
        event_time=kept.event_time,
        seen_at=kept.seen_at,
        channels=kept.channels,
        handling=kept.handling,
        rule_id=head.rule_id,
        rule_ids=tuple(dict.fromkeys((head.rule_id, *head.rule_ids, *other.rule_ids))),
        severity=severest.severity,
        title=head.title,
        mention=kept.mention or addendum.mention,
        runbook=head.runbook or other.runbook,
        changes=changes,
        allowed=severest.allowed,
        text=_sentence(facts) + allowed_note(severest.allowed) + _note(changes),
    )


def _less_came_of(one: Alert, other: Alert) -> bool:
    return _CAME_OF_IT.index(one.outcome) < _CAME_OF_IT.index(other.outcome)


def _changes(kept: Alert, addendum: Alert) -> str:
    """What was changed before and what this changes, the oldest first: that stays, however much
    follows.
    """
    changes = kept.changes
    said = list(_differences(kept, addendum))
    if not said and _sentence(kept) != _sentence(addendum):
        said = ["details of what was done"]
    for each in (*said, *filter(None, [addendum.changes])):
        if each not in changes:
            changes = f"{changes}; {each}" if changes else each
    return cut(changes, LONGEST_CHANGES)


def _differences(kept: Alert, addendum: Alert) -> Iterator[str]:
    for name, before, after in zip(_NAMES, _values(kept), _values(addendum), strict=True):
        if before != after:
            yield f"{name} from {_shown(before)} to {_shown(after)}"
    if addendum.severity.rank > kept.severity.rank:
        yield f"the severity from {kept.severity.value} to {addendum.severity.value}"


_NAMES = ("the outcome", "the error code", "what it was done to", "the actor", "the address",
          "the region", "MFA", "the way", "the error message")  # fmt: skip


def _values(alert: Alert) -> tuple[str, ...]:
    mfa = {None: "not known", True: "yes", False: "no"}[alert.mfa]
    return (
        alert.outcome.value.replace("_", " "),
        alert.error_code,
        ", ".join(alert.resources),
        alert.actor,
        alert.source_ip,
        alert.aws_region,
        mfa,
        alert.via,
        "" if alert.error_message == alert.error_code else alert.error_message,
    )


def _shown(value: str) -> str:
    return one_line(value, LONGEST_VALUE) or "none"


def _sentence(alert: Alert) -> str:
    """The text as it was before anything was changed or allowed."""
    said = alert.text.removesuffix(_note(alert.changes))
    return said.replace(allowed_note(alert.allowed), "", 1)


def _note(changes: str) -> str:
    return f" (corrected: {changes})" if changes else ""
