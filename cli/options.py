"""Options that several commands take."""

from __future__ import annotations

import click

STORE = click.option(
    "--store", metavar="URL", help="Default: ALERT_STORE, else sqlite:///.trailbell/alerts.db."
)
