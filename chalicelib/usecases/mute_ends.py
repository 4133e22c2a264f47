"""Mutes: what is told of one that begins, of one that hides many, and of one that ends."""

from __future__ import annotations

import json
from datetime import timedelta

from chalicelib.alerts.asking import whom
from chalicelib.alerts.followups import Followup, FollowupKind, followup_of
from chalicelib.alerts.mutes import LONGEST, Mute
from chalicelib.alerts.sayings import MANY, mute_ended, mute_hides_many, muted_own_doing
from chalicelib.usecases.handle import clear_muted
from chalicelib.usecases.later import DONE, Around, Then

# Several times within the shortest mute.
COUNT_EVERY = timedelta(minutes=15)
_A_DAY = timedelta(days=1)


def begin_mute(followup: Followup, around: Around) -> Then:
    """Tell where it hides what whoever made it did, and count from then on.

    Raises StandingError.
    """
    mute = around.store.mutes.get(followup.subject)
    if mute is None:
        return DONE
    if _is_own_doing(mute, around):
        around.say(muted_own_doing(mute, around.now))
    return Then(others=(_count_again(mute, around, 0, 0),))


def end_mute(followup: Followup, around: Around) -> Then:
    """End it where nobody did, and say what it hid, which is counted once nothing more can be."""
    mutes, now = around.store.mutes, around.now
    mute = mutes.get(followup.subject)
    if mute is None:
        return DONE
    if mute.ended_at is None:
        if now < mute.until <= now + LONGEST:
            return Then(again=mute.until)  # it was prolonged
        mutes.end(mute.mute_id, now)
        mute = mutes.get(followup.subject) or mute
    elif mute.ended_at < followup.due_at:
        return DONE  # what is due at that time says so
    around.say(mute_ended(mute, mutes.hidden(mute.mute_id), now))
    clear_muted(mute, around.store, now)
    return DONE


def count_hidden(followup: Followup, around: Around) -> Then:
    """Every quarter of an hour of a mute: tell where it hides too many within a day. `more` is the
    day of the mute that is counted, and how many were hidden when that began.
    """
    mute, now = around.store.mutes.get(followup.subject), around.now
    if mute is None or mute.ended_at or now >= mute.until:
        return DONE
    day, before = json.loads(followup.more)
    hidden = around.store.mutes.hidden(mute.mute_id)
    if hidden - before > MANY:
        around.say(mute_hides_many(mute, hidden - before, day, now))
    today = max((now - mute.since) // _A_DAY, day)
    if today > day:
        day, before = today, hidden
    return Then(others=(_count_again(mute, around, day, before),))


def _count_again(mute: Mute, around: Around, day: int, before: int) -> Followup:
    due_at = around.now + COUNT_EVERY
    more = json.dumps([day, before])
    return followup_of(FollowupKind.MUTE_COUNT, mute.mute_id, due_at, more=more)


def _is_own_doing(mute: Mute, around: Around) -> bool:
    """Whether who made it is who did it, as far as anybody knows."""
    stored = around.store.archive.get(mute.of_alert)
    who = whom(stored.alert, around.people) if stored else ""
    user = around.user(who)
    return bool(user) and user == mute.by.id
