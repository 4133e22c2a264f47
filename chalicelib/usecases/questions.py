"""Was it you? Who did it is asked, and where they do not answer that is said."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Self

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.clicks import Handled, Reply
from chalicelib.alerts.delivery import DeliveryState, flood_of, is_person
from chalicelib.alerts.followups import Followup, FollowupKind, followup_of
from chalicelib.alerts.mutes import Mute
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.sayings import ANSWER_WITHIN, no_answer, question
from chalicelib.alerts.telling import told_in
from chalicelib.monitoring.notes import read, write
from chalicelib.monitoring.stored import moment, typed
from chalicelib.slack.people import conversation_with
from chalicelib.usecases.later import DONE, Around, Then
from chalicelib.usecases.reminders import LOOK_AGAIN

# Of one rule in one account somebody is asked no more than once in so long.
ASK_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who was asked lately about what kind, a hash of both: about which alert, and when."""

    KEY: ClassVar[str] = "asked"

    lately: Mapping[str, tuple[str, datetime]] = field(default_factory=dict)

    def since(self, first: datetime, now: datetime) -> dict[str, tuple[str, datetime]]:
        """Those from then on until now."""
        return {kind: one for kind, one in self.lately.items() if first < one[1] <= now}

    def as_json(self) -> dict[str, Any]:
        return {kind: [about, at.isoformat()] for kind, (about, at) in self.lately.items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(lately={kind: _lately(one) for kind, one in stored.items()})


def ask(followup: Followup, around: Around) -> Then:
    """Ask whom `more` names: in person where the token may, else in the thread. Of one rule in one
    account nobody is asked more than once an hour. Raises StandingError.
    """
    stored = around.store.archive.get(followup.subject)
    if stored is None or stored.alert.handling.answer or _is_hidden(stored):
        return DONE
    alert = stored.alert
    user = alert.handling.asked or around.user(followup.more)
    if not user:
        return DONE
    if not _may_ask(user, alert, around):
        return DONE
    asking = question(alert, user, _channel(user, stored, around), around.now)
    asked = partial(_asked, user=user, at=around.now)
    around.store.handlings.handle(alert.alert_id, asked, around.now)
    around.say(asking)
    due_at = around.now + ANSWER_WITHIN
    after = followup_of(FollowupKind.NO_ANSWER, alert.alert_id, due_at, more=asking.alert_id)
    return Then(others=(after,))


def miss_answer(followup: Followup, around: Around) -> Then:
    """Say that nobody has answered for so long since the question was told. `more` is its id. What
    could not be told to the person by then is asked in the thread.
    """
    archive, now = around.store.archive, around.now
    stored, asking = archive.get(followup.subject), archive.get(followup.more)
    if stored is None or asking is None or _is_answered(stored.alert):
        return DONE
    for told in told_in(asking, now):
        if told.since is None:
            _ask_elsewhere(asking, stored, around)
        due_at = now + LOOK_AGAIN if told.since is None else told.since + ANSWER_WITHIN
        if due_at > now:
            return Then(again=due_at)
    around.say(*(no_answer(stored.alert, told.channel, now) for told in told_in(stored, now)))
    return DONE


def _channel(user: str, stored: StoredAlert, around: Around) -> str:
    """Where the person is asked: their own channel, else that of the alert's message."""
    if around.ask and conversation_with(around.ask, user):
        return f"@{user}"
    return stored.deliveries[0].channel


def _ask_elsewhere(asking: StoredAlert, stored: StoredAlert, around: Around) -> None:
    """Move what waits for a person's own channel to that of the alert's message."""
    for each in asking.deliveries:
        if is_person(each.channel):
            channel = stored.deliveries[0].channel
            around.store.queue.replace(each, replace(each, channel=channel))


def _lately(stored: Any) -> tuple[str, datetime]:
    about, at = typed(stored, list)
    return typed(about, str), moment(at)


def _may_ask(user: str, alert: Alert, around: Around) -> bool:
    """Whether they were not asked about another of its kind lately; notes that they are now."""
    notes = around.store.notes
    lately = (read(notes, Asked) or Asked()).since(around.now - ASK_AGAIN, around.now)
    kind = hashlib.sha256(f"{user}\x1f{flood_of(alert)}".encode(errors="replace")).hexdigest()[:16]
    about, _ = lately.get(kind, (alert.alert_id, around.now))
    if about != alert.alert_id:
        return False
    write(notes, Asked(lately={**lately, kind: (alert.alert_id, around.now)}))
    return True


def _is_hidden(stored: StoredAlert) -> bool:
    return all(each.state is DeliveryState.MUTED for each in stored.deliveries)


def _is_answered(alert: Alert) -> bool:
    """Whether who was asked has said something, if only that they look at it."""
    owner = alert.handling.owner
    return bool(alert.handling.answer or (owner and owner.id == alert.handling.asked))


def _asked(stored: StoredAlert | None, _: Mute | None, *, user: str, at: datetime) -> Handled:
    """That they were asked, which changes no message."""
    if stored is None:
        return Handled(reply=Reply.GONE)
    if stored.alert.handling.asked:
        return Handled(reply=Reply.REPEATED, alert=stored.alert)
    handling = replace(stored.alert.handling, asked=user, asked_at=at)
    return Handled(reply=Reply.REPEATED, alert=replace(stored.alert, handling=handling), quiet=True)
