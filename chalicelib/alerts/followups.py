"""Followups: what is to be looked at later, and the port that keeps them.

A followup is kept in the transaction of what it follows, so that no crash comes between. Doing it
must be harmless twice: it is done, then ended.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Protocol

# Nothing is kept for longer.
LONGEST = timedelta(days=7)


class FollowupKind(Enum):
    """What is to be looked at."""

    REMIND = "remind"  # whether the alert is acknowledged
    ASK = "ask"  # the actor, "was it you?"
    NO_ANSWER = "no_answer"  # whether they answered
    SPREAD = "spread"  # what was done with a digest, to the alerts in it
    MUTE_BEGAN = "mute_began"  # a mute: whether somebody mutes what they did themselves
    MUTE_END = "mute_end"  # a mute: end it, count what it hid, say so
    MUTE_COUNT = "mute_count"  # a mute: whether it hides too many


@dataclass(frozen=True, slots=True, kw_only=True)
class Followup:
    """What is to be looked at `due_at` that time, or later. `subject` is the alert's or the
    mute's id, `channel` where it is told; `more` is for whoever does it, of its own making.
    """

    followup_id: str
    kind: FollowupKind
    subject: str
    due_at: datetime
    channel: str = ""
    more: str = ""


def followup_of(
    kind: FollowupKind, subject: str, due_at: datetime, *, channel: str = "", more: str = ""
) -> Followup:
    """A followup; its id derives from all but the time. One made twice for the same time is one."""
    text = json.dumps([kind.value, subject, channel, more])
    return Followup(
        followup_id=hashlib.sha256(text.encode()).hexdigest()[:32],
        kind=kind,
        subject=subject,
        due_at=due_at,
        channel=channel,
        more=more,
    )


def is_due(followup: Followup, now: datetime) -> bool:
    """Whether it is to be looked at now. A due_at that lies further ahead than any can be was kept
    before the clock was put back: it holds nothing up.
    """
    return not now < followup.due_at <= now + LONGEST


def of_subject(followup: Followup, subject: str) -> Followup:
    """The same of another subject."""
    return followup_of(
        followup.kind, subject, followup.due_at, channel=followup.channel, more=followup.more
    )


class Followups(Protocol):
    """What keeps them. Raises StoreError.

    They are kept with what they follow: see StoredAlert.followups and Handled.followups.
    """

    def due(self, now: datetime, limit: int) -> list[Followup]:
        """Those that are due, the longest due first. It asks nothing where none was ever kept, or
        where all were ended.
        """

    def end(self, followup: Followup, then: Sequence[Followup] = ()) -> None:
        """It was done: remove it, and keep what is to follow, in one transaction."""
