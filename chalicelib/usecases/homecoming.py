"""What a sweep does with the payloads at the failure destination, whatever that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from shlex import quote
from typing import TYPE_CHECKING, Protocol

from chalicelib.alerts.outbox import StoreError
from chalicelib.monitoring.dead_letters import MOST_FAILURES, DeadLetters, Deployed
from chalicelib.monitoring.letter_alerts import parked_alert
from chalicelib.monitoring.metrics import batch_metrics
from chalicelib.monitoring.notes import Unread, read, write
from chalicelib.monitoring.own_alerts import keep_own
from chalicelib.parameters import SecretError
from chalicelib.rules.place import RulesError
from chalicelib.stores.failures import GoneError, Page, SourceError, Waiting
from chalicelib.usecases.ingest import judge, keep
from chalicelib.usecases.taking_in import TakenIn, take_in

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Parts

AT_ONCE = 10
# Four times what Lambda hands over asynchronously, which is 1 MB, for its wrapper.
# Source: Lambda quotas, "Invocation payload".
LARGEST_BYTES = 4 * 1024 * 1024
TOO_LARGE = f"it is larger than {LARGEST_BYTES:,} bytes, so it was not read"
# A payload is begun only where so much is left: ten seconds for it and 15 for the end.
BEGIN_MILLIS = 25_000.0


class Failures(Protocol):
    """The failure destination. Raises SourceError."""

    def where(self, key: str = "") -> str:
        """The destination, or a payload in it, as `redrive` takes them."""

    def page(self, after: str = "") -> Page:
        """The next that wait, by name."""

    def text(self, key: str) -> str:
        """A payload in Lambda's wrapper. Raises GoneError."""

    def delete(self, key: str) -> None:
        """Remove a payload."""


@dataclass(slots=True, kw_only=True)
class Homecoming:
    """What one sweep came to: payloads taken in, those that failed, and all that are parked."""

    home: int = 0
    failed: int = 0
    parked: int = 0


def take_home(
    failures: Failures, parts: Parts, millis_left: Callable[[], float], deployed: Deployed
) -> Homecoming:
    """One sweep's part of what `failures` holds. Raises nothing."""
    sweep = _Sweep(failures, parts, millis_left, deployed)
    try:
        sweep.run()
    except (RulesError, SecretError, SourceError, StoreError) as error:
        _say_that_they_wait(parts, error)
    return sweep.report


def _say_that_they_wait(parts: Parts, error: Exception) -> None:
    parts.log.say("dead letters wait", reason=str(error))


@dataclass(slots=True)
class _Sweep:
    """One sweep's work; what it knows of the payloads is noted before each is begun, and after.

    That note is the probe: a failure that was noted happened while the store took writes.
    """

    failures: Failures
    parts: Parts
    millis_left: Callable[[], float]
    deployed: Deployed
    known: DeadLetters = field(default_factory=DeadLetters)
    report: Homecoming = field(default_factory=Homecoming)
    # Failed by the destination's own trouble, if others do not.
    doubtful: list[str] = field(default_factory=list)

    def run(self) -> None:
        now = self.parts.now()
        if self.millis_left() < BEGIN_MILLIS:
            return
        page = self.failures.page()
        if not page.waiting:
            return
        _ = self.parts.ruleset
        before = read(self.parts.store.notes, DeadLetters) or DeadLetters()
        if before.is_busy(now):
            return
        known = before.as_of(now)
        if known != before:
            self.parts.log.say("dead letters noted later than now", now=now.isoformat())
        self.known = known.cut_off(now, self.deployed)
        self._take(self._page(page))
        self._note(before)
        self._tell()
        self.report.parked = self.known.parked

    def _page(self, first: Page) -> Page:
        """What this sweep looks at. Of a long listing a part, and the next sweep at another once
        nothing new is in it, so that what fails there keeps nobody waiting.
        """
        if not first.more and not self.known.after:
            keys = [each.key for each in first.waiting]
            self.known = self.known.among(keys)
            return first
        page = self.failures.page(self.known.after) if self.known.after else first
        fresh = sum(1 for each in page.waiting if not self.known.tries(each.key))
        if fresh < AT_ONCE:
            self.known = self.known.worked_through(page.waiting[-1].key if page.more else "")
        return page

    def _take(self, page: Page) -> None:
        for each in self._chosen(page):
            if self.millis_left() < BEGIN_MILLIS:
                break
            self.known = self.known.begun(each.key, self.parts.now())
            self._write()
            try:
                self._try(each)
            except SecretError as error:  # no fault of the payload's, nor will the next do better
                _say_that_they_wait(self.parts, error)
                break
            finally:
                self.known = self.known.ended()
        if self.report.home:
            for key in self.doubtful:
                self.known = self.known.counting(key, self.deployed)
        keys = [each.key for each in page.waiting]
        self.known = self.known.about_to_tell(keys, self.parts.now())

    def _chosen(self, page: Page) -> list[Waiting]:
        """The oldest first; what failed before comes behind what did not, or less often."""
        now, known = self.parts.now(), self.known
        due = [each for each in page.waiting if known.is_due(each.key, now, self.deployed)]
        due.sort(key=lambda each: (known.tries(each.key), each.at, each.key))
        return due[:AT_ONCE]

    def _try(self, each: Waiting) -> None:
        """Take a payload in, and only then delete it. Raises SecretError."""
        if each.size > LARGEST_BYTES:
            self._failing(each.key, TOO_LARGE, MOST_FAILURES)
            return
        try:
            taken = self._taken(each)
            if not taken.lost:
                self.failures.delete(each.key)
        except GoneError:
            self.known = self.known.without(each.key)
        except SourceError as error:
            self.doubtful.append(each.key)
            self._failing(each.key, str(error), 0)
        except SecretError:
            raise
        except Exception as error:  # a payload may fail in whatever way, and costs itself alone
            reason = str(error) if isinstance(error, StoreError) else type(error).__name__
            self._failing(each.key, reason, 1)
        else:
            self._settle(each.key, taken)

    def _taken(self, each: Waiting) -> TakenIn:
        text, where = self.failures.text(each.key), self.failures.where(each.key)
        return take_in(
            text, where, partial(judge, parts=self.parts), partial(keep, parts=self.parts)
        )

    def _settle(self, key: str, taken: TakenIn) -> None:
        if taken.lost:
            self._lost(key, taken)
            return
        self.report.home += 1
        self.known = self.known.without(key)
        counts = taken.judged.counts
        self.parts.log.measure(batch_metrics(**counts))
        self.parts.log.say("dead letter taken in", key=key, **counts, new=len(taken.kept.new))

    def _lost(self, key: str, taken: TakenIn) -> None:
        """What can be read is kept by now, and the rest stays: it fails until it is parked."""
        if not self.known.tries(key):
            self.parts.log.unreadable(taken.unreadable)
            note = Unread(at=self.parts.now(), records=len(taken.unreadable))
            write(self.parts.store.notes, note)
        where = f"{self.failures.where(key)}: "
        self._failing(key, taken.lost[0].removeprefix(where), 1)

    def _failing(self, key: str, reason: str, failures: int) -> None:
        self.report.failed += 1
        self.parts.log.say("dead letter failed", key=key, reason=reason)
        now = self.parts.now()
        self.known = self.known.failing(key, reason, failures, now, self.deployed)

    def _note(self, before: DeadLetters) -> None:
        if self.known != before or before.is_to_be_seen_again(self.parts.now()):
            self._write()

    def _write(self) -> None:
        self.known = self.known.seen(self.parts.now())
        write(self.parts.store.notes, self.known)

    def _tell(self) -> None:
        """Told once: what is told is noted first, so that who was cut off goes on with the same."""
        telling = self.known.telling
        if telling is None:
            return
        command = self._command(telling.key if telling.count == 1 else "")
        channel = self.parts.default_channel()
        alert = parked_alert(telling, command=command, channel=channel)
        keep_own(self.parts.store.outbox, [alert], self.parts.now())
        self.known = self.known.told()
        self._write()

    def _command(self, key: str) -> str:
        """What takes one payload in by hand, or all of them."""
        settings = self.parts.settings
        channel = f"SLACK_CHANNEL={quote(settings.slack_channel)}"
        source = quote(self.failures.where(key))
        return f"{channel} trailbell.py redrive {source} --store {settings.alert_store}"
