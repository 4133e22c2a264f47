"""The store in DynamoDB, put together.

A write that decides is conditional, a read that decides is consistent.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.settings import DEFAULT_RETENTION
from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.archive import DynamoArchive
from chalicelib.stores.dynamodb.calls import Table
from chalicelib.stores.dynamodb.followups import DynamoFollowups
from chalicelib.stores.dynamodb.handlings import DynamoHandlings
from chalicelib.stores.dynamodb.marks import Marks
from chalicelib.stores.dynamodb.memory import DynamoMemory
from chalicelib.stores.dynamodb.mutes import DynamoMutes
from chalicelib.stores.dynamodb.notes import DynamoNotes
from chalicelib.stores.dynamodb.outbox import DynamoOutbox
from chalicelib.stores.dynamodb.queue import DynamoQueue
from chalicelib.stores.store import Store


def dynamodb_store(
    client: Any,
    table: str,
    *,
    retention: timedelta = DEFAULT_RETENTION,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    sleep: Callable[[float], None] = time.sleep,
    monotonic: Callable[[], float] = time.monotonic,
) -> Store:
    """Alerts in one table, which exists already; `client` is boto3's for DynamoDB.

    What is SENT, MUTED or PARKED expires `retention` after that.
    """
    calls = Table(client, table, sleep)
    kept = AlertTable(calls, retention, clock, Marks(calls, monotonic))
    return Store(
        outbox=DynamoOutbox(kept),
        queue=DynamoQueue(kept),
        archive=DynamoArchive(kept),
        notes=DynamoNotes(kept),
        handlings=DynamoHandlings(kept),
        mutes=DynamoMutes(kept),
        followups=DynamoFollowups(kept),
        memory=DynamoMemory(kept),
    )
