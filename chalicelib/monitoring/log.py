"""What goes to the log: a JSON object a line, ids and counts, never a record or a secret."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.monitoring.metrics import Metric, metrics_line
from chalicelib.settings import LOG_LEVELS

if TYPE_CHECKING:
    from chalicelib.rules.matching import Unreadable


def to_stdout(line: str) -> None:
    """Write a line where Lambda takes the log from."""
    # Lambda's logging handler puts words before a line, which then is no JSON any more.
    print(line, flush=True)  # noqa: T201


class Log:
    """The log of a deployment; with None, on one machine, that of a terminal, which is a person's.

    Lines below `level` (one of LOG_LEVELS) are left out; metrics never are.
    """

    def __init__(
        self,
        *,
        deployment: str | None,
        level: str,
        now: Callable[[], datetime],
        write: Callable[[str], None] = to_stdout,
    ) -> None:
        self._deployment = deployment
        self._level = level
        self._now = now
        self._write = write

    def measure(self, metrics: Iterable[Metric]) -> None:
        """Write metrics, where CloudWatch reads them."""
        if self._deployment:
            self._write(metrics_line(metrics, deployment=self._deployment, now=self._now()))

    def say(self, message: str, **fields: Any) -> None:
        """Write what was done; to a terminal nothing."""
        if self._deployment:
            self._line("INFO", message, **fields)

    def unreadable(self, records: Iterable[Unreadable]) -> None:
        """Write which records could not be read, and why."""
        for record in records:
            self._line(
                "WARNING",
                "unreadable record",
                position=record.position,
                size=record.size,
                sha256=record.sha256,
                reason=record.reason,
            )

    def _line(self, level: str, message: str, **fields: Any) -> None:
        if LOG_LEVELS.index(level) >= LOG_LEVELS.index(self._level):
            head = {"time": self._now().isoformat(), "level": level, "message": message}
            self._write(json.dumps(head | fields))
