"""A reason that comes and goes is told a few times, and has ended once it stays away (pure)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from chalicelib.monitoring.notes import Reason
from chalicelib.monitoring.stored import moment, typed
from chalicelib.monitoring.times import passed

# So many ends within so long are told; then it must be well for as long as CALM.
MOST_ENDS, LATELY = 3, timedelta(hours=6)
CALM = timedelta(hours=1)
COMES_AND_GOES = "It comes and goes: it has ended once it stayed away for an hour."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """When the reason of each check ended lately, and since when those are away that stand all the
    same.
    """

    KEY: ClassVar[str] = "ends"

    ended: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    away: Mapping[str, datetime] = field(default_factory=dict)

    def comes_and_goes(self, check: str) -> bool:
        """Whether it ended so often that one end more says nothing."""
        return len(self.ended.get(check, ())) >= MOST_ENDS

    def as_of(self, now: datetime) -> Self:
        """Without what is long ago."""
        lately = {
            check: tuple(at for at in times if not passed(at, now, LATELY))
            for check, times in self.ended.items()
        }
        return replace(self, ended={check: times for check, times in lately.items() if times})

    def as_json(self) -> dict[str, Any]:
        ended = {check: [at.isoformat() for at in times] for check, times in self.ended.items()}
        return {"ended": ended, "away": {check: at.isoformat() for check, at in self.away.items()}}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        ended, away = typed(stored["ended"], dict), typed(stored["away"], dict)
        return cls(
            ended={check: tuple(map(moment, typed(times, list))) for check, times in ended.items()},
            away={check: moment(at) for check, at in away.items()},
        )


def steadied(
    found: Sequence[Reason], before: Sequence[Reason], ends: Ends, now: datetime
) -> tuple[tuple[Reason, ...], Ends]:
    """What stands now, of what was found and stood before, and what to remember of what ended."""
    ends = ends.as_of(now)
    ended, away = dict(ends.ended), dict[str, datetime]()
    standing = [*_marked(found, ends)]
    there = {reason.check for reason in found}
    for reason in before:
        check = reason.check
        if check in there:
            continue
        since = ends.away.get(check, now)
        if check not in ends.away:
            ended[check] = (*ended.get(check, ()), now)[-MOST_ENDS:]
        if ends.comes_and_goes(check) and not passed(since, now, CALM):
            away[check] = since
            standing.append(replace(reason, step=COMES_AND_GOES))
    return tuple(standing), Ends(ended=ended, away=away)


def _marked(found: Sequence[Reason], ends: Ends) -> Iterator[Reason]:
    for reason in found:
        unsteady = ends.comes_and_goes(reason.check) and COMES_AND_GOES not in reason.step
        step = f"{reason.step} {COMES_AND_GOES}".lstrip()
        yield replace(reason, step=step) if unsteady else reason
