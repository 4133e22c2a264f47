"""How many DynamoDB units recorded calls take.

Source: DynamoDB developer guide, "Read and write capacity": a write unit is up to 1 KB and twice
that in a transaction, each index that holds the item is one more; a read unit is up to 4 KB, half
of one where an index or an eventually consistent read will do.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Any

from tests.provisioning.account import Made

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
    if "Item" not in request:
        return times + ("queue" in json.dumps(request, default=str))
    item = request["Item"]
    size = len(json.dumps(item, default=str))
    return times * math.ceil(size / 1024) + sum(set(index) <= set(item) for index in INDEXES)


def _reads(call: Made) -> float:
    if call.operation == "Query":
        return 1.0 if call.parameters.get("ConsistentRead") else 0.5
    if call.operation == "BatchGetItem":
        return sum(len(one["Keys"]) for one in call.parameters["RequestItems"].values())
    return 1.0 if call.operation == "GetItem" else 0.0
