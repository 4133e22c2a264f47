"""What people do with alerts, in the SQLite file."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from functools import partial

from chalicelib.alerts.clicks import Decide, Handled, Reply
from chalicelib.alerts.mutes import MOST_MUTES, Mute
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.retelling import told_after
from chalicelib.stores.sqlite import alerts as sqlite_alerts
from chalicelib.stores.sqlite.clicks import remember
from chalicelib.stores.sqlite.corrections import write_over
from chalicelib.stores.sqlite.database import Database
from chalicelib.stores.sqlite.followups import put_followups
from chalicelib.stores.sqlite.mutes import count_in_force, in_slot, put_mute


class SqliteHandlings:
    """See Handlings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def handle(self, alert_id: str, decide: Decide, at: datetime, key: str = "") -> Handled:
        with self._database.writing() as connection:
            row = sqlite_alerts.body(connection, alert_id)
            stored = None if row is None else sqlite_alerts.stored_at(connection, row)
            if not remember(connection, key, at):
                return Handled(reply=Reply.REPEATED, alert=stored.alert if stored else None)
            handled = _decided(connection, decide, stored)
            if handled.begins and handled.mute:
                put_mute(connection, handled.mute)
            if row is not None and stored and handled.alert:
                again = partial(told_after, stored=stored, handled=handled, at=at)
                write_over(connection, row, stored.alert, handled.alert, again)
            put_followups(connection, handled.followups)
            return handled


def _decided(connection: sqlite3.Connection, decide: Decide, stored: StoredAlert | None) -> Handled:
    handled = decide(stored, None)
    if not (handled.begins and handled.mute):
        return handled
    standing: Mute | None = in_slot(connection, handled.mute.slot)
    if standing:
        return decide(stored, standing)
    if count_in_force(connection) >= MOST_MUTES:
        return Handled(reply=Reply.TOO_MANY_MUTES, alert=stored.alert if stored else None)
    return handled
