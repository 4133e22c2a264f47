"""Clicks: what a person wants done with an alert or a mute, what came of it, and the port."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from chalicelib.alerts.followups import Followup
from chalicelib.alerts.handling import Person
from chalicelib.alerts.mutes import Mute

if TYPE_CHECKING:
    from chalicelib.alerts.alert import Alert
    from chalicelib.alerts.outbox import StoredAlert

# For how long the key of a click is remembered: a signature is taken 5 minutes before and after.
REMEMBERED = timedelta(minutes=15)


class Action(Enum):
    """What is wanted: the `action_id` of the button."""

    ACKNOWLEDGE = "acknowledge"
    RELEASE = "release"
    MUTE = "mute"
    MUTE_END = "mute_end"
    YES = "was_it_you:yes"
    NO = "was_it_you:no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Click:
    """What `person` wants `at` that time. `subject` is an alert's id, of MUTE_END a mute's.

    `key` is of the very request (a hash of its signature), so that it is taken once; "" from the
    operator's command. `channel_id` and `ts` are of the message that was clicked, "" where there
    is none: then nothing asks whether the message carries the alert. `span` is of MUTE, and `why`.
    """

    action: Action
    subject: str
    person: Person
    at: datetime
    key: str = ""
    channel_id: str = ""
    ts: str = ""
    span: timedelta | None = None
    why: str = ""


class Reply(Enum):
    """What came of it."""

    ACKNOWLEDGED = "acknowledged"
    RELEASED = "released"
    MUTED = "muted"
    MUTE_ENDED = "mute_ended"
    CONFIRMED = "confirmed"  # was it you: yes
    DENIED = "denied"  # was it you: no
    # Nothing was changed by the rest.
    TAKEN = "taken"  # somebody else looks at it: Handled.alert says who
    YOURS = "yours"  # whoever clicked has it already
    NOT_YOURS = "not_yours"  # only its owner gives it back; nobody may have it by now
    MUTED_ALREADY = "muted_already"  # Handled.mute is in force, as long or longer
    NEVER_MUTED = "never_muted"  # critical, of several, or about Trailbell itself
    TOO_MANY_MUTES = "too_many_mutes"
    NO_MUTE = "no_mute"  # it has ended already, or never was
    NOT_ASKED = "not_asked"  # somebody else was asked, or nobody
    ANSWERED = "answered"  # it was answered before
    GONE = "gone"  # no such alert
    ELSEWHERE = "elsewhere"  # the message that was clicked does not carry the alert
    NOT_YET = "not_yet"  # where its message went is not known yet
    REPEATED = "repeated"  # this very request was taken before


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What came of a click, with the alert and the mute as they are now; None where there is none.

    What a decision is made of besides: `followups` are kept with it; `begins` says that `mute`
    begins, or is prolonged; `loud` that what is severer now is told anew; `quiet` that no message
    is updated for it.
    """

    reply: Reply
    alert: Alert | None = None
    mute: Mute | None = None
    followups: tuple[Followup, ...] = ()
    begins: bool = False
    loud: bool = False
    quiet: bool = False


# Pure: from an alert as it is kept (None: there is none), without its record, and the mute that is
# in force in the place of the one that is to begin (None: none, or not asked yet), to what comes
# of it. It may be asked several times, each time with what holds by then.
Decide = Callable[["StoredAlert | None", "Mute | None"], Handled]


class Handlings(Protocol):
    """What keeps what people do with alerts. Raises StoreError."""

    def handle(self, alert_id: str, decide: Decide, at: datetime, key: str = "") -> Handled:
        """Decide and write what comes of it, in one transaction: the alert, where its handling or
        more of it changed, with its sent messages to be updated (as Outbox.amend does); the mute
        that begins; the followups; and `key`, whatever came of it. A key that was taken before
        changes nothing: REPEATED. Where MOST_MUTES are in force: TOO_MANY_MUTES.
        """
