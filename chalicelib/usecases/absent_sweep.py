"""Ingest notices that the sweep does not come: what the sweep watches, nobody watches then."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from chalicelib.monitoring.lateness import SWEEP, SWEEP_MISSING_AFTER
from chalicelib.monitoring.metrics import watch_metrics
from chalicelib.monitoring.notes import Reason, Reasons, Swept, read
from chalicelib.monitoring.reason_alerts import alert_of_changes
from chalicelib.monitoring.steps import STEPS
from chalicelib.monitoring.times import in_words, passed

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Parts

# A process looks no sooner than this after it started, and no more often: the way of an alert asks
# the store nothing more.
LOOK_EVERY_SECONDS = 300.0


class AbsentSweep:
    """Remembers when this process last looked, on a clock that only goes forward."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._looked: float | None = None

    def noticed(self, parts: Parts, started: float) -> bool:
        """Whether an alert of it was kept just now, which is once for each absence.

        `started` is when the process did, on the same clock. On one machine the sweep comes from
        the same process, or from nowhere.
        """
        since = started if self._looked is None else self._looked
        waits = self._monotonic() - since < LOOK_EVERY_SECONDS
        if waits or parts.settings.deployment is None:
            return False
        self._looked = self._monotonic()
        notes, now = parts.store.notes, parts.now()
        swept = read(notes, Swept)
        if swept is None or not passed(swept.at, now, SWEEP_MISSING_AFTER):
            return False
        standing = (read(notes, Reasons) or Reasons()).standing
        parts.log.measure(watch_metrics(1 + sum(not reason.lesser for reason in standing)))
        if any(reason.check == SWEEP for reason in standing):
            return False
        text = f"The sweep has not run since {in_words(swept.at)}: nothing else is watched."
        # Since it last ran, so that whoever notices it tells of the same.
        absent = Reason(check=SWEEP, since=swept.at, text=text, step=STEPS[SWEEP])
        channel = parts.default_channel()
        alert_of_changes(parts.store.outbox, notes, (*standing, absent), channel, now)
        return True


ABSENT_SWEEP = AbsentSweep()
