"""CloudWatch's evaluation of an alarm, as its user guide describes it: simulated, not CloudWatch.

Source: CloudWatch user guide, "Alarm evaluation" and "How alarm state is evaluated when data is
missing": data points are taken from a range that is a few periods longer than what is evaluated.
Where as many real ones as are evaluated are in it, the latest of them decide; else all real ones
do, with as many filled in, as missing data is to be treated, as lack. How many periods longer the
range is AWS does not say; its example looks at five to evaluate three.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from provisioning.alarms import Alarm

# A minute's data point: its value, and the minute in which CloudWatch has it.
Points = Mapping[int, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Simulated:
    """An alarm over a metric of minutes; `besides` is how much further CloudWatch looks."""

    alarm: Alarm
    points: Points
    besides: int

    def rings(self, first: int, last: int) -> Iterator[int]:
        """The minutes at whose end it goes from OK to ALARM, of those from first to last."""
        was = False
        for minute in range(first, last):
            rung = self._rings_after(minute)
            if rung and not was:
                yield minute + 1
            was = rung

    def _rings_after(self, minute: int) -> bool:
        """Whether it is in ALARM when the minute has ended, looked at by whole periods."""
        real = [*self._seen(minute)]
        latest = real[: self.alarm.periods]
        breaching = sum(value < self.alarm.threshold for value in latest)
        filled = self.alarm.periods - len(latest)
        return breaching + filled >= self.alarm.datapoints

    def _seen(self, minute: int) -> Iterator[float]:
        """The real data points of the range, the latest first."""
        length = self.alarm.minutes
        ended = (minute + 1) // length * length
        for number in range(self.alarm.periods + self.besides):
            begin = ended - (number + 1) * length
            values = [
                value
                for each in range(begin, begin + length)
                for value, seen in [self.points.get(each, (0.0, float("inf")))]
                if seen <= minute + 1
            ]
            if values:
                yield sum(values)


def late(minutes: Iterator[int] | range, delay: Callable[[], float]) -> Points:
    """One data point for each minute, which CloudWatch has so long after the minute's end."""
    return {minute: (1.0, minute + 1 + delay()) for minute in minutes}
