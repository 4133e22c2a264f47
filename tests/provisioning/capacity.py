"""How many DynamoDB units recorded calls take.

Source: DynamoDB developer guide, "Read and write capacity": a write unit is up to 1 KB and twice
that in a transaction, each index that holds the item is one more; a read unit is up to 4 KB, half
of one where an index or an eventually consistent read will do. To the unit `python -m bench.units`
reckons them, on the emulator.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE
from tests.provisioning.account import Made
from tests.stores.reckoned import WRITE_BYTES, size_of

ALERT_UNITS = 2  # of an alert's item, with its record
INDEXES = (("day", "at"), ("queue", "turn"))


def writes(calls: Iterable[Made]) -> float:
    return sum(_writes(call) for call in calls if call.service == "dynamodb")


def reads(calls: Iterable[Made]) -> float:
    return sum(_reads(call) for call in calls if call.service == "dynamodb")


def _writes(call: Made) -> float:
    if call.operation == "TransactWriteItems":
        requests = [one for item in call.parameters["TransactItems"] for one in item.values()]
        return sum(_written(one, times=2) for one in requests)
    changing = ("PutItem", "UpdateItem", "DeleteItem")
    return _written(call.parameters, times=1) if call.operation in changing else 0


def _written(request: dict[str, Any], times: int) -> float:
    if "Item" in request:
        item = request["Item"]
        size = math.ceil(size_of(item) / WRITE_BYTES)
        return times * size + sum(set(index) <= set(item) for index in INDEXES)
    if request["Key"]["sk"]["S"] != "ALERT":
        return times
    change = set(request.get("ExpressionAttributeNames", {}).values())
    # It leaves the queue, and says in the index by day when it expires.
    return times * ALERT_UNITS + len(change & {"queue", TTL_ATTRIBUTE})


def _reads(call: Made) -> float:
    asked = call.parameters
    each = 1.0 if asked.get("ConsistentRead") else 0.5
    if call.operation == "BatchGetItem":
        tables = asked["RequestItems"].values()
        return sum(len(one["Keys"]) * (1.0 if one["ConsistentRead"] else 0.5) for one in tables)
    return each if call.operation in ("Query", "Scan", "GetItem") else 0.0
