"""Channels in the DynamoDB table."""

from __future__ import annotations

from chalicelib.alerts.channel import Channel
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.items import CHANNELS, channel_of


def channels(table: Table) -> list[Channel]:
    """Every channel, by name."""
    items = table.query_all("#pk = :pk", values={"pk": CHANNELS}, ConsistentRead=True)
    return [channel_of(item) for item in items]
