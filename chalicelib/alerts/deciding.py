"""What a click comes to: who owns an alert, what is muted, what was answered (pure)."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Action, Click, Decide, Handled, Reply
from chalicelib.alerts.followups import Followup, FollowupKind, followup_of
from chalicelib.alerts.handling import NO, YES, Handling, Muted, Person
from chalicelib.alerts.mutes import LONGEST, Mute, may_be_muted, mute_of, prolonged
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.post import Post, PostKind
from chalicelib.cloudtrail.texts import one_line
from chalicelib.rules.rule import Severity

# Whom a "no" calls, whatever the rule says.
EVERYBODY = "@channel"
# What to do first after a "no", where the rule has no runbook.
FIRST = (
    "Somebody acts in their name: end their sessions and switch their access keys off, then see "
    "what else was done."
)
LONGEST_WHY = 300


def decision(click: Click, beside: Collection[Post] = ()) -> Decide:
    """What decides on a click of any action but MUTE_END. `beside` are the posts besides the
    alert's own that carry it: that of the question which was asked about it.
    """
    decide = _DECISIONS[click.action]

    def decided(stored: StoredAlert | None, standing: Mute | None) -> Handled:
        if stored is None or stored.alert.notice:
            return Handled(reply=Reply.GONE)
        if click.ts and not _is_carried(click, stored, beside):
            reply = Reply.NOT_YET if _is_under_way(click, stored.posts) else Reply.ELSEWHERE
            return Handled(reply=reply, alert=stored.alert)
        return _touched(decide(click, stored, standing), stored, click)

    return decided


def spread_from(first: Alert, by: str) -> Decide:
    """What gives an alert of a digest the owner that the digest's first has, unless it has one;
    where that gave it back, it takes it from who did so, the person with the id `by`: also where
    somebody else has the first by now.
    """

    def decided(stored: StoredAlert | None, _: Mute | None) -> Handled:
        if stored is None:
            return Handled(reply=Reply.GONE)
        alert, owner = stored.alert, stored.alert.handling.owner
        gives = first.handling.owner is not None
        if owner == first.handling.owner or (owner and owner.id != by):
            return Handled(reply=Reply.TAKEN, alert=alert)
        handling = replace(alert.handling, owner=first.handling.owner, since=first.handling.since)
        reply = Reply.ACKNOWLEDGED if gives else Reply.RELEASED
        after = replace(alert, handling=handling)
        return Handled(reply=reply, alert=after, quiet=not _has_its_own_message(stored))

    return decided


def _has_its_own_message(stored: StoredAlert) -> bool:
    """Whether a message speaks of the alert itself, alone or before others, and not only of the one
    that was clicked.
    """
    return any(
        post.alert_ids[:1] == (stored.alert.alert_id,)
        and (post.kind is not PostKind.UPDATE or post.corrects)
        for post in stored.posts
    )


def _touched(handled: Handled, stored: StoredAlert, click: Click) -> Handled:
    """With when that was, where it changed something."""
    after = handled.alert
    if after is None or after.handling == stored.alert.handling:
        return handled
    handling = replace(after.handling, touched_at=click.at)
    return replace(handled, alert=replace(after, handling=handling))


def _acknowledge(click: Click, stored: StoredAlert, _: Mute | None) -> Handled:
    alert, owner = stored.alert, stored.alert.handling.owner
    if owner is not None:
        mine = is_same(owner, click.person)
        return Handled(reply=Reply.YOURS if mine else Reply.TAKEN, alert=alert)
    handling = replace(alert.handling, owner=click.person, since=click.at)
    return _changed(Reply.ACKNOWLEDGED, click, stored, handling)


def _release(click: Click, stored: StoredAlert, _: Mute | None) -> Handled:
    alert, owner = stored.alert, stored.alert.handling.owner
    if owner is None or not is_same(owner, click.person):
        return Handled(reply=Reply.NOT_YOURS, alert=alert)
    handling = replace(alert.handling, owner=None, since=None)
    return _changed(Reply.RELEASED, click, stored, handling)


def _mute(click: Click, stored: StoredAlert, standing: Mute | None) -> Handled:
    alert = stored.alert
    if not may_be_muted(alert):
        return Handled(reply=Reply.NEVER_MUTED, alert=alert)
    mute = mute_of(
        alert,
        click.person,
        click.at,
        click.span or LONGEST,
        channel=_channel(click, stored),
        channel_id=click.channel_id,
        why=one_line(click.why, LONGEST_WHY),
    )
    if standing:
        mute = prolonged(standing, mute)
        if mute is standing:
            return Handled(reply=Reply.MUTED_ALREADY, alert=alert, mute=standing)
    muted = Muted(mute_id=mute.mute_id, by=click.person, until=mute.until)
    return Handled(
        reply=Reply.MUTED,
        alert=replace(alert, handling=replace(alert.handling, muted=muted)),
        mute=mute,
        begins=True,
        followups=(
            followup_of(FollowupKind.MUTE_BEGAN, mute.mute_id, click.at, channel=mute.channel),
            followup_of(FollowupKind.MUTE_END, mute.mute_id, mute.until, channel=mute.channel),
        ),
    )


def _yes(click: Click, stored: StoredAlert, _: Mute | None) -> Handled:
    if refused := _not_to_answer(click, stored.alert):
        return refused
    handling = _answered(click, stored.alert, YES)
    if handling.owner is None:
        handling = replace(handling, owner=click.person, since=click.at)
    return Handled(reply=Reply.CONFIRMED, alert=replace(stored.alert, handling=handling))


def _no(click: Click, stored: StoredAlert, _: Mute | None) -> Handled:
    if refused := _not_to_answer(click, stored.alert):
        return refused
    places = (f"{post.channel_id} {post.ts}" for post in stored.posts if post.ts)
    handling = replace(_answered(click, stored.alert, NO), before=tuple(places))
    if handling.owner and is_same(handling.owner, click.person):
        handling = replace(handling, owner=None, since=None)  # by the yes that it takes back
    worse = replace(
        stored.alert,
        severity=Severity.CRITICAL,
        mention=EVERYBODY,
        runbook=stored.alert.runbook or FIRST,
        handling=handling,
    )
    again = followup_of(FollowupKind.REMIND, worse.alert_id, click.at, more=NO)
    return Handled(reply=Reply.DENIED, alert=worse, loud=True, followups=(again,))


def is_same(one: Person, other: Person) -> bool:
    """Whether two are one, whatever they are called by now."""
    return (one.id, one.via) == (other.id, other.via)


def _not_to_answer(click: Click, alert: Alert) -> Handled | None:
    """A question is answered once, and by whom it was asked; a no also takes a yes back."""
    if not alert.handling.asked or click.person.id != alert.handling.asked:
        return Handled(reply=Reply.NOT_ASKED, alert=alert)
    answer = alert.handling.answer
    is_answered = answer == NO or (answer and click.action is Action.YES)
    return Handled(reply=Reply.ANSWERED, alert=alert) if is_answered else None


def _answered(click: Click, alert: Alert, answer: str) -> Handling:
    return replace(alert.handling, answer=answer, answered_at=click.at, answered_by=click.person)


def _changed(reply: Reply, click: Click, stored: StoredAlert, handling: Handling) -> Handled:
    """The alert with that handling; what its message carries besides follows."""
    after = replace(stored.alert, handling=handling)
    return Handled(reply=reply, alert=after, followups=_spreading(click, stored))


def _spreading(click: Click, stored: StoredAlert) -> tuple[Followup, ...]:
    """What brings it to the other alerts that the message carries: `more` is the id of whoever
    clicked, and those of the alerts, but for repeats, which their message does not name.
    """
    alert_id = stored.alert.alert_id
    posts = _carrying(click, stored.posts) if click.ts else list(stored.posts)
    carried = dict.fromkeys(one for post in posts for one in (*post.alert_ids, *post.digest))
    others = [one for one in carried if one != alert_id]
    if not others and all(post.repeats == 1 for post in posts):
        return ()
    more = " ".join((click.person.id, *others))
    channel = _channel(click, stored)
    return (followup_of(FollowupKind.SPREAD, alert_id, click.at, channel=channel, more=more),)


def _is_carried(click: Click, stored: StoredAlert, beside: Collection[Post]) -> bool:
    """Whether the message that was clicked tells of the alert, or did before that was told anew."""
    was_before = f"{click.channel_id} {click.ts}" in stored.alert.handling.before
    return was_before or bool(_carrying(click, (*stored.posts, *beside)))


def _carrying(click: Click, posts: Collection[Post]) -> list[Post]:
    """Those of the posts that are the message which was clicked."""
    return [post for post in posts if (post.channel_id, post.ts) == (click.channel_id, click.ts)]


def _is_under_way(click: Click, posts: Collection[Post]) -> bool:
    """Whether one of the posts may be the message that was clicked, once its outcome is known."""
    return any(
        post.ts is None and not post.settled and post.channel_id in (None, click.channel_id)
        for post in posts
    )


def _channel(click: Click, stored: StoredAlert) -> str:
    """The channel that was clicked in, as deliveries name it; of the operator's the first."""
    posts = _carrying(click, stored.posts)
    names = (*(post.channel for post in posts), *stored.alert.channels)
    return next(iter(names), "")


_DECISIONS: dict[Action, Callable[[Click, StoredAlert, Mute | None], Handled]] = {
    Action.ACKNOWLEDGE: _acknowledge,
    Action.RELEASE: _release,
    Action.MUTE: _mute,
    Action.YES: _yes,
    Action.NO: _no,
}
