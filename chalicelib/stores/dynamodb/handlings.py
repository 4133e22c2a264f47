"""What people do with alerts, in the DynamoDB table: decided on what was read, written where that
still stands, else read anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from chalicelib.alerts.clicks import Decide, Handled, Reply
from chalicelib.alerts.mutes import Mute
from chalicelib.alerts.outbox import StoredAlert, StoreError
from chalicelib.alerts.retelling import told_after
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.alerts import Read, is_expired, posts_of, read
from chalicelib.stores.dynamodb.calls import ConditionError
from chalicelib.stores.dynamodb.clicks import click_actions
from chalicelib.stores.dynamodb.corrections import as_written
from chalicelib.stores.dynamodb.expressions import Action, put_action
from chalicelib.stores.dynamodb.followups import followup_actions
from chalicelib.stores.dynamodb.items import is_finished
from chalicelib.stores.dynamodb.marks import new_mark
from chalicelib.stores.dynamodb.mutes import begin_actions, in_slot
from chalicelib.stores.dynamodb.rewriting import rewrite
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE

_TRIES = 20


class DynamoHandlings:
    """See Handlings."""

    def __init__(self, kept: AlertTable) -> None:
        self._kept = kept

    def handle(self, alert_id: str, decide: Decide, at: datetime, key: str = "") -> Handled:
        standing: Mute | None = None
        for _ in range(_TRIES):
            found = read(self._kept.table, alert_id)
            if found and is_expired(found.item, self._kept.now()):
                found = None
            stored = self._stored(found) if found else None
            handled = decide(stored, standing)
            click, begins = click_actions(key, at), self._begins(handled, standing)
            try:
                actions = [*click, *begins, *followup_actions(handled.followups)]
                self._write(found, stored, handled, at, actions)
            except ConditionError as error:
                failed = {place - len(click) for place in error.failed}
                alert = stored.alert if stored else None
                if -1 in failed:
                    return Handled(reply=Reply.REPEATED, alert=alert)
                if handled.mute and begins and 0 in failed:
                    standing = in_slot(self._kept.table, handled.mute.slot)
                elif begins and len(begins) - 1 in failed:
                    return self._refused(click, Handled(reply=Reply.TOO_MANY_MUTES, alert=alert))
            else:
                return handled
        raise StoreError(f"{self._kept.table.name}: an alert changed whenever it was to be handled")

    def _refused(self, click: list[Action], handled: Handled) -> Handled:
        """Nothing but the click is noted."""
        try:
            if click:
                self._kept.table.transact(click)
        except ConditionError:
            return replace(handled, reply=Reply.REPEATED)
        return handled

    def _stored(self, found: Read) -> StoredAlert:
        posts = posts_of(self._kept.table, found)
        return StoredAlert(alert=found.alert, deliveries=found.deliveries, posts=posts)

    def _begins(self, handled: Handled, standing: Mute | None) -> list[Action]:
        if not (handled.begins and handled.mute):
            return []
        return begin_actions(handled.mute, standing, self._kept.expiry(handled.mute.until))

    def _write(
        self,
        found: Read | None,
        stored: StoredAlert | None,
        handled: Handled,
        at: datetime,
        actions: list[Action],
    ) -> None:
        """Raises ConditionError, the places of `actions` first."""
        after = handled.alert
        if found is None or stored is None or after is None or after == stored.alert:
            if actions:
                self._kept.table.transact(actions)
            return
        told = [told_after(each, stored, handled, at) for each in stored.deliveries]
        written = as_written(found, told)
        # With the alert itself, since whoever clicked waits.
        waiting = {each.channel for each in written if not is_finished(each.state)}
        actions = [*actions, *(put_action(new_mark(name)) for name in sorted(waiting))]
        expires_at = found.item[TTL_ATTRIBUTE] or self._kept.expiry(self._kept.clock())
        after = replace(after, record=stored.alert.record)
        rewrite(self._kept.table, found, after, written, expires_at, actions)
