"""The unit of work: a source or a part of one, and what its records come to (pure).

It can be done in this process, in another or on another machine, in any order and twice: what it
comes to is the same, and is put together in the order of the units.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from chalicelib.alerts.batch import Judged
from chalicelib.alerts.over_time import is_of_terms
from chalicelib.ingest.envelopes import Broken, Entry
from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.loading import load
from chalicelib.rules.ruleset import Ruleset
from chalicelib.rules.written import RuleFile
from chalicelib.slack.message import Look
from chalicelib.usecases.ingest import judged_by
from cli.batch import BATCH, NOTHING, Batch
from cli.files import read_part
from cli.formats import DRAWN
from cli.lines import WHOLE, Meter, Part
from cli.sifting import Sifting
from cli.sources import Source
from cli.span import Span, day_of, time_of
from cli.texts import Sifted


@dataclass(frozen=True, slots=True)
class Unit:
    """What is read at one go."""

    source: Source
    part: Part = WHOLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """By what records are judged, and what is wanted of them: values alone, which may travel.

    `files` are the user's rule files. `drawn` is the format whose text of each alert is wanted, ""
    for none; where there is one, the records themselves are not. `days` wants all days that there
    are, `only_terms` nothing but what rules of type new_terms see.
    """

    files: tuple[RuleFile, ...]
    default_channel: str
    now: datetime
    span: Span = field(default_factory=Span)
    drawn: str = ""
    look: Look = field(default_factory=Look)
    days: bool = False
    only_terms: bool = False


class Worker:
    """Does units by its terms."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms

    @cached_property
    def ruleset(self) -> Ruleset:
        """See Judging."""
        defaults, keys = load_defaults()
        return Ruleset(load(defaults, self.terms.files), keys)

    def now(self) -> datetime:
        """See Judging: when the whole began."""
        return self.terms.now

    def default_channel(self) -> str:
        """See Judging."""
        return self.terms.default_channel

    def do(self, unit: Unit) -> Iterator[Batch]:
        """What a unit comes to, as its records stand in it; last what was read beside records."""
        meter = Meter()
        so_far = replace(meter)
        found = read_part(unit.source, unit.part, meter, Sifting(self.ruleset))
        for batch in self.judged(found):
            read_since = meter.bytes - so_far.bytes, meter.lines - so_far.lines
            so_far = replace(meter)
            yield replace(batch, bytes_read=read_since[0], lines=read_since[1])
        if meter != so_far:
            read_since = meter.bytes - so_far.bytes, meter.lines - so_far.lines
            yield replace(NOTHING, bytes_read=read_since[0], lines=read_since[1])

    def judged(self, found: Iterable[Sifted]) -> Iterator[Batch]:
        """What records come to, a batch at a time, so that memory stays flat."""
        return map(self._batch, _batches(self.terms.span.within(found)))

    def _batch(self, some: list[Sifted]) -> Batch:
        entries = [each for each in some if isinstance(each, Entry)]
        passed = [each for each in some if isinstance(each, list)]
        bodies = (entry.body for entry in entries)
        judged = judged_by(bodies, self, lambda: self.ruleset.accounts)
        lost = [(entries[each.position].where, each.reason) for each in judged.unreadable]
        lost += [(each.where, each.reason) for each in some if isinstance(each, Broken)]
        records = judged.records + sum(map(len, passed))
        bounds = [*_records(some[:1])[:1], *_records(some[-1:])[-1:]]
        return Batch(
            judged=replace(self._wanted(judged), records=records, unreadable=()),
            unreadable=tuple(lost),
            texts=tuple(self._drawn(judged)),
            times=tuple(time for time in map(time_of, bounds) if time),
            days=frozenset(map(day_of, _records(some)) if self.terms.days else ()),
            readable=records - len(judged.unreadable),
        )

    def _drawn(self, judged: Judged) -> Iterator[str]:
        if self.terms.drawn:
            draw = DRAWN[self.terms.drawn]
            return (draw(alert, self.terms.look) for alert in judged.alerts)
        return iter(())

    def _wanted(self, judged: Judged) -> Judged:
        """What whoever asked can use: records weigh more than all else."""
        sightings = judged.sightings
        if self.terms.only_terms:
            seen = (each for each in sightings if is_of_terms(each.group.rule))
            bare = tuple(replace(each, record={}) for each in seen)
            return replace(judged, alerts=(), addenda=(), sightings=bare)
        if self.terms.drawn:
            bare = tuple(replace(each, record={}) for each in sightings)
            alerts = tuple(replace(alert, record={}) for alert in judged.alerts)
            return replace(judged, alerts=alerts, sightings=bare)
        return judged


def _batches(found: Iterable[Sifted]) -> Iterator[list[Sifted]]:
    """So many at a time, and as many where none is sifted: what a batch leaves of an alert that it
    adds to must not depend on when the sieve was built.
    """
    some: list[Sifted] = []
    room = BATCH
    for each in found:
        rest = each
        while isinstance(rest, list) and len(rest) > room:
            yield [*some, rest[:room]]
            some, room, rest = [], BATCH, rest[room:]
        if rest != []:
            some.append(rest)
            room -= len(rest) if isinstance(rest, list) else 1
        if room == 0:
            yield some
            some, room = [], BATCH
    if some:
        yield some


def _records(some: Iterable[Sifted]) -> list[Entry | bytes]:
    """The records of what was read, one by one."""
    found: list[Entry | bytes] = []
    for each in some:
        if isinstance(each, list):
            found += each
        elif isinstance(each, Entry):
            found.append(each)
    return found
