"""The formats of `replay` that show what every channel would have got."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
import orjson

from chalicelib.alerts.alert import Alert, iso
from chalicelib.alerts.batch import Judged
from chalicelib.alerts.mutes import Mute
from chalicelib.bootstrap import Program
from chalicelib.slack.terminal import draw
from cli.batch import Batch
from cli.played import Message, play
from cli.quieting import Told
from cli.span import count_of_days
from cli.spool import Spool


@contextmanager
def opened(name: str, program: Program, mutes: Sequence[Mute]) -> Iterator[Channels]:
    """The output of a format, with a folder that goes with it; what one of the mutes hides is not
    shown. Raises SecretError, RulesError.
    """
    with (
        tempfile.TemporaryDirectory(prefix="trailbell-") as folder,
        closing(Spool(Path(folder))) as spool,
    ):
        yield Channels(program, name, spool, Path(folder), mutes)


class Channels:
    """What every channel would have got, once all was read: files lie in any order."""

    grows = True

    def __init__(
        self, program: Program, name: str, spool: Spool, folder: Path, mutes: Sequence[Mute]
    ) -> None:
        self._folder = folder
        self._mutes = mutes
        self._spool = spool
        self._compose = program.way().compose
        self._told = Told(program.ruleset.rules)
        self._show = _CHANNELS[name]
        self._on_stderr = name == "messages"
        self._days: set[str] = set()

    def take(self, batch: Batch, told: Judged, new: Sequence[Alert]) -> None:  # noqa: ARG002
        """See Output."""
        self._days.update(batch.days)
        self._told.meet((*told.alerts, *told.addenda))
        self._spool.add(told)

    def end(self) -> None:
        """See Output."""
        for message in play(self._spool, self._compose, self._folder, self._mutes):
            self._told.add(message)
            self._show(message)

    def sum_up(self) -> None:
        """See Output."""
        days, today = count_of_days(self._days), datetime.now(UTC).date()
        for line in self._told.lines(days, today):
            click.echo(line, err=self._on_stderr)


def _show_slack(message: Message) -> None:
    what = "" if message.is_new else "  a message above is changed to:"
    click.echo(f"{message.at:%Y-%m-%d %H:%M:%SZ}{what}")
    draw(message.payload)


def _show_message(message: Message) -> None:
    line = {
        "at": iso(message.at),
        "method": message.method,
        "channel": message.channel,
        "alert_ids": [alert.alert_id for alert in message.alerts],
        "payload": message.payload,
    }
    click.echo(orjson.dumps(line).decode())


_CHANNELS = {"slack": _show_slack, "messages": _show_message}
