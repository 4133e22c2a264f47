"""Claims: which alert an episode is told by. Who writes one first decides, for all that follow."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta

from chalicelib.alerts.memory import Memory, Place, held_at
from chalicelib.rules.correlation import MOST_COUNTED

# How long what is remembered lives, from the later of event time and writing.
LIFE = timedelta(days=14)
# What says how far a rule has learned lives longer than any rule is in force.
LASTING = timedelta(days=3650)
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True, order=True)
class Claim:
    """That the episode of the member `member_id`, `at` its second, is told by an alert: alone
    ("alone"), among others ("digest", "learning") or not at all ("learned"). `written` is when.
    """

    at: int
    member_id: str
    alert_id: str
    how: str
    written: int


class Claims:
    """The claims on the episodes of one group."""

    def __init__(self, memory: Memory, name: str, now: datetime, life: timedelta = LIFE) -> None:
        self._memory = memory
        self._place = Place(f"{name}.told", 0)
        self._now = now
        self._life = life
        self._texts = frozenset[str]()

    def read(self) -> list[Claim]:
        """Those that there are, the oldest member first."""
        self._texts = texts_at(self._memory, self._place)
        return sorted(map(_claim, self._texts))

    def add(self, member_id: str, at: int, alert_id: str, how: str = "alone") -> bool:
        """Claim what nobody had claimed when they were read; False where somebody has since."""
        new = Claim(at, member_id, alert_id, how, int(self._now.timestamp()))
        kept = sorted(self._lasting(), key=_last_needed)[-(MOST_COUNTED - 1) :]
        after = frozenset(map(_text, (*kept, new)))
        until = lasting_until(max([at, *(each.at for each in kept)]), self._now, self._life)
        return self._memory.swap(self._place, self._texts, after, until)

    def _lasting(self) -> Iterable[Claim]:
        since = int((self._now - self._life).timestamp())
        return (each for each in map(_claim, self._texts) if _last_needed(each) >= since)


def texts_at(memory: Memory, place: Place) -> frozenset[str]:
    """The texts of one place."""
    return held_at(memory, place).texts


def lasting_until(at: int, now: datetime, life: timedelta = LIFE) -> datetime:
    """When what is of that second, and is written now, may be forgotten."""
    return max(datetime.fromtimestamp(at, UTC), now) + life


def has_seat(memory: Memory, place: Place, text: str, most: int, until: datetime) -> bool:
    """Whether a text is among the first so many that came to a place; the same text again is."""
    while True:
        there = texts_at(memory, place)
        if text in there or len(there) >= most:
            return text in there
        if memory.swap(place, there, there | {text}, until):
            return True


def _last_needed(claim: Claim) -> int:
    return max(claim.at, claim.written)


def _text(claim: Claim) -> str:
    return _BETWEEN.join(map(str, astuple(claim)))


def _claim(text: str) -> Claim:
    at, member_id, alert_id, how, written = text.split(_BETWEEN)
    return Claim(int(at), member_id, alert_id, how, int(written))
