"""What recorded calls of DynamoDB take, reckoned: an emulator's own count knows no sizes.

Of each call the items before and after it are weighed, by DynamoDB's rules: a write unit for each
KB that was begun of the larger of both, twice that in a transaction; of an index one for each entry
that comes, goes or changes, two for one that moves. A read unit for each 4 KB, half of one where
the read may lag. Source: DynamoDB developer guide, "Read and write capacity", "Global secondary
indexes".
"""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

WRITE_BYTES, READ_BYTES = 1024, 4096

Json = dict[str, Any]


class Reckoned:
    """A client that reckons what its calls take; `by_item` tells of what."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._indexes: dict[str, tuple[str, str, list[str]]] = {}
        self.by_item: Counter[str] = Counter()
        self.written, self.read = 0.0, 0.0

    def __getattr__(self, operation: str) -> Any:
        reckon = getattr(self, f"_{operation}", None)

        def call(**arguments: Any) -> Any:
            made = getattr(self._client, operation)
            return reckon(made, arguments) if reckon else made(**arguments)

        return call

    def begin(self) -> None:
        """Reckon from here."""
        self.by_item.clear()
        self.written, self.read = 0.0, 0.0

    def _get_item(self, made: Any, arguments: Json) -> Any:
        response = made(**arguments)
        self._count_reads(arguments, [size_of(response.get("Item", {}))])
        return response

    def _batch_get_item(self, made: Any, arguments: Json) -> Any:
        response = made(**arguments)
        for table, asked in arguments["RequestItems"].items():
            found = [size_of(item) for item in response["Responses"].get(table, ())]
            missing = [0] * (len(asked["Keys"]) - len(found))
            self._count_reads(asked, [*found, *missing])
        return response

    def _query(self, made: Any, arguments: Json) -> Any:
        response = made(**arguments)
        looked_at = {
            name: value
            for name, value in arguments.items()
            if name not in ("FilterExpression", "ProjectionExpression")
        }
        names = " ".join(str(value) for name, value in looked_at.items() if "Condition" in name)
        used = arguments.get("ExpressionAttributeNames", {})
        looked_at["ExpressionAttributeNames"] = {k: v for k, v in used.items() if k in names}
        values = arguments.get("ExpressionAttributeValues", {})
        looked_at["ExpressionAttributeValues"] = {k: v for k, v in values.items() if k in names}
        return self._looked_at(response, arguments, made(**looked_at)["Items"])

    def _scan(self, made: Any, arguments: Json) -> Any:
        whole = {name: arguments[name] for name in ("TableName", "IndexName")}
        return self._looked_at(made(**arguments), arguments, made(**whole)["Items"])

    def _looked_at(self, response: Json, arguments: Json, items: list[Json]) -> Json:
        index = self._indexes_of(arguments["TableName"]).get(arguments.get("IndexName", ""))
        sizes = [size_of(item if index is None else _entry(item, index)) for item in items]
        units = self._count_reads(arguments, [sum(sizes)])
        # The store plans by this number, so it is told as AWS would tell it.
        response["ConsumedCapacity"] = {"CapacityUnits": units}
        return response

    def _put_item(self, made: Any, arguments: Json) -> Any:
        key = {name: arguments["Item"][name] for name in ("pk", "sk")}
        return self._change(made, arguments, [(arguments["TableName"], key)])

    def _update_item(self, made: Any, arguments: Json) -> Any:
        return self._change(made, arguments, [(arguments["TableName"], arguments["Key"])])

    _delete_item = _update_item

    def _transact_write_items(self, made: Any, arguments: Json) -> Any:
        actions = [action for one in arguments["TransactItems"] for action in one.values()]
        keys = [
            (each["TableName"], each.get("Key") or {k: each["Item"][k] for k in ("pk", "sk")})
            for each in actions
        ]
        return self._change(made, arguments, keys, times=2)

    def _change(
        self, made: Any, arguments: Json, keys: list[tuple[str, Json]], times: int = 1
    ) -> Any:
        """Make a call that writes these items; what fails by a condition takes units too."""
        before = [self._item(*key) for key in keys]
        try:
            return made(**arguments)
        finally:
            for (table, key), was in zip(keys, before, strict=True):
                units = self._written(table, was, self._item(table, key), times)
                self.by_item[_kind(key)] += units
                self.written += units

    def _written(self, table: str, before: Json, after: Json, times: int) -> int:
        size = max(size_of(before), size_of(after), 1)
        units = times * math.ceil(size / WRITE_BYTES)
        for index in self._indexes_of(table).values():
            units += _moved(_entry(before, index), _entry(after, index), index)
        return units

    def _item(self, table: str, key: Json) -> Json:
        found = self._client.get_item(TableName=table, Key=key, ConsistentRead=True)
        item: Json = found.get("Item", {})
        return item

    def _indexes_of(self, table: str) -> dict[str, tuple[str, str, list[str]]]:
        if not self._indexes:
            described = self._client.describe_table(TableName=table)["Table"]
            for index in described["GlobalSecondaryIndexes"]:
                keys = [each["AttributeName"] for each in index["KeySchema"]]
                more = index["Projection"].get("NonKeyAttributes", [])
                self._indexes[index["IndexName"]] = (keys[0], keys[1], more)
        return self._indexes

    def _count_reads(self, asked: Json, sizes: list[int]) -> float:
        each = 1.0 if asked.get("ConsistentRead") else 0.5
        units = sum(each * max(math.ceil(size / READ_BYTES), 1) for size in sizes)
        self.read += units
        return units


def size_of(item: Json) -> int:
    """Bytes of names and values. Source: DynamoDB, "Item sizes and formats"."""
    return sum(len(name.encode()) + _weight(value) for name, value in item.items())


def _kind(key: Json) -> str:
    """What an item is of, for whoever wants to know what took the units."""
    return str(key["pk"]["S"].partition("#")[0])


def _entry(item: Json, index: tuple[str, str, list[str]]) -> Json:
    """What an index holds of an item; nothing where a key is missing."""
    partition, sort, more = index
    if partition not in item or sort not in item:
        return {}
    names = ("pk", "sk", partition, sort, *more)
    return {name: item[name] for name in names if name in item}


def _moved(before: Json, after: Json, index: tuple[str, str, list[str]]) -> int:
    if before == after:
        return 0
    keys = index[:2]
    if before and after and all(before[name] == after[name] for name in keys):
        return math.ceil(max(size_of(before), size_of(after)) / WRITE_BYTES)
    return sum(math.ceil(size_of(each) / WRITE_BYTES) for each in (before, after) if each)


def _weight(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_weight, value.values()))
    if isinstance(value, list | set | tuple):
        return sum(map(_weight, value))
    return len(value) if isinstance(value, bytes) else len(str(value).encode())
