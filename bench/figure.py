"""A figure: what was measured, beside its reference, in one run; and how both are taken in turn."""

from __future__ import annotations

import json
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value. `reference` is in the same unit and from the same run; `ratio` is the
    median of the runs' ratios, value to reference; `n` is how many runs there were.
    """

    name: str
    value: float
    unit: str
    reference: float | None = None
    ratio: float | None = None
    n: int = 1

    def line(self) -> str:
        """The figure as one JSON object, with the Python and the commit that it was taken at."""
        values = {key: _rounded(value) for key, value in asdict(self).items()}
        return json.dumps({**values, "python": platform.python_version(), "commit": commit()})


def compared(
    name: str, unit: str, values: list[float], references: list[float], n: int | None = None
) -> Figure:
    """The figure of values and the references that were measured between them."""
    ratios = [value / other for value, other in zip(values, references, strict=True)]
    return Figure(
        name=name,
        value=median(values),
        unit=unit,
        reference=median(references),
        ratio=median(ratios),
        n=n or len(values),
    )


def bounded(name: str, value: float, unit: str, bound: float, n: int = 1) -> Figure:
    """A figure against the bound that it stays under."""
    return Figure(name=name, value=value, unit=unit, reference=bound, ratio=value / bound, n=n)


def alternately(rounds: int, *calls: Callable[[], float]) -> list[list[float]]:
    """What each call measured in each round; each is called once before, to be warm."""
    for call in calls:
        call()
    taken = [[call() for call in calls] for _ in range(rounds)]
    return [list(column) for column in zip(*taken, strict=True)]


def timed(call: Callable[[], object]) -> Callable[[], float]:
    """A function that makes the call and says how many seconds of processor time it took.

    What computes is measured so: other programs on the machine do not count. What waits is not.
    """

    def seconds() -> float:
        began = time.process_time()
        call()
        return time.process_time() - began

    return seconds


def rate(call: Callable[[], object], count: int) -> Callable[[], float]:
    """A function that makes the call and says how many of `count` things it did in a second."""
    seconds = timed(call)
    return lambda: count / seconds()


def print_all(figures: Callable[[bool], Iterable[Figure]]) -> None:
    """Run one part from the command line: its figures, with --quick smaller ones."""
    for figure in figures("--quick" in sys.argv[1:]):
        print(figure.line(), flush=True)


@cache
def commit() -> str:
    """The commit that is measured, with a + where files differ from it."""
    answer = subprocess.run(
        ["git", "describe", "--always", "--dirty=+", "--exclude=*"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return answer.stdout.strip() or "unknown"


def _rounded(value: object) -> object:
    return float(f"{value:.4g}") if isinstance(value, float) else value
