"""Which event an alert is of: told from another of the same id, and from an addendum's (pure).

An event's id can be written by whoever writes records (docs/reliability.md), so it alone neither
makes a record known already nor lets one change what is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import MAX_CORRECTIONS, tells_more
from chalicelib.alerts.followups import of_subject
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.cloudtrail.record import Record

# How far the time of an addendum that came first may be from that of its original.
ADDENDUM_WITHIN = timedelta(days=1)
USED_BEFORE = " (its event id was used before by another event)"


class Sifted(NamedTuple):
    """Of a batch what is new, under the id that it is to be kept by, and what completes an alert
    that is kept: see `corrections.completed`. The rest is known already.
    """

    new: list[StoredAlert]
    completing: list[StoredAlert]


def sift(stored: Iterable[StoredAlert], kept: Mapping[str, Alert]) -> Sifted:
    """Tell apart what of a batch is new; `kept` are the alerts that exist under its ids."""
    found = Sifted([], [])
    there = dict(kept)
    for each in stored:
        form = next((form for form in forms(each.alert) if _is_its_place(form, there)), None)
        if form is None:
            continue
        before = there.get(form.alert_id)
        if before is None:
            found.new.append(_under(each, form))
            there[form.alert_id] = form
        elif not form.of_addendum and _completes(before, form):
            found.completing.append(_under(each, form))
            there[form.alert_id] = form
    return found


def forms(alert: Alert) -> Iterator[Alert]:
    """The alert under each id that it may be kept by: the next where another event has the one."""
    yield alert
    if alert.of_addendum:
        alert = of_its_own(alert)
        yield alert
    if alert.own_id and alert.own_id != alert.alert_id:
        yield replace(alert, alert_id=alert.own_id, text=alert.text + USED_BEFORE)


def of_its_own(addendum: Alert) -> Alert:
    """An addendum's alert as that of an event of its own."""
    own = Record(addendum.record).alert_id
    return replace(addendum, alert_id=own, of_addendum=False)


def remembered(alert: Alert) -> Alert:
    """As much of an alert as tells its event from another, for whoever must remember many."""
    bare = replace(alert, resources=(), record={})
    return replace(bare, title="", text="", user_agent="", error_message="")


def may_change(kept: Alert, addendum: Alert) -> bool:
    """Whether an addendum is of the call that the alert tells of, and not one of too many."""
    if addendum.together:
        return kept.together is not None
    known = addendum.own_id in kept.corrected_by
    return _is_same_call(kept, addendum) and (known or len(kept.corrected_by) < MAX_CORRECTIONS)


def is_same_event(kept: Alert, alert: Alert) -> bool:
    """Whether two alerts of one id are of one event. What has no `own_id` is of our own making."""
    if not alert.own_id or kept.own_id == alert.own_id:
        return True
    if kept.own_id and not kept.of_addendum:
        return False
    return _is_same_time(kept, alert) and _is_same_call(kept, alert)


def _is_its_place(form: Alert, there: Mapping[str, Alert]) -> bool:
    """Whether nothing is kept under the form's id, or its own event is."""
    kept = there.get(form.alert_id)
    if kept is None:
        # What was kept by its own id stays so, also once the other event is gone.
        return form.own_id == form.alert_id or form.own_id not in there
    return may_change(kept, form) if form.of_addendum else is_same_event(kept, form)


def _is_same_time(kept: Alert, alert: Alert) -> bool:
    """Whether what has no `own_id` to tell was at the time of the alert.

    An addendum may have a time of its own; one of long ago would hide the alert far down the list.
    Earlier versions kept of a time that cannot be read when the record was seen.
    """
    if kept.of_addendum:
        return abs(kept.event_time - alert.event_time) <= ADDENDUM_WITHIN
    return kept.event_time in (alert.event_time, kept.seen_at)


def _completes(kept: Alert, alert: Alert) -> bool:
    return bool(alert.own_id) and (kept.of_addendum or tells_more(kept, alert))


def _is_same_call(one: Alert, other: Alert) -> bool:
    same = (one.event_name, one.event_source, one.account_id) == (
        other.event_name,
        other.event_source,
        other.account_id,
    )
    if one.principal and other.principal:
        return same and one.principal == other.principal
    return same and one.actor_id == other.actor_id  # kept before there was a principal


def _under(stored: StoredAlert, form: Alert) -> StoredAlert:
    """The alert in this form, with what is kept with it."""
    deliveries = tuple(replace(each, alert_id=form.alert_id) for each in stored.deliveries)
    followups = tuple(of_subject(each, form.alert_id) for each in stored.followups)
    return replace(stored, alert=form, deliveries=deliveries, followups=followups)
