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
REQUESTER_PAYS = click.option(
    "--requester-pays", is_flag=True, help="Of s3://: read it at your charge, where it wants that."
)
DRY_RUN = click.option("--dry-run", is_flag=True, help="Say what would be read, and its price.")
AGAIN = click.option(
    "--again", is_flag=True, help="Of s3://: read also what the store says was read before."
)
JOBS = click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    metavar="N",
    help="Read by N processes. Default: as many as there are cores, where that pays.",
)
SCHEDULER = click.option(
    "--scheduler", metavar="ADDRESS", help="Read by a Dask cluster: tcp://host:8786."
)
