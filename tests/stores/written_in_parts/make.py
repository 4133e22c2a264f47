"""Makes table.json: what the store wrote while every alert lay in parts, with unsharded indexes.

    python -m tests.stores.written_in_parts.make

It ran on commit 6c9f9f3, the last that wrote so; it is kept to tell what lies in the file.
"""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws

from chalicelib.alerts.delivery import DeliveryState
from chalicelib.alerts.post import PostKind
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.dynamodb.table import table_definition
from tests.stores.factories import NOW, SECURITY, alert, begun, held, post, stored, tell
from tests.stores.tables import KEYS

NUMBERS = {
    "pending": 1,
    "sending": 2,
    "uncertain": 3,
    "sent": 4,
    "digest-a": 5,
    "digest-b": 6,
    "parked": 7,
    "corrected": 8,
    "half-told": 9,
    "listed": 10,
}


def main() -> None:
    with mock_aws():
        client = boto3.client("dynamodb", **KEYS)
        client.create_table(**table_definition("alerts"))
        _write(client)
        found = client.scan(TableName="alerts")["Items"]
    made = {"definition": table_definition("alerts"), "items": [_texts(item) for item in found]}
    Path(__file__).with_name("table.json").write_text(json.dumps(made, indent=1), encoding="utf-8")


def _write(client: Any) -> None:
    store = dynamodb_store(client, "alerts", clock=lambda: NOW)
    two = (SECURITY, "#audit")
    kept = {
        name: alert(number, channels=two if name == "half-told" else (SECURITY,))
        for name, number in NUMBERS.items()
    }
    store.outbox.add([stored(each) for name, each in kept.items() if name != "listed"], NOW)
    store.outbox.add([replace(stored(kept["listed"]), deliveries=())], NOW)
    tell(store, [kept["sent"]])
    tell(store, [kept["digest-a"], kept["digest-b"]])
    tell(store, [kept["parked"]], DeliveryState.PARKED, outcome="refused")
    tell(store, [kept["corrected"]])
    tell(store, [kept["half-told"]])
    unclear = {"outcome": "ambiguous: no answer", "settled": False}
    tell(store, [kept["uncertain"]], DeliveryState.UNCERTAIN, **unclear)
    store.outbox.amend(replace(kept["corrected"], actor="bob", seen_at=NOW))
    begun(store, post(kept["sending"], kind=PostKind.SINGLE), held(store))


def _texts(item: dict[str, Any]) -> dict[str, Any]:
    return {
        name: {"B": base64.b64encode(value["B"]).decode()} if "B" in value else value
        for name, value in item.items()
    }


if __name__ == "__main__":
    main()
