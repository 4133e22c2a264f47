"""The formats in which `replay` shows an alert."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click
import orjson

from chalicelib.alerts.alert import Alert, to_dict
from chalicelib.slack.message import Look, single
from chalicelib.slack.terminal import draw


def message(alert: Alert, look: Look) -> dict[str, Any]:
    """The chat.postMessage payload of one alert, as it would go to its first channel."""
    return single(alert, channel=alert.channels[0], post_id=alert.alert_id, look=look)


def _show_slack(alert: Alert, look: Look) -> None:
    draw(message(alert, look))


def _show_text(alert: Alert, look: Look) -> None:  # noqa: ARG001 - one signature for all
    time = alert.event_time.strftime("%Y-%m-%d %H:%M:%SZ")
    click.echo(f"{time}  {alert.severity.value:<8}  {alert.text}")


def _show_json(alert: Alert, look: Look) -> None:
    line = {**to_dict(alert), "message": message(alert, look)}
    click.echo(orjson.dumps(line).decode())


SHOW: dict[str, Callable[[Alert, Look], None]] = {
    "slack": _show_slack,
    "text": _show_text,
    "json": _show_json,
}
