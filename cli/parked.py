"""`parked`: alerts that Slack refused in every form, to be looked at, tried again or dropped."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import click

from chalicelib.alerts.delivery import Delivery, DeliveryState
from chalicelib.alerts.outbox import StoreError
from chalicelib.aws_errors import explained
from chalicelib.settings import Settings, SettingsError
from chalicelib.stores.store import Store
from cli import options
from terminal.errors import Said

MOST = 1000


@click.command()
@click.option("--retry", metavar="ID", help="Send this alert again (the start of its id will do).")
@click.option("--all", "everything", is_flag=True, help="Send all of them again.")
@click.option("--discard", metavar="ID", help="Never send this alert; it stays in the list.")
@options.STORE
def parked(retry: str | None, everything: bool, discard: str | None, store: str | None) -> None:
    """List, send again or drop what was refused in every form.

    \b
    Examples:
      .venv/bin/python trailbell.py parked
      .venv/bin/python trailbell.py parked --retry 5f2a09c1
      .venv/bin/python trailbell.py parked --all
      .venv/bin/python trailbell.py parked --discard 5f2a09c1
    """
    # "--retry --all" reads as an id to click.
    everything, retry = everything or retry == "--all", None if retry == "--all" else retry
    if everything and retry is not None:
        raise click.UsageError("--all and --retry ID: which of the two?")
    if discard is not None and (retry is not None or everything):
        raise click.UsageError("--discard cannot go with --retry or --all.")
    try:
        settings = Settings.from_env(os.environ)
        kept = options.opened(store, settings, to_change=everything or bool(retry or discard))
        if kept is None:
            click.echo("Nothing is parked.")
            return
        found = kept.archive.parked(MOST)
        if discard is not None:
            _discard(kept, _chosen(found, discard))
        elif everything:
            _retry_all(kept)
        elif retry is not None:
            _retry(kept, _chosen(found, retry))
        else:
            _list(kept, found)
    except StoreError as error:
        raise Said(explained(error)) from error
    except (SettingsError, ValueError) as error:
        raise click.UsageError(str(error)) from error


def _chosen(found: Sequence[Delivery], start: str) -> list[Delivery]:
    """The deliveries of the one alert whose id begins so."""
    chosen = [delivery for delivery in found if delivery.alert_id.startswith(start)]
    ids = {delivery.alert_id for delivery in chosen}
    if len(ids) != 1:
        number = "none" if not ids else str(len(ids))
        raise click.UsageError(f"{start!r} should begin the id of one parked alert; {number} does.")
    return chosen


def _retry(store: Store, deliveries: Iterable[Delivery]) -> None:
    _say_due(_due_again(store, deliveries))


def _retry_all(store: Store) -> None:
    total = 0
    while again := _due_again(store, store.archive.parked(MOST)):
        total += again
    _say_due(total)


def _due_again(store: Store, deliveries: Iterable[Delivery]) -> int:
    now = datetime.now(UTC)
    again = [
        store.queue.replace(
            delivery,
            replace(delivery, state=DeliveryState.PENDING, due_at=now, form=0, reason=None),
        )
        for delivery in deliveries
    ]
    return sum(again)


def _say_due(count: int) -> None:
    click.echo(f"{_deliveries(count)} due again: the next sweep sends.")


def _discard(store: Store, deliveries: Iterable[Delivery]) -> None:
    dropped = [store.queue.replace(delivery, None) for delivery in deliveries]
    click.echo(f"{_deliveries(sum(dropped))} dropped.")


def _list(store: Store, found: Sequence[Delivery]) -> None:
    if not found:
        click.echo("Nothing is parked.")
        return
    titles = {
        alert.alert_id: alert.title
        for alert in store.archive.alerts({each.alert_id for each in found})
    }
    for delivery in found:
        click.echo(
            f"{delivery.alert_id[:12]}  {delivery.severity.value:<8}  {delivery.channel}  "
            f"{titles.get(delivery.alert_id, '')}: {delivery.reason}"
        )
    more = " or more" if len(found) == MOST else ""
    click.echo(f"{_deliveries(len(found))}{more} parked.", err=True)


def _deliveries(count: int) -> str:
    return "1 delivery" if count == 1 else f"{count} deliveries"
