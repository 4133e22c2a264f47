"""Reminders: what is urgent, told, and acknowledged by nobody for a while is said once more."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.alerts.followups import Followup
from chalicelib.alerts.sayings import reminder
from chalicelib.alerts.telling import Told, told_in
from chalicelib.usecases.later import DONE, Around, Then

# How far back the message is looked for that a repeat raised.
_A_DAY = timedelta(days=1)
# What is not told yet is looked at again after so long.
LOOK_AGAIN = timedelta(minutes=5)


def remind(followup: Followup, around: Around) -> Then:
    """Say it in the thread of each message that told it so long ago; look again at the others."""
    stored, now = around.store.archive.get(followup.subject), around.now
    if stored is None or stored.alert.handling.owner:
        return DONE
    wait = around.choices.remind.get(stored.alert.severity)
    if wait is None:
        return DONE
    again = []
    for told in told_in(stored, now):
        due_at = now + LOOK_AGAIN if told.since is None else told.since + wait
        if due_at > now:
            again.append(due_at)
        elif not _has_owner(told, around):
            around.say(reminder(stored.alert, told.message, wait, told.channel, now))
    return Then(again=min(again, default=None))


def _has_owner(told: Told, around: Around) -> bool:
    """Whether somebody looks at what the message shows, which a repeat has only raised."""
    if told.folded is None or told.since is None:
        return False
    queue, archive = around.store.queue, around.store.archive
    shown = queue.last_single(told.channel, told.folded, told.since - _A_DAY)
    if shown is None or shown.ts != told.message:
        return False
    return any(alert.handling.owner for alert in archive.alerts(shown.alert_ids[:1]))
