"""What a sweep does before it sends: whatever is due later, and the day's summary."""

from __future__ import annotations

from chalicelib.alerts.followups import Followup, FollowupKind
from chalicelib.delivery.run import Run
from chalicelib.rules.place import RulesError
from chalicelib.usecases.handle import spread
from chalicelib.usecases.later import DONE, Around, Do, Then, around, do_due
from chalicelib.usecases.mute_ends import begin_mute, count_hidden, end_mute
from chalicelib.usecases.parts import Parts
from chalicelib.usecases.questions import ask, miss_answer
from chalicelib.usecases.reminders import remind
from chalicelib.usecases.summary import sum_up


def _spread(followup: Followup, around: Around) -> Then:
    """What was done with a digest, to each alert in it."""
    spread(followup, around.store, around.now)
    return DONE


DOES: dict[FollowupKind, Do] = {
    FollowupKind.REMIND: remind,
    FollowupKind.ASK: ask,
    FollowupKind.NO_ANSWER: miss_answer,
    FollowupKind.SPREAD: _spread,
    FollowupKind.MUTE_BEGAN: begin_mute,
    FollowupKind.MUTE_END: end_mute,
    FollowupKind.MUTE_COUNT: count_hidden,
}


def due_later(parts: Parts, run: Run, default_channel: str) -> int:
    """Do it; how many followups were due. While no rules load, nobody knows what was chosen, and
    all of it waits. Raises StoreError.
    """
    try:
        ruleset = parts.ruleset
    except RulesError:
        return 0
    work = around(run, parts.store, ruleset.handling, ruleset.people)
    done = do_due(work, DOES, run.millis_left)
    if ruleset.summary:
        sum_up(parts.store, ruleset.summary, default_channel, run.now(), run.millis_left)
    return done
