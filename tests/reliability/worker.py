"""A process that stores alerts and tells them until it is killed. Not a test by itself.

    python -m tests.reliability.worker '{"store": …, "slack": …, "acks": …, "alerts": …, …}'

Its clock runs `speed` times as fast as the world's, so that a minute's wait is a moment's. It
stores its batches in order, as CloudWatch Logs would hand them over again until they are taken
(a batch is acknowledged by a file in `acks`), and tries to tell after each.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import slack_sdk  # noqa: F401 - its first import takes many of the world's seconds

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.delivery import deliveries_of
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.bootstrap import open_store
from chalicelib.delivery.calls import Call, Threads
from chalicelib.delivery.dispatch import dispatch
from chalicelib.delivery.ports import Transport, Way
from chalicelib.delivery.run import Patience, Run
from chalicelib.delivery.watch import Watch
from chalicelib.settings import WEBHOOK
from chalicelib.slack.client import SlackTransport
from chalicelib.webhook.body import composer
from chalicelib.webhook.client import WebhookTransport
from tests.reliability.proof import annotated, mixed
from tests.webhook.receiver import SECRET

# From one batch to the next, in the world's time.
PAUSE_SECONDS = 15.0


PATIENCE = Patience(urgent=5.0, lower=5.0)

# Each has a lock, a pace and troubles of its own.
CHANNELS = tuple(f"#alarms-{number}" for number in range(8))


def spread(count: int, channels: Sequence[str]) -> list[Alert]:
    """A busy day's alerts, spread over the channels."""
    return [
        replace(each, channels=(channels[number % len(channels)],))
        for number, each in enumerate(mixed(count))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What a worker is told: `epoch` is when all clocks began, in the world's seconds."""

    store: str
    slack: str
    acks: str
    alerts: int
    batch: int
    speed: float
    epoch: float
    call_seconds: float
    channels: int = len(CHANNELS)
    webhook: str = ""  # where it is: then all goes there

    def now(self) -> datetime:
        start = datetime.fromtimestamp(self.epoch, UTC)
        return start + timedelta(seconds=(time.time() - self.epoch) * self.speed)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / self.speed)


class HastyThreads(Threads):
    """Threads that are waited for in the world's time."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def wait(self, calls: Collection[Call], seconds: float) -> None:
        super().wait(calls, seconds / self._speed)


def main() -> None:
    job = Job(**json.loads(sys.argv[1]))
    store = open_store(job.store)
    run = Run(
        queue=store.queue,
        transport=SlackTransport("xoxb-test", api_url=job.slack, call_seconds=job.call_seconds),
        compose=annotated,
        owner=f"worker-{os.getpid()}",
        now=job.now,
        sleep=job.sleep,
        millis_left=_handlers_time(),
        watch=Watch(lambda: job.now().timestamp()),
        calls=HastyThreads(job.speed),
        others={WEBHOOK: partial(Way, _webhook(job), composer(), folds=False)},
    )
    channels = (WEBHOOK,) if job.webhook else CHANNELS[: job.channels]
    alerts = spread(job.alerts, channels)
    acks = Path(job.acks)
    while True:
        done = len(list(acks.iterdir()))
        batch = alerts[done * job.batch : (done + 1) * job.batch]
        if batch:
            due = job.now()
            store.outbox.add(
                [StoredAlert(alert=each, deliveries=deliveries_of(each, due)) for each in batch],
                due,
            )
            (acks / str(done)).touch()
        report = dispatch(run, channels=channels, default_channel=channels[0], patience=PATIENCE)
        if not batch and report.next_at is None:
            return
        job.sleep(PAUSE_SECONDS)


def _webhook(job: Job) -> Transport:
    return WebhookTransport(job.webhook, SECRET, call_seconds=job.call_seconds)


def _handlers_time() -> Callable[[], float]:
    """A handler without a deadline of its own: what ends it is the kill."""
    return lambda: 60_000.0


if __name__ == "__main__":
    main()
