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
from chalicelib.slack.message import Look, single
from cli.batch import Batch


class Output(Protocol):
    """Where a replay shows what it finds; `grows` where it shows how alerts grow, too."""

    grows: bool

    def take(self, batch: Batch, told: Judged, new: Sequence[Alert]) -> None:
        """A batch, what of it is to be told, and its new alerts as it leaves them."""

    def end(self) -> None:
        """All was read: show what is left. Raises StoreError."""

    def sum_up(self) -> None:
        """Say what it came to, once all else is said."""


class Lines:
    """Each new alert, as soon as it is known."""

    grows = False

    def __init__(self, draw: Callable[[Alert, Look], str], look: Look) -> None:
        self._draw = draw
        self._look = look

    def take(self, batch: Batch, told: Judged, new: Sequence[Alert]) -> None:  # noqa: ARG002
        """See Output. What is as it was judged may be drawn already."""
        drawn = dict(zip(map(id, batch.judged.alerts), batch.texts, strict=False))
        for alert in new:
            click.echo(drawn.get(id(alert)) or self._draw(alert, self._look))

    def end(self) -> None:
        """See Output."""

    def sum_up(self) -> None:
        """See Output."""


@contextmanager
def output_of(name: str, program: Program, *, is_kept: bool = False) -> Iterator[Output]:
    """The output of a format; what is kept in the program's store is muted as there. Raises
    SecretError, RulesError and StoreError.
    """
    if name in DRAWN:
        yield Lines(DRAWN[name], program.look())
        return
    # What plays a channel is imported for these alone: the others start as fast without.
    mutes = program.mutes.in_force() if is_kept else ()
    with importlib.import_module("cli.channels").opened(name, program, mutes) as output:
        yield output


def message(alert: Alert, look: Look) -> dict[str, Any]:
    """The chat.postMessage payload of one alert, as it would go to its first channel."""
    return single(alert, channel=alert.channels[0], post_id=alert.alert_id, look=look)


def _text(alert: Alert, look: Look) -> str:  # noqa: ARG001 - one signature for all
    time = alert.event_time.strftime("%Y-%m-%d %H:%M:%SZ")
    return f"{time}  {alert.severity.value:<8}  {alert.text}"


def _json(alert: Alert, look: Look) -> str:
    return orjson.dumps({**to_dict(alert), "message": message(alert, look)}).decode()


# How an alert is drawn where each is shown by itself.
DRAWN: dict[str, Callable[[Alert, Look], str]] = {"text": _text, "json": _json}
FORMATS = ("slack", "text", "json", "messages")
