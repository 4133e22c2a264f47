"""How far an archive was read into a store: a note for each account's region, a mark for each day.

A mark says up to which file, and how many files that were: one that came to lie among them since
then makes the whole day be read again. It holds for the same rules, and for the span that it was
read for or a part of it.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from chalicelib.alerts.notes import Notes
from chalicelib.bootstrap import Program
from chalicelib.ingest.trail_keys import day_of, region_of
from chalicelib.monitoring.stored import typed
from chalicelib.rules.rule import Rule
from cli.s3.file import S3File
from cli.s3.listing import Listing, split
from cli.sources import Source
from cli.span import Span

WRITE_EVERY = 2.0  # seconds; what was read in them is read again where this process is killed
_ANY = "x.json.gz"
_NEVER = "9999"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a day was read: the last file's name, how many they were, and for which span."""

    through: str = ""
    files: int = 0
    since: str = ""
    until: str = _NEVER

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Mark:
        """The mark that a note holds. Raises KeyError and ValueError."""
        return cls(
            through=typed(stored["through"], str),
            files=typed(stored["files"], int),
            since=typed(stored["since"], str),
            until=typed(stored["until"], str),
        )

    def covers(self, other: Mark) -> bool:
        """Whether its span holds the other's."""
        return self.since <= other.since and self.until >= other.until


class Marks:
    """What of a bucket was read. `rules` stands for the rules that judge it; nothing is noted
    where it `is_dry`.
    """

    def __init__(
        self,
        notes: Notes,
        rules: str,
        span: Span,
        *,
        is_dry: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._notes = notes
        self._rules = rules
        self._fresh = Mark(since=_text(span.start, ""), until=_text(span.end, _NEVER))
        self._is_dry = is_dry
        self._clock = clock
        self._place = ("", "")  # the bucket and the region whose days these are
        self._days: dict[str, Mark] = {}
        self._changed_at: float | None = None  # None: as it is noted
        self._broken_day = ""

    def leave_out(self, bucket: str, listing: Listing, again: bool = False) -> int:
        """Forget the files that were read, and their marks where they do not hold (`again`: none
        does). How many files that are. Raises StoreError.
        """
        before = listing.count().files
        folders = ((region_of(folder + _ANY), folder) for folder in listing.folders())
        for region, some in groupby(folders, key=lambda each: each[0]):
            if region:
                self._go_to(bucket, region)
                for _, folder in some:
                    self._leave_out(listing, folder, again)
        self.close()
        return before - listing.count().files

    def _leave_out(self, listing: Listing, folder: str, again: bool) -> None:
        day = day_of(folder + _ANY)
        mark = self._days.get(day)
        if mark is None:
            return
        holds = not again and mark.covers(self._fresh)
        if holds and listing.up_to(folder, mark.through) == mark.files:
            listing.drop(folder, mark.through)
        else:
            del self._days[day]
            self._changed()

    def hear(self, finished: Iterable[tuple[Source, bool]]) -> None:
        """What came of sources is kept, and what came of all before them: was each read whole?

        Raises StoreError.
        """
        for source, is_whole in finished:
            if isinstance(source, S3File):
                (self.done if is_whole else self.failed)(source)

    def done(self, file: S3File) -> None:
        """What a file told is kept, and what all before it told. Raises StoreError."""
        region, day, name = region_of(file.key), day_of(file.key), split(file.key)[1]
        if not region or f"{region}{day}" == self._broken_day:
            return
        self._go_to(file.bucket, region)
        mark = self._days.get(day, self._fresh)
        if name <= mark.through:  # another address on the way: nobody knows what lies between
            mark = self._fresh
        self._days[day] = replace(self._fresh, through=name, files=mark.files + 1)
        self._changed()

    def failed(self, file: S3File) -> None:
        """A file could not be read: next time its day goes on from there."""
        self._broken_day = region_of(file.key) + day_of(file.key)

    def close(self) -> None:
        """Note what is not noted yet. Raises StoreError."""
        if self._changed_at is not None and not self._is_dry:
            days = {day: asdict(mark) for day, mark in self._days.items()}
            self._notes.note(_key(*self._place), {"rules": self._rules, "days": days})
            self._changed_at = None

    def _changed(self) -> None:
        now = self._clock()
        if self._changed_at is None:
            self._changed_at = now
        elif now - self._changed_at >= WRITE_EVERY:
            self.close()

    def _go_to(self, bucket: str, region: str) -> None:
        if self._place != (bucket, region):
            self.close()
            self._place = bucket, region
            self._days = self._noted(_key(bucket, region))

    def _noted(self, key: str) -> dict[str, Mark]:
        stored = self._notes.noted(key) or {}
        try:
            if stored["rules"] != self._rules:
                return {}
            days = typed(stored["days"], dict).items()
            return {typed(day, str): Mark.of(typed(mark, dict)) for day, mark in days}
        except (KeyError, ValueError):
            return {}


def marks_of(program: Program, span: Span, *, is_dry: bool = False) -> Marks:
    """Those that a program's store has. Raises RulesError, StoreError."""
    rules = rules_key(program.ruleset.rules)
    return Marks(program.store.notes, rules, span, is_dry=is_dry)


def rules_key(rules: Iterable[Rule]) -> str:
    """16 hex digits of all that decides which records rules match."""
    said = [
        (rule.id, rule.pattern, rule.exceptions, rule.correlation and rule.correlation.key)
        for rule in rules
    ]
    return hashlib.sha256(repr(sorted(said, key=lambda each: each[0])).encode()).hexdigest()[:16]


def _key(bucket: str, region: str) -> str:
    return f"read s3://{bucket}/{region}"


def _text(time: datetime | None, none: str) -> str:
    return f"{time:%Y-%m-%dT%H:%M:%S.%f}" if time else none
