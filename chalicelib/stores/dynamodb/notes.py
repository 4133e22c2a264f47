"""Notes in the DynamoDB table."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.stores.dynamodb.alert_table import AlertTable
from chalicelib.stores.dynamodb.items import note_key


class DynamoNotes:
    """See Notes."""

    def __init__(self, kept: AlertTable) -> None:
        self._table = kept.table

    def note(self, key: str, value: dict[str, Any]) -> None:
        self._table.put(note_key(key) | {"value": json.dumps(value)})

    def noted(self, key: str) -> dict[str, Any] | None:
        item = self._table.get(note_key(key), consistent=False)
        note: dict[str, Any] | None = json.loads(item["value"]) if item else None
        return note
