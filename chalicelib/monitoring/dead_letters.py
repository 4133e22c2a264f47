"""Dead letters: what is remembered of payloads that failed when they were taken in again (pure).

The store keeps it as one note, of at most REMEMBERED payloads, each under a hash of its name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from chalicelib.monitoring.failed import Failed, Telling, Trying, failed_of
from chalicelib.monitoring.stored import moment, typed

# So many failures park it: it is tried after a deployment, or by hand.
MOST_FAILURES = 5
# The tries of what is beyond are forgotten, those of the longest ago first.
REMEMBERED = 200
# What is parked is noted as still there so often, and shown so long after that.
SEEN_EVERY, SHOWN_FOR = timedelta(minutes=5), timedelta(minutes=10)
TOLD_EVERY = timedelta(hours=1)
# Longer than a sweep can run: what one is at for so long has ended that sweep.
LONGEST_SWEEP = timedelta(minutes=3)
ENDED_THE_SWEEP = "the sweep ended before it was taken in"

# A digest of what is deployed, which is worked out when it is first asked for.
Deployed = Callable[[], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetters:
    """The payloads that failed, by `name_of` their keys, as they were at `seen_at`; once none
    waits, nobody looks at this. `after` is how far a long listing was worked through.
    """

    KEY: ClassVar[str] = "dead-letters"

    failed: Mapping[str, Failed] = field(default_factory=dict)
    trying: Trying | None = None
    telling: Telling | None = None
    told_at: datetime | None = None
    after: str = ""
    seen_at: datetime | None = None

    @property
    def parked(self) -> int:
        """How many wait for a deployment or a person."""
        return sum(1 for each in self.failed.values() if each.parked)

    @property
    def untold(self) -> dict[str, Failed]:
        """Those that are parked and not told of yet."""
        return {name: one for name, one in self.failed.items() if one.parked and not one.told}

    def tries(self, key: str) -> int:
        """How often a payload was tried."""
        known = self.failed.get(name_of(key))
        return known.tries if known else 0

    def is_due(self, key: str, now: datetime, deployed: Deployed) -> bool:
        """Whether a payload may be tried now: one that is parked once after each deployment."""
        known = self.failed.get(name_of(key))
        if known is None:
            return True
        return known.parked != deployed() if known.parked else known.due_at <= now

    def is_busy(self, now: datetime) -> bool:
        """Whether another sweep is at it, as far as anybody can know."""
        return self.trying is not None and abs(now - self.trying.at) < LONGEST_SWEEP

    def parked_still(self, now: datetime) -> int:
        """How many do so by what was seen lately: a person may have taken them in since."""
        lately = self.seen_at is not None and abs(now - self.seen_at) < SHOWN_FOR
        return self.parked if lately else 0

    def is_to_be_seen_again(self, now: datetime) -> bool:
        """Whether it is time to note that there are still some that are parked."""
        lately = self.seen_at is not None and abs(now - self.seen_at) < SEEN_EVERY
        return self.parked > 0 and not lately

    def seen(self, now: datetime) -> Self:
        """As it is noted now."""
        return replace(self, seen_at=now)

    def as_of(self, now: datetime) -> Self:
        """As it can be: nothing happened later than now, whatever a clock said."""
        failed = {name: _as_of(each, now) for name, each in self.failed.items()}
        told_at = min(self.told_at, now) if self.told_at else None
        return replace(self, failed=failed, told_at=told_at)

    def begun(self, key: str, now: datetime) -> Self:
        """While a payload is taken in."""
        return replace(self, trying=Trying(name=name_of(key), at=now))

    def ended(self) -> Self:
        """Once none is."""
        return replace(self, trying=None)

    def cut_off(self, now: datetime, deployed: Deployed) -> Self:
        """After a sweep that did not live to say how it went: what it was at has failed."""
        if self.trying is None:
            return self
        return self._failed(self.trying.name, ENDED_THE_SWEEP, 1, now, deployed).ended()

    def failing(
        self, key: str, reason: str, failures: int, now: datetime, deployed: Deployed
    ) -> Self:
        """After a try that failed, and counts as so many failures."""
        return self._failed(name_of(key), reason, failures, now, deployed)

    def counting(self, key: str, deployed: Deployed) -> Self:
        """After all, the payload's last try counts: others were taken in."""
        known = self.failed.get(name_of(key))
        if known is None:
            return self
        counted = replace(known, failures=known.failures + 1)
        return self._with(name_of(key), _parked(counted, deployed))

    def without(self, key: str) -> Self:
        """Once a payload is taken in."""
        left = {name: one for name, one in self.failed.items() if name != name_of(key)}
        return replace(self, failed=left)

    def among(self, keys: Collection[str]) -> Self:
        """Without what is not there any more, of which somebody else took care."""
        names = set(map(name_of, keys))
        left = {name: one for name, one in self.failed.items() if name in names}
        return replace(self, failed=left)

    def worked_through(self, after: str) -> Self:
        """With what the next sweep looks at: what stands behind this key; "" is the beginning."""
        return replace(self, after=after)

    def about_to_tell(self, keys: Collection[str], now: datetime) -> Self:
        """With what is to be told now, if anything: once an hour at most."""
        untold = self.untold
        recently = self.told_at is not None and now - self.told_at < TOLD_EVERY
        if not untold or recently or self.telling:
            return self
        key = next((each for each in keys if name_of(each) in untold), "")
        one = untold[name_of(key)] if key else next(iter(untold.values()))
        telling = Telling(key=key, reason=one.reason, count=len(untold), at=now)
        failed = {name: _told(each) for name, each in self.failed.items()}
        return replace(self, failed=failed, telling=telling, told_at=now)

    def told(self) -> Self:
        """Once the alert is kept."""
        return replace(self, telling=None)

    def as_json(self) -> dict[str, Any]:
        return {
            "failed": {name: each.as_json() for name, each in self.failed.items()},
            "trying": self.trying and self.trying.as_json(),
            "telling": self.telling and self.telling.as_json(),
            "told_at": self.told_at and self.told_at.isoformat(),
            "after": self.after,
            "seen_at": self.seen_at and self.seen_at.isoformat(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            failed=failed_of(stored["failed"]),
            trying=Trying.from_json(stored["trying"]) if stored["trying"] else None,
            telling=Telling.from_json(stored["telling"]) if stored["telling"] else None,
            told_at=moment(stored["told_at"]) if stored["told_at"] else None,
            after=typed(stored["after"], str),
            seen_at=moment(stored["seen_at"]) if stored["seen_at"] else None,
        )

    def _failed(
        self, name: str, reason: str, failures: int, now: datetime, deployed: Deployed
    ) -> Self:
        known = self.failed.get(name) or Failed(at=now, reason=reason)
        tried = known.again(reason, failures, now)
        return self._with(name, _parked(tried, deployed) if failures else tried)

    def _with(self, name: str, one: Failed) -> Self:
        latest = sorted(({**self.failed, name: one}).items(), key=lambda each: each[1].at)
        return replace(self, failed=dict(latest[-REMEMBERED:]))


def name_of(key: str) -> str:
    """What a payload is remembered by: a key may be a kilobyte long."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _parked(one: Failed, deployed: Deployed) -> Failed:
    return replace(one, parked=deployed()) if one.failures >= MOST_FAILURES else one


def _as_of(one: Failed, now: datetime) -> Failed:
    return replace(one, at=now) if one.at > now else one


def _told(one: Failed) -> Failed:
    return replace(one, told=True) if one.parked and not one.told else one
