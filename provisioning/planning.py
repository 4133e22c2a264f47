"""What apply would change: what is wanted, then what is idle since another's was adopted."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from provisioning.change import Action, Change, Unread, plan, plan_removal
from provisioning.survey import Survey

# CloudTrail writes within about five minutes, and promises nothing.
SETTLED = timedelta(hours=1)


def planned(seen: Survey, now: datetime) -> tuple[Change, ...]:
    """The changes, in order."""
    return (*plan(seen.parts, seen.found, frozenset(seen.functions)), *removals(seen, now))


def removals(seen: Survey, now: datetime) -> tuple[Change, ...]:
    """Those that remove what is idle. Two trails overlap for a while, so that no record falls
    between.
    """
    idle = [part for part in seen.former if not isinstance(seen.found[part.title], Unread)]
    removed = plan_removal(idle, seen.found, frozenset(seen.functions), data=False)
    if seen.listening_since is None or is_new(seen, now):
        removed = tuple(_later(change) for change in removed)
    return removed


def is_new(seen: Survey, now: datetime) -> bool:
    """Whether our filter is so young that CloudTrail may not have written since."""
    return seen.listening_since is not None and now - seen.listening_since < SETTLED


def _later(change: Change) -> Change:
    if change.action is not Action.REMOVE:
        return change
    why = "of an earlier choice, still costing: apply removes it an hour after the filter was made"
    return replace(change, action=Action.LATER, why=why, calls=())
