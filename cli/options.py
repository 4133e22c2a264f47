"""Options that several commands take."""

from __future__ import annotations

from pathlib import Path

import click

from chalicelib.bootstrap import open_store
from chalicelib.settings import Settings, SettingsError, store_of
from chalicelib.stores.store import Store

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


def opened(url: str | None, settings: Settings, *, to_change: bool) -> Store | None:
    """The store that --store names, else ALERT_STORE; None where its file was not made yet: who
    only looks makes none. Raises SettingsError where it is to be changed, or its folder is not
    there either.
    """
    named = url or settings.alert_store
    kind, path = store_of(named) or ("", "")
    if kind == "sqlite" and not Path(path).exists():
        if to_change:
            raise SettingsError(f"{named}: nothing was kept there yet: name another by --store.")
        if url and not Path(path).parent.exists():
            raise SettingsError(f"{named}: there is no folder {Path(path).parent}: name another.")
        return None
    return open_store(named, settings.retention)
