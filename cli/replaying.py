"""Replay: batches of records judged, kept where a store was named, and shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing, nullcontext

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.identity import remembered
from chalicelib.alerts.judging import new_of
from chalicelib.bootstrap import Program
from chalicelib.usecases.ingest import keep
from cli.batch import NOTHING, Batch
from cli.formats import Output
from cli.over_time import MOST_STEPS, OverTime
from cli.s3.marks import Marks
from cli.tally import Tally


class Replay:
    """One replay: batches of records judged, kept where a store was named, and shown."""

    def __init__(self, program: Program, output: Output, stored: bool, tally: Tally) -> None:
        self.tally = tally
        self._program = program
        self._output = output
        self._stored = stored
        self._seen: dict[str, Alert] = {}
        self._over_time = OverTime(program, MOST_STEPS if output.grows else 0)
        self._told_before: set[str] = set()

    def run(self, batches: Iterable[Batch], marks: Marks | None = None) -> None:
        """Replay everything, a batch at a time, so that memory stays flat; mark what is kept."""
        with closing(marks) if marks else nullcontext():
            for batch in batches:
                self._batch(batch)
                if marks:
                    marks.hear(batch.finished)

    def _batch(self, batch: Batch) -> None:
        judged = batch.judged
        self.tally.records += judged.records
        self.tally.readable += batch.readable
        for where, reason in batch.unreadable:
            self.tally.unreadables.tell(where, reason)
        if batch.readable:
            self.tally.unreadables.speak()
        matched = len(judged.alerts) + len(judged.addenda)
        told, new = self._kept(judged) if self._stored else self._not_kept(batch)
        self.tally.matched += matched
        self.tally.new += len(new)
        self.tally.known += matched - sum(alert.together is None for alert in new)
        self._output.take(batch, told, new)

    def end(self) -> None:
        """All was read: tell what came together, where no store told it on the way."""
        for told, new in self._over_time.told():
            self.tally.new += 1
            self._output.take(NOTHING, told, [new])
        self.tally.learned = self._over_time.learned

    def _kept(self, judged: Judged) -> tuple[Judged, Sequence[Alert]]:
        """What of a batch is not known to the store yet, and its alerts as it leaves them."""
        kept = keep(judged, self._program)
        ids = [alert.alert_id for alert in kept.alerts]
        self._seen |= {alert.alert_id: remembered(alert) for alert in kept.alerts}
        again = {each.alert_id for each in kept.amended if each.together} - self._seen.keys()
        self.tally.known += len(again - self._told_before)
        self._told_before |= again
        addenda = tuple(each for each in kept.amended if each.alert_id in self._seen)
        told = Judged(records=judged.records, alerts=kept.alerts, addenda=addenda)
        # As the whole batch left them: an addendum may be in it, or the event once more.
        return told, self._program.store.archive.alerts(ids) if ids else ()

    def _not_kept(self, batch: Batch) -> tuple[Judged, Sequence[Alert]]:
        """The same where there is no store: what was met before tells of itself."""
        self._over_time.add(batch.judged, batch.times)
        new = new_of(batch.judged, self._seen)
        self._seen |= {alert.alert_id: remembered(alert) for alert in new}
        return batch.judged, new
