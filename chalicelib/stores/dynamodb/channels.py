"""Channels in the DynamoDB table."""

from __future__ import annotations

from chalicelib.alerts.channel import Channel
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.expressions import Item
from chalicelib.stores.dynamodb.items import CHANNELS, channel_of


def channel_items(table: Table) -> list[Item]:
    """The item of every channel, by name."""
    return list(table.query_all("#pk = :pk", values={"pk": CHANNELS}, ConsistentRead=True))


def channels(table: Table) -> list[Channel]:
    """Every channel, by name."""
    return [channel_of(item) for item in table.query_all("#pk = :pk", values={"pk": CHANNELS})]
