"""Options that several commands take."""

from __future__ import annotations

import click

STORE = click.option(
    "--store", metavar="URL", help="Default: ALERT_STORE, else sqlite:///.trailbell/alerts.db."
)
RULES = click.option(
    "--rules",
    "rules_file",
    metavar="FILE",
    help="Your rules, instead of RULES_FILE or local/*.toml.",
)
LOG_GROUP = click.option(
    "--from-log-group", "log_group", metavar="NAME", help="Read this log group; needs --since."
)
SINCE = click.option(
    "--since", "since_text", metavar="WHEN", help="From when on: 30m, 6h, 3d or a time."
)
