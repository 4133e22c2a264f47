"""One sweep of a World, and how health stands after it."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.monitoring.health import Health, health
from chalicelib.slack.next_steps import next_step
from chalicelib.usecases.sweep import SweepReport, sweep_store
from chalicelib.usecases.watched import Watched
from tests.delivery.world import CHANNEL, World

RETENTION = timedelta(days=90)


def sweep(world: World, watched: Watched | None = None, seconds: float = 55.0) -> SweepReport:
    """A sweep of so many seconds, which watches nothing unless told otherwise."""
    return sweep_store(
        world.prepared(seconds),
        world.store,
        channels=world.channels,
        default_channel=CHANNEL,
        retention=RETENTION,
        watched=watched or Watched(),
    )


def found(world: World) -> Health:
    """How health stands."""
    return health(world.store.archive, world.store.notes, world.clock.now(), next_step=next_step)
