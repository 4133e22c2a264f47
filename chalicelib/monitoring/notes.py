"""Notes: what Trailbell remembers of how it does itself, each a value with one encoding.

A store keeps each as a small JSON object under its key. One that cannot be read counts as none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, TypeVar

from chalicelib.monitoring.stored import moment, number, typed

if TYPE_CHECKING:
    from chalicelib.alerts.notes import Notes


class Note(Protocol):
    """One of the values below."""

    KEY: ClassVar[str]

    def as_json(self) -> dict[str, Any]:
        """The object that is stored."""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """What such an object says. Raises KeyError and ValueError where it says something else."""


N = TypeVar("N", bound=Note)


def write(notes: Notes, note: Note) -> None:
    """Keep the note in the place of the last of its kind."""
    notes.note(note.KEY, note.as_json())


def read(notes: Notes, kind: type[N]) -> N | None:
    """The last note of a kind; None where there is none, or none that can be read."""
    stored = notes.noted(kind.KEY)
    try:
        return None if stored is None else kind.from_json(typed(stored, dict))
    except (KeyError, ValueError):
        return None


def note_seen(notes: Notes, now: datetime, records: int, unreadable: int = 0) -> None:
    """Note that records came in, and how many of them could not be read."""
    write(notes, Seen(at=now, records=records))
    if unreadable:
        write(notes, Unread(at=now, records=unreadable))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """When records last came in, and how many."""

    KEY: ClassVar[str] = "seen"

    at: datetime
    records: int

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "records": self.records}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(at=moment(stored["at"]), records=typed(stored["records"], int))


class Unread(Seen):
    """When records last came in that could not be read, and how many."""

    __slots__ = ()
    KEY: ClassVar[str] = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """When the sweep last ran; the median of the last delays that are known, in seconds."""

    KEY: ClassVar[str] = "swept"

    at: datetime
    delay: float | None = None

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat(), "delay": self.delay}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        delay = stored.get("delay")
        return cls(at=moment(stored["at"]), delay=None if delay is None else number(delay))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """When the self-watch last began."""

    KEY: ClassVar[str] = "checked"

    at: datetime

    def as_json(self) -> dict[str, Any]:
        return {"at": self.at.isoformat()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(at=moment(stored["at"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why records or alerts may be missing: the check that found it, since when, a sentence.

    A `lesser` one says that something is lacking while nothing is missed. `step` is what a person
    does about it, "" where the sentence says that.
    """

    check: str
    since: datetime
    text: str
    lesser: bool = False
    step: str = ""

    @property
    def said(self) -> str:
        """What it is and what to do."""
        return f"{self.text} {self.step}".rstrip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """The reasons that stand, at most one of each check, and those that ended of which no alert
    is kept yet.
    """

    KEY: ClassVar[str] = "deaf"

    standing: tuple[Reason, ...] = ()
    ended: tuple[Reason, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {"reasons": by_check(self.standing), "ended": by_check(self.ended)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            standing=_reasons(stored.get("reasons", {})), ended=_reasons(stored.get("ended", {}))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where records came from when coverage was last checked: a log group, and its trail's ARN."""

    KEY: ClassVar[str] = "source"

    log_group: str
    trail: str

    def as_json(self) -> dict[str, Any]:
        return {"log_group": self.log_group, "trail": self.trail}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(log_group=typed(stored["log_group"], str), trail=typed(stored["trail"], str))


def by_check(reasons: Iterable[Reason]) -> dict[str, dict[str, Any]]:
    """Reasons as notes keep them and as the API shows them."""
    return {
        reason.check: {"since": reason.since.isoformat(), "text": reason.text}
        | ({"lesser": True} if reason.lesser else {})
        | ({"step": reason.step} if reason.step else {})
        for reason in reasons
    }


def _reasons(stored: object) -> tuple[Reason, ...]:
    found = ((check, typed(reason, dict)) for check, reason in typed(stored, dict).items())
    return tuple(
        Reason(
            check=check,
            since=moment(reason["since"]),
            text=typed(reason["text"], str),
            lesser=reason.get("lesser") is True,
            step=typed(reason.get("step", ""), str),
        )
        for check, reason in found
    )
