"""Handle: what a person wants done with an alert or a mute, stored before anything is answered.

Who may is asked before (rights), what is said of it is made afterwards (slack.replies).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.clicks import Action, Click, Handled, Reply
from chalicelib.alerts.deciding import decision, spread_from
from chalicelib.alerts.followups import Followup
from chalicelib.alerts.mutes import Mute
from chalicelib.alerts.notices import QUESTION, notice_id
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import Post

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.stores.store import Store
    from chalicelib.usecases.parts import Parts

# Repeats come in any order, and late.
REPEATS_WITHIN = timedelta(hours=1)
PAGE, MOST_PAGES = 200, 20


def handle(click: Click, parts: Parts) -> Handled:
    """Do it in one transaction, and what came of it. The store is asked once to read and once to
    write; where an answer is clicked, or a mute's end elsewhere than where it was made, once more.
    Raises StoreError.
    """
    store = parts.store
    if click.action is Action.MUTE_END:
        return _end_mute(click, store)
    beside: tuple[Post, ...] = ()
    if click.action in (Action.YES, Action.NO) and click.ts:
        question = store.archive.get(notice_id(QUESTION, click.subject))
        beside = question.posts if question else ()
    return store.handlings.handle(click.subject, decision(click, beside), click.at, click.key)


def _end_mute(click: Click, store: Store) -> Handled:
    """Its message says so once the sweep has ended what hangs on it (FollowupKind.MUTE_END)."""
    mute = store.mutes.get(click.subject)
    if mute and click.ts and not _was_told_in(click.channel_id, mute, store):
        return Handled(reply=Reply.ELSEWHERE)
    if mute and store.mutes.end(click.subject, click.at, click.person, click.key):
        ended = replace(mute, ended_at=click.at, ended_by=click.person)
        return Handled(reply=Reply.MUTE_ENDED, mute=ended)
    return Handled(reply=Reply.NO_MUTE, mute=mute)


def _was_told_in(channel_id: str, mute: Mute, store: Store) -> bool:
    """Whether people in the channel could read what the mute was made from, or of the mute.

    The channel and not the message: `/trailbell mutes` has buttons in answers that nothing keeps.
    """
    if mute.channel_id == channel_id:
        return True
    stored = store.archive.get(mute.of_alert)
    return stored is not None and any(post.channel_id == channel_id for post in stored.posts)


def spread(followup: Followup, store: Store, at: datetime) -> None:
    """Do a SPREAD: what was done with a message to each alert that it carries. Harmless again.
    Raises StoreError.
    """
    first = store.archive.get(followup.subject)
    if first is None:
        return
    by, *others = followup.more.split()
    repeats = _repeats(first, followup, store) if _is_repeated(first, followup.channel) else ()
    for alert_id in dict.fromkeys((*others, *repeats)):
        store.handlings.handle(alert_id, spread_from(first.alert, by), at)


def _is_repeated(first: StoredAlert, channel: str) -> bool:
    return any(post.channel == channel and post.repeats > 1 for post in first.posts)


def _repeats(first: StoredAlert, followup: Followup, store: Store) -> Iterator[str]:
    """The alerts that raised the × N of the first's message, in the channel of the click and before
    it: no message names them, each knows where it was told.
    """
    messages = {_place(post) for post in first.posts if post.channel == followup.channel}
    query = AlertQuery(
        since=first.alert.event_time - REPEATS_WITHIN,
        until=followup.due_at + REPEATS_WITHIN,
        account=(first.alert.account_id,),
    )
    keys = {each.repeat_key for each in first.deliveries if each.channel == followup.channel}
    cursor = None
    for _ in range(MOST_PAGES):
        page = store.archive.search(query, PAGE, cursor)
        for each in page.alerts:
            if _is_like(each, first, keys):
                found = store.archive.get(each.alert.alert_id)
                if found and messages & {_place(post) for post in found.posts}:
                    yield each.alert.alert_id
        cursor = page.next_cursor
        if cursor is None:
            return


def _is_like(one: StoredAlert, first: StoredAlert, keys: Collection[str]) -> bool:
    """Whether it is another that may have been folded into the first's message, by the repeat keys
    that this has in its channel.
    """
    is_other = one.alert.alert_id != first.alert.alert_id
    return is_other and any(each.repeat_key in keys for each in one.deliveries)


def _place(post: Post) -> tuple[str | None, str | None]:
    return post.channel_id, post.ts


def clear_muted(mute: Mute, store: Store, at: datetime) -> None:
    """Have the messages of the alerts that an ended mute was made or prolonged from say so no more.
    Harmless again. Raises StoreError.
    """

    def decided(stored: StoredAlert | None, _: Mute | None) -> Handled:
        if stored is None:
            return Handled(reply=Reply.GONE)
        handling, muted = stored.alert.handling, stored.alert.handling.muted
        if muted is None or muted.mute_id != mute.mute_id:
            return Handled(reply=Reply.NO_MUTE, alert=stored.alert)
        after = replace(stored.alert, handling=replace(handling, muted=None, touched_at=at))
        return Handled(reply=Reply.MUTE_ENDED, alert=after)

    for alert_id in (mute.of_alert, *mute.also):
        store.handlings.handle(alert_id, decided, at)
