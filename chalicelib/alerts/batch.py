"""A batch of records: what it came to, and what the outbox made of it.

Only values, since an invocation that alerts nobody has them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.rules.matching import Unreadable
from chalicelib.rules.rule import URGENT

if TYPE_CHECKING:
    from chalicelib.alerts.alert import Alert
    from chalicelib.alerts.members import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a batch of records came to; nothing is stored or sent yet.

    `addenda` are the alerts of UPDATED_DATA records, under the id of the event they add to.
    `default_channel` is where those went whose rules name none, "" where nobody asked for it.
    `sightings` are what rules over time count; `untimed` says how many records these do not count,
    since their time cannot be.
    """

    records: int
    alerts: tuple[Alert, ...] = ()
    addenda: tuple[Alert, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    default_channel: str = ""
    sightings: tuple[Sighting, ...] = ()
    untimed: int = 0

    @property
    def counts(self) -> dict[str, int]:
        return {
            "records": self.records,
            "unreadable": len(self.unreadable),
            "alerts": len(self.alerts) + len(self.addenda),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What the outbox made of a batch: ids it had not known, the alerts of these as they are
    kept, and the addenda that changed an alert.
    """

    new: frozenset[str] = frozenset()
    alerts: tuple[Alert, ...] = ()
    amended: tuple[Alert, ...] = ()

    @property
    def urgent(self) -> bool:
        """Whether one of the new ones is to be told before all else."""
        return any(alert.severity in URGENT and alert.alert_id in self.new for alert in self.alerts)

    @property
    def of_several(self) -> int:
        """How many of the new ones are of several records that came together."""
        return sum(
            alert.together is not None and alert.alert_id in self.new for alert in self.alerts
        )

    def joined(self, more: Kept) -> Kept:
        """The same with what the outbox made of more of the batch."""
        return Kept(
            new=self.new | more.new,
            alerts=(*self.alerts, *more.alerts),
            amended=(*self.amended, *more.amended),
        )
