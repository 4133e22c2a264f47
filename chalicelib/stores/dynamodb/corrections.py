"""Corrections in the DynamoDB table: an alert written over, and what was sent of it due again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import amended, completed
from chalicelib.alerts.delivery import Delivery
from chalicelib.alerts.identity import may_change
from chalicelib.alerts.outbox import StoredAlert, StoreError
from chalicelib.alerts.retelling import as_of, told_again
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.alerts import Read, posts_of, read
from chalicelib.stores.dynamodb.calls import ConditionError
from chalicelib.stores.dynamodb.expressions import Action
from chalicelib.stores.dynamodb.followups import followup_actions
from chalicelib.stores.dynamodb.items import is_finished
from chalicelib.stores.dynamodb.places import day_of
from chalicelib.stores.dynamodb.rewriting import rewrite
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from chalicelib.stores.encoding import pack_record, seconds
from chalicelib.stores.rows import delivery_from

_TRIES = 10

# What an alert and its deliveries become; None where they stay as they are.
Correction = tuple[Alert, list[Delivery]]


def amend(kept: AlertTable, addendum: Alert) -> bool:
    """Write what an addendum adds; False where it is of nothing that is kept.

    What came together and is severer now is sent anew: no event of it was told so before.
    """
    loud = addendum.together is not None

    def change(found: Read) -> Correction | None:
        by = StoredAlert(alert=addendum)
        return _correction(kept, found, amended(found.alert, addendum), by, loud=loud)

    return _write(kept, addendum.alert_id, change, lambda found: may_change(found, addendum))


def complete(kept: AlertTable, original: StoredAlert) -> None:
    """Write what an alert's own event turned out to have been, and send what that adds.

    What was sent as something milder is sent anew: an update notifies nobody. What is to be looked
    at later of what it turned out to be is kept with it.
    """
    alert = original.alert

    def change(found: Read) -> Correction | None:
        return _correction(kept, found, completed(found.alert, alert), original, loud=True)

    later = followup_actions(original.followups)
    _write(kept, alert.alert_id, change, lambda _: True, later)


def _write(
    kept: AlertTable,
    alert_id: str,
    change: Callable[[Read], Correction | None],
    is_of_it: Callable[[Alert], bool],
    besides: Sequence[Action] = (),
) -> bool:
    """Write what an alert comes to, once it stands as it was read; False where it is not there."""
    for _ in range(_TRIES):
        found = read(kept.table, alert_id)
        if found is None or not is_of_it(found.alert):
            return False
        after = change(found)
        if after is None:
            return True
        alert, deliveries = after
        kept.mark(each.channel for each in deliveries if not is_finished(each.state))
        if alert.event_time != found.alert.event_time:
            kept.note_days([day_of(seconds(alert.event_time))])
        expires_at = found.item[TTL_ATTRIBUTE] or kept.expiry(kept.clock())
        try:
            rewrite(kept.table, found, alert, deliveries, expires_at, besides)
        except ConditionError:
            continue  # it changed since it was read
        return True
    raise StoreError(f"{kept.table.name}: an alert changed whenever it was to be corrected")


def _correction(
    kept: AlertTable, found: Read, after: Alert, by: StoredAlert, *, loud: bool = False
) -> Correction | None:
    """What turns the alert that is kept into the other, deliveries that only this one has
    included.
    """
    before, there = found.alert, found.deliveries
    record_stays = after.record is before.record or pack_record(after.record) == pack_record(
        before.record
    )
    if after == before and record_stays:
        return None
    made = posts_of(kept.table, found)
    told = [told_again(each, before, after, made, by.alert.seen_at, loud=loud) for each in there]
    # An addendum too old to be sent has no deliveries.
    more = [as_of(each, after) for each in by.deliveries if each.channel not in _channels(there)]
    return after, [*as_written(found, told), *more]


def as_written(found: Read, told: Iterable[Delivery]) -> list[Delivery]:
    """The deliveries as they are to be written: that they are under way their post says alone."""
    written = [delivery_from(row) for row in found.rows]
    return [
        after if now == before else replace(after, state=before.state, post_id=before.post_id)
        for before, now, after in zip(written, found.deliveries, told, strict=True)
    ]


def _channels(deliveries: Iterable[Delivery]) -> frozenset[str]:
    return frozenset(each.channel for each in deliveries)
