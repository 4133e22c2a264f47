"""Shards: the keys of the indexes, each divided so that no partition takes all of a day or channel.

A partition takes 1,000 write units a second (DynamoDB, "Partitions and data distribution"). Four
of them take 4,000. The keys of earlier versions, undivided, are read too: see docs/architecture.md
for when that may end.
"""

from __future__ import annotations

import zlib

from chalicelib.alerts.delivery import DeliveryState

SHARDS = 4


def shard_of(alert_id: str) -> int:
    """Which of the shards an alert is in, for ever."""
    return zlib.crc32(alert_id.encode()) % SHARDS


def day_key_of(day: str, alert_id: str) -> str:
    """The partition of the index by day that an alert is in."""
    return f"{day}.{shard_of(alert_id)}"


def days_of(day: str) -> list[str]:
    """Every partition of the index by day that may hold alerts of the day."""
    return [day, *(f"{day}.{shard}" for shard in range(SHARDS))]


def queue_of(state: DeliveryState, channel: str, alert_id: str) -> str | None:
    """Where what is not sent waits; None for what is SENT or MUTED, which no index needs."""
    if state in (DeliveryState.SENT, DeliveryState.MUTED):
        return None
    return f"{state.value}.{shard_of(alert_id)}#{channel}"


def queues_of(state: DeliveryState, channel: str) -> list[str]:
    """Every partition of the index by queue that may hold deliveries in that state."""
    shards = (f"{state.value}.{shard}#{channel}" for shard in range(SHARDS))
    return [f"{state.value}#{channel}", *shards]


def state_and_channel(queue: str) -> tuple[DeliveryState, str]:
    """What waits in that partition of the index by queue, and for which channel."""
    state, _, channel = queue.partition("#")
    return DeliveryState(state.partition(".")[0]), channel


def share_of(number: int) -> int:
    """How many to ask each partition for where so many of all are wanted: somewhat more than its
    part, since nothing is told of what lies beyond where one of them ends.
    """
    return number * 5 // (4 * SHARDS) + 8
