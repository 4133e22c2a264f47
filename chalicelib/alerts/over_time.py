"""Rules over time: a batch's members remembered, and what they come to told.

A batch without members does not come here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Protocol

from chalicelib.alerts import counting, first_sights
from chalicelib.alerts.alert import Alert
from chalicelib.alerts.batch import Judged, Kept
from chalicelib.alerts.claims import LIFE
from chalicelib.alerts.learning import is_learning
from chalicelib.alerts.members import Group, Sighting, memory_of, packed, unpacked
from chalicelib.alerts.memory import Memory, Place, held_at
from chalicelib.alerts.outbox import Outbox, StoreError
from chalicelib.alerts.sightings import by_group
from chalicelib.alerts.teller import Teller, Tells
from chalicelib.alerts.told import Told, Way, alert_id_of
from chalicelib.rules.correlation import CorrelationType
from chalicelib.rules.rule import Rule

MOST_GROUPS = 64  # of one rule in one batch: what they are grouped by a caller may choose
Groups = dict[Group, list[Sighting]]


class Parts(Protocol):
    """The parts of a store that rules over time need."""

    @property
    def outbox(self) -> Outbox: ...
    @property
    def memory(self) -> Memory: ...


def keep(
    sightings: Iterable[Sighting], store: Parts, kept_of: Callable[[Judged], Kept], way: Way
) -> Kept:
    """Remember sightings and keep what they come to; `kept_of` keeps alerts with their deliveries.

    Raises one StoreError, after everything was tried: the batch again comes to the same.
    """

    def keep_one(alert: Alert) -> Kept:
        return kept_of(Judged(records=0, alerts=(alert,)))

    teller = Teller(store.outbox, keep_one, way)
    tell(sightings, store.memory, teller)
    return teller.kept()


def tell(sightings: Iterable[Sighting], memory: Memory, teller: Tells) -> None:
    """Remember them and tell what has come together. Raises one StoreError in the end."""
    counted, terms, beyond = _chosen(by_group(sightings))
    steps = [partial(counting.remember, counted.items(), memory, teller.way.now)]
    steps += [partial(counting.tell, *each, memory, teller) for each in counted.items()]
    steps += [partial(first_sights.tell, *each, memory, teller) for each in terms.items()]
    steps += [partial(_tell_overflow, *each, memory, teller) for each in beyond.items()]
    errors = [error for step in steps if (error := _error_of(step))]
    if errors:
        raise errors[0]


def learn(
    sightings: Iterable[Sighting], rules: Iterable[Rule], memory: Memory, now: datetime
) -> None:
    """Take all that was seen for usual, and end the learning of the new_terms rules among these.

    Raises StoreError. Again it comes to the same.
    """
    for group, some in by_group(sightings).items():
        if is_of_terms(group.rule):
            first_sights.learn(group, some, memory, now)
    first_sights.learned(filter(is_of_terms, rules), memory, now)


def is_of_terms(rule: Rule) -> bool:
    """Whether it tells of what was not seen before."""
    return rule.correlation is not None and rule.correlation.type is CorrelationType.NEW_TERMS


def _error_of(step: Callable[[], None]) -> StoreError | None:
    try:
        step()
    except StoreError as error:
        return error
    return None


def _chosen(groups: Groups) -> tuple[Groups, Groups, dict[Rule, list[Sighting]]]:
    """The groups that are counted, those whose values may be new, and what is beyond the bound:
    of each rule the groups with the fewest records.
    """
    counted: Groups = {}
    terms: Groups = {}
    beyond: dict[Rule, list[Sighting]] = {}
    taken: dict[str, int] = {}
    for group, some in sorted(groups.items(), key=lambda item: -len(item[1])):
        taken[group.rule.id] = taken.get(group.rule.id, 0) + 1
        if taken[group.rule.id] > MOST_GROUPS:
            beyond.setdefault(group.rule, []).extend(some)
        elif is_of_terms(group.rule):
            terms[group] = some
        else:
            counted[group] = some
    return counted, terms, beyond


def _tell_overflow(
    rule: Rule, sightings: Sequence[Sighting], memory: Memory, teller: Tells
) -> None:
    now = teller.way.now
    members = [member for each in sightings for member in each.members]
    if is_of_terms(rule) and is_learning(rule, memory, now):
        first_sights.gather_learned(rule, members, memory, now)
        return
    at = Place(f"{memory_of(rule)}.overflow", int(now.timestamp()) // first_sights.HOUR)
    memory.add({at: packed(members)}, {at: now + LIFE}, now)
    found = held_at(memory, at)
    teller.tell(
        Told(
            rule=rule,
            kind="overflow",
            group=memory_of(rule),
            alert_id=alert_id_of(at.name, str(at.at)),
            members=tuple(unpacked([found])),
            more=found.is_full,
            record=sightings[-1].record,
        )
    )
