"""The formats in which `replay` shows what it finds."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

import click
import orjson

from chalicelib.alerts.alert import Alert, to_dict
from chalicelib.alerts.batch import Judged
from chalicelib.bootstrap import Program
from chalicelib.ingest.envelopes import Entry
from chalicelib.slack.message import Look, single


class Output(Protocol):
    """Where a replay shows what it finds."""

    def take(self, entries: Sequence[Entry], judged: Judged, new: Sequence[Alert]) -> None:
        """A batch: its records, what of it is to be told, and its new alerts as it leaves them."""

    def end(self) -> None:
        """All was read: show what is left. Raises StoreError."""

    def sum_up(self) -> None:
        """Say what it came to, once all else is said."""


class Lines:
    """Each new alert, as soon as it is known."""

    def __init__(self, show: Callable[[Alert, Look], None], look: Look) -> None:
        self._show = show
        self._look = look

    def take(self, entries: Sequence[Entry], judged: Judged, new: Sequence[Alert]) -> None:  # noqa: ARG002
        """See Output."""
        for alert in new:
            self._show(alert, self._look)

    def end(self) -> None:
        """See Output."""

    def sum_up(self) -> None:
        """See Output."""


@contextmanager
def output_of(name: str, program: Program) -> Iterator[Output]:
    """The output of a format. Raises SecretError and RulesError."""
    if name in _LINES:
        yield Lines(_LINES[name], program.look())
        return
    # What plays a channel is imported for these alone: the others start as fast without.
    with importlib.import_module("cli.channels").opened(name, program) as output:
        yield output


def message(alert: Alert, look: Look) -> dict[str, Any]:
    """The chat.postMessage payload of one alert, as it would go to its first channel."""
    return single(alert, channel=alert.channels[0], post_id=alert.alert_id, look=look)


def _show_text(alert: Alert, look: Look) -> None:  # noqa: ARG001 - one signature for all
    time = alert.event_time.strftime("%Y-%m-%d %H:%M:%SZ")
    click.echo(f"{time}  {alert.severity.value:<8}  {alert.text}")


def _show_json(alert: Alert, look: Look) -> None:
    line = {**to_dict(alert), "message": message(alert, look)}
    click.echo(orjson.dumps(line).decode())


_LINES = {"text": _show_text, "json": _show_json}
FORMATS = ("slack", "text", "json", "messages")
