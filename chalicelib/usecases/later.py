"""What is due later: reminders, "was it you?", and the ends of mutes.

Each followup is done, then ended: one that is cut off in between is done once more, which makes
nothing twice, since what it says has an id of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.followups import Followup, FollowupKind
from chalicelib.delivery.run import Run
from chalicelib.monitoring.own_alerts import keep_own
from chalicelib.rules.handling import HandlingChoices
from chalicelib.slack.client import SlackTransport
from chalicelib.slack.people import user_of
from chalicelib.slack.standing import Ask, StandingError
from chalicelib.stores.store import Store

# Of one sweep, so that what is due besides has its turn.
AT_ONCE = 25
# One followup asks Slack twice and the store a few times.
NEEDS_MILLIS = 15_000.0
TRY_AGAIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What followups are done with. `ask` is None where there is no Slack to ask."""

    store: Store
    now: datetime
    choices: HandlingChoices
    people: Mapping[str, str]
    ask: Ask | None = None

    def say(self, *notices: Alert) -> None:
        """Keep notices, due now; one that is kept already is not made again. Raises StoreError."""
        keep_own(self.store.outbox, notices, self.now)

    def user(self, who: str) -> str:
        """The id of the user who is `who`, an e-mail address or an id; where there is no Slack,
        who it is said to be. Raises StandingError.
        """
        return user_of(self.ask, who) if who and self.ask else who


class Then(NamedTuple):
    """What is to follow one that was looked at: nothing, itself `again`, or others."""

    again: datetime | None = None
    others: tuple[Followup, ...] = ()


Do = Callable[[Followup, Around], Then]
DONE = Then()


def around(run: Run, store: Store, choices: HandlingChoices, people: Mapping[str, str]) -> Around:
    """What the followups of this run are done with."""
    ask = run.transport.ask if isinstance(run.transport, SlackTransport) else None
    return Around(store=store, now=run.now(), choices=choices, people=people, ask=ask)


def do_due(
    around: Around, does: Mapping[FollowupKind, Do], millis_left: Callable[[], float]
) -> int:
    """Do what is due, the longest due first; how many. Raises StoreError.

    Once Slack has not answered, the rest of what would ask it waits too: what is sent needs time.
    """
    done = 0
    for followup in around.store.followups.due(around.now, AT_ONCE):
        if millis_left() < NEEDS_MILLIS:
            break
        if not _did(followup, around, does[followup.kind]):
            around = replace(around, ask=_away)
        done += 1
    return done


def _did(followup: Followup, around: Around, do: Do) -> bool:
    """Do it; False where Slack did not answer."""
    try:
        then, answered = do(followup, around), True
    except StandingError:
        then, answered = Then(again=around.now + TRY_AGAIN), False
    again = (replace(followup, due_at=then.again),) if then.again else ()
    around.store.followups.end(followup, (*again, *then.others))
    return answered


def _away(method: str, arguments: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001
    raise StandingError("it did not answer before")
