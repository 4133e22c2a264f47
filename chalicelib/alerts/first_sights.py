"""First sights: new_terms, told where values were seen on none of the days of their history."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from chalicelib.alerts.claims import LIFE, Claim, has_seat
from chalicelib.alerts.counting import correlation_of
from chalicelib.alerts.learning import end_learning, is_learning
from chalicelib.alerts.members import Group, Member, Sighting, memory_of, packed, unpacked
from chalicelib.alerts.memory import Memory, Place, held_at
from chalicelib.alerts.outbox import StoreError
from chalicelib.alerts.seen_days import DAY, Days
from chalicelib.alerts.teller import Tells
from chalicelib.alerts.told import Told, alert_id_of
from chalicelib.rules.rule import Rule

HOUR = 3600
MOST_ALONE = 5  # first sights of one rule within an hour
_TRIES = 20


def tell(group: Group, sightings: Sequence[Sighting], memory: Memory, teller: Tells) -> None:
    """Remember sightings of the same values, and tell where they are new."""
    look = Days(group, memory, teller.way.now)
    for _ in range(_TRIES):
        firsts = look.add(sightings)
        telling = _Telling(group, sightings, memory, teller, look)
        again = [telling.tell(run) for run in firsts]
        if not any(again):
            return
    raise StoreError(f"{group.name}: a first sight changed whenever it was to be told")


def learn(group: Group, sightings: Sequence[Sighting], memory: Memory, now: datetime) -> int:
    """Remember sightings of the same values as known: they are never told. How many were new."""
    look = Days(group, memory, now)
    ours = {each.first.id for each in sightings}
    return sum(look.learn(run) for run in look.add(sightings) if run[0].id in ours)


def learned(rules: Iterable[Rule], memory: Memory, now: datetime) -> None:
    """End the learning of rules."""
    for rule in rules:
        end_learning(rule, memory, now)


def gather_learned(rule: Rule, members: Iterable[Member], memory: Memory, now: datetime) -> None:
    """Remember what a rule that learns would have told today, which it says on a later day."""
    at = Place(f"{memory_of(rule)}.learning", int(now.timestamp()) // DAY)
    memory.add({at: packed(members)}, {at: now + LIFE}, now)


class _Telling:
    """What is told of first sights: alone, with others of an hour, or while the rule learns."""

    def __init__(
        self,
        group: Group,
        sightings: Sequence[Sighting],
        memory: Memory,
        teller: Tells,
        look: Days,
    ) -> None:
        self._group = group
        self._memory = memory
        self._teller = teller
        self._look = look
        self._records = {each.first.id: each.record for each in sightings}
        self._of_rule = memory_of(group.rule)

    def tell(self, run: list[Member]) -> bool:
        """Tell the first of a run of days; whether to look again."""
        first, claims = run[0], self._look.claimed(run)
        if not claims and first.id not in self._records:
            return False  # whoever saw it first tells it
        if not claims:
            alert_id = alert_id_of(self._group.name, first.id)
            how = self._how(alert_id)
            self._look.claim(first, alert_id, how)
            self._tell_what_was_learned()
            return True
        older, *newer = claims
        if older.how in ("digest", "learning"):
            return self._gather(older, first)
        if older.how == "learned":
            return False
        is_new = self._teller.tell(self._told(first, older.alert_id))
        for each in newer:
            if each.how == "alone":
                self._teller.amend(self._told(first, each.alert_id, older.alert_id))
        return is_new

    def _how(self, alert_id: str) -> str:
        now, rule = self._teller.way.now, self._group.rule
        if is_learning(rule, self._memory, now):
            return "learning"
        hour = int(now.timestamp()) // HOUR
        seats = Place(f"{self._of_rule}.alone", hour)
        alone = has_seat(self._memory, seats, alert_id, MOST_ALONE, now + LIFE)
        return "alone" if alone else "digest"

    def _gather(self, claim: Claim, first: Member) -> bool:
        """Tell it among others: those of an hour at once, those of a day's learning afterwards."""
        unit = HOUR if claim.how == "digest" else DAY
        at = Place(f"{self._of_rule}.{claim.how}", claim.written // unit)
        now = self._teller.way.now
        self._memory.add({at: packed([first])}, {at: now + LIFE}, now)
        return claim.how == "digest" and self._tell_gathered(claim.how, at)

    def _tell_what_was_learned(self) -> None:
        """Say once what the rule would have told on each day before this one."""
        name = f"{self._of_rule}.learning"
        today = int(self._teller.way.now.timestamp()) // DAY
        for day in self._memory.read(name, today - LIFE.days, today - 1):
            self._tell_gathered("learning", Place(name, day))

    def _tell_gathered(self, how: str, at: Place) -> bool:
        found = held_at(self._memory, at)
        return self._teller.tell(
            Told(
                rule=self._group.rule,
                kind=how,
                group=self._of_rule,
                alert_id=alert_id_of(at.name, str(at.at)),
                members=tuple(_once(unpacked([found]))),
                more=found.is_full,
            )
        )

    def _told(self, first: Member, alert_id: str, belongs_to: str = "") -> Told:
        return Told(
            rule=self._group.rule,
            kind=correlation_of(self._group).type.value,
            group=self._group.key,
            alert_id=alert_id,
            members=(first,),
            belongs_to=belongs_to,
            record=self._records.get(first.id, {}),
        )


def _once(members: Iterable[Member]) -> Iterator[Member]:
    """Of the same values the earliest sight: an earlier one may have come later."""
    seen = set()
    for each in members:
        what = (each.said.group, each.value) if each.said else (each.id,)
        if what not in seen:
            seen.add(what)
            yield each
