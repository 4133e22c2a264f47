"""Tally: what a replay came to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cli.unreadable import Unreadables


@dataclass(slots=True)
class Tally:
    """What a replay came to."""

    records: int = 0
    unreadables: Unreadables = field(default_factory=Unreadables)
    readable: int = 0
    matched: int = 0
    new: int = 0
    known: int = 0
    posted: int | None = None
    learned: int = 0
    skipped: list[str] = field(default_factory=list)

    @property
    def has_read(self) -> bool:
        """Whether something could be read, or there was nothing."""
        return self.readable > 0 or self.unreadables.count == 0

    def lines(self) -> Iterator[str]:
        """The summary, a figure a line."""
        yield f"records read        {self.records:>9,}"
        yield f"  unreadable        {self.unreadables.count:>9,}"
        yield f"  matched by a rule {self.matched:>9,}"
        yield f"alerts new          {self.new:>9,}"
        yield f"  already known     {self.known:>9,}"
        if self.learned:
            yield f"first sights learned{self.learned:>9,}  (in the first tenth of the span)"
        if self.posted is not None:
            yield f"  posted            {self.posted:>9,}"
        if self.skipped:
            yield f"files left out      {len(self.skipped):>9,}  ({_few(self.skipped)})"


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
