"""Calls of one DynamoDB table: values as its JSON, retries within bounds, errors by their code.

boto3 is not imported here: the client comes from outside and brings botocore with it.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NoReturn, TypeVar

from chalicelib.alerts.outbox import StoreError

MAX_ACTIONS = 100  # in a transaction. Source: DynamoDB quotas
MAX_KEYS = 100  # in a BatchGetItem. Source: DynamoDB quotas
THREADS = 8
ATTEMPTS = 10
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0

CONDITION_FAILED = "ConditionalCheckFailed"
_PASSING = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ServiceUnavailable",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)

T = TypeVar("T")
R = TypeVar("R")


class ConditionError(Exception):
    """A condition did not hold; `failed` are the places of those actions in a transaction."""

    def __init__(self, failed: Sequence[int] = ()) -> None:
        super().__init__("a condition did not hold")
        self.failed = frozenset(failed)


class Item(dict[str, Any]):
    """An item's values; an attribute that it does not have is None."""

    def __missing__(self, key: str) -> None:
        return None


class Page:
    """What one query read: items, how many it looked at for them, where it stopped (None at
    the end), read units.
    """

    __slots__ = ("items", "scanned", "stopped_at", "units")

    def __init__(self, response: Mapping[str, Any]) -> None:
        self.items = [decoded(item) for item in response.get("Items", ())]
        self.scanned = int(response["ScannedCount"])
        self.stopped_at = response.get("LastEvaluatedKey")
        self.units = float(response.get("ConsumedCapacity", {}).get("CapacityUnits", 0))


class Table:
    """One table, by its low-level client. Raises StoreError, and ConditionError where said."""

    def __init__(self, client: Any, name: str, sleep: Callable[[float], None] = time.sleep) -> None:
        self.name = name
        self._client = client
        self._sleep = sleep

    def get(self, key: Mapping[str, str]) -> Item:
        """One item, as last written; an empty one where there is none."""
        response = self._call("get_item", Key=encoded(key), ConsistentRead=True)
        return decoded(response.get("Item", {}))

    def get_many(
        self, keys: Sequence[Mapping[str, str]], consistent: bool = True
    ) -> dict[tuple[str, str], Item]:
        """The items that exist, by partition and sort key."""
        pages = in_threads(lambda some: self._get_some(some, consistent), chunks(keys, MAX_KEYS))
        return {(item["pk"], item["sk"]): item for page in pages for item in page}

    def put(self, item: Mapping[str, Any], condition: str | None = None, **values: Any) -> None:
        """Write one item; raises ConditionError."""
        self._call("put_item", Item=encoded(item), **_conditional(condition, values))

    def update(
        self, key: Mapping[str, str], change: str, condition: str | None = None, **values: Any
    ) -> Item:
        """Change one item and return it; raises ConditionError."""
        response = self._call(
            "update_item",
            Key=encoded(key),
            UpdateExpression=change,
            ReturnValues="ALL_NEW",
            **_conditional(condition, values, change),
        )
        return decoded(response["Attributes"])

    def delete(self, key: Mapping[str, str]) -> None:
        self._call("delete_item", Key=encoded(key))

    def transact(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """All the actions or none; raises ConditionError with those whose condition failed."""
        named = [
            {verb: {"TableName": self.name, **action} for verb, action in entry.items()}
            for entry in actions
        ]
        self._call("transact_write_items", table_named=True, TransactItems=named)

    def query(self, condition: str, **options: Any) -> Page:
        """One page of a query: `values`, and what the client's query takes."""
        values = options.pop("values")
        texts = (condition, options.get("FilterExpression"), options.get("ProjectionExpression"))
        response = self._call(
            "query",
            KeyConditionExpression=condition,
            ReturnConsumedCapacity="TOTAL",
            **_expression(texts, values),
            **options,
        )
        return Page(response)

    def query_all(self, condition: str, **options: Any) -> Iterator[Item]:
        """Every item of a query, page by page."""
        while True:
            page = self.query(condition, **options)
            yield from page.items
            if page.stopped_at is None:
                return
            options["ExclusiveStartKey"] = page.stopped_at

    def _get_some(self, keys: Sequence[Mapping[str, str]], consistent: bool) -> list[Item]:
        items: list[Item] = []
        wanted: Any = {self.name: {"Keys": [encoded(k) for k in keys]}}
        wanted[self.name]["ConsistentRead"] = consistent
        for pause in _pauses():
            response = self._call("batch_get_item", table_named=True, RequestItems=wanted)
            items += [decoded(item) for item in response["Responses"].get(self.name, ())]
            wanted = response.get("UnprocessedKeys")
            if not wanted:
                return items
            self._sleep(pause)
        raise StoreError(f"{self.name}: batch_get_item left keys unread, time after time")

    def _call(self, operation: str, table_named: bool = False, **arguments: Any) -> dict[str, Any]:
        from botocore.exceptions import BotoCoreError, ClientError

        if not table_named:
            arguments["TableName"] = self.name
        for pause in _pauses():
            try:
                response: dict[str, Any] = getattr(self._client, operation)(**arguments)
            except ClientError as error:
                self._raise_unless_passing(operation, error)
                last: Exception = error
            except BotoCoreError as error:
                raise StoreError(f"{self.name}: {operation}: {type(error).__name__}") from error
            else:
                return response
            self._sleep(pause)
        raise StoreError(f"{self.name}: {operation} was refused {ATTEMPTS} times") from last

    def _raise_unless_passing(self, operation: str, error: Any) -> None:
        code = error.response["Error"]["Code"]
        if code == "ConditionalCheckFailedException":
            raise ConditionError from error
        reasons = [reason.get("Code") for reason in error.response.get("CancellationReasons", ())]
        failed = [place for place, reason in enumerate(reasons) if reason == CONDITION_FAILED]
        if failed:
            raise ConditionError(failed) from error
        if code not in _PASSING and not _PASSING.intersection(reasons):
            self._refuse(operation, code, error)

    def _refuse(self, operation: str, code: str, error: Exception) -> NoReturn:
        raise StoreError(f"{self.name}: {operation}: {code}") from error


def put_action(
    item: Mapping[str, Any], condition: str | None = None, **values: Any
) -> dict[str, Any]:
    """One action of a transaction: write an item."""
    return {"Put": {"Item": encoded(item), **_conditional(condition, values)}}


def update_action(
    key: Mapping[str, str], change: str, condition: str | None = None, **values: Any
) -> dict[str, Any]:
    """One action of a transaction: change an item."""
    expression = _conditional(condition, values, change)
    return {"Update": {"Key": encoded(key), "UpdateExpression": change, **expression}}


def delete_action(
    key: Mapping[str, str], condition: str | None = None, **values: Any
) -> dict[str, Any]:
    """One action of a transaction: remove an item."""
    return {"Delete": {"Key": encoded(key), **_conditional(condition, values)}}


def encoded(values: Mapping[str, Any]) -> dict[str, Any]:
    """An item as DynamoDB's JSON; what is None or an empty set is left out."""
    return {
        name: _encoded(value)
        for name, value in values.items()
        if value is not None and value != set()
    }


def decoded(item: Mapping[str, Mapping[str, Any]]) -> Item:
    """An item's values: text, whole numbers, bytes, sets of text."""
    return Item({name: _decoded(value) for name, value in item.items()})


def chunks(values: Sequence[T], size: int) -> list[Sequence[T]]:
    return [values[start : start + size] for start in range(0, len(values), size)]


def in_threads(call: Callable[[T], R], values: Iterable[T]) -> list[R]:
    """The results in order; a few at a time. The first error ends it."""
    some = list(values)
    if len(some) < 2:
        return [call(value) for value in some]
    with ThreadPoolExecutor(min(THREADS, len(some))) as threads:
        return list(threads.map(call, some))


def _conditional(
    condition: str | None, values: Mapping[str, Any], change: str | None = None
) -> dict[str, Any]:
    expression = _expression((condition, change), values)
    return expression | ({"ConditionExpression": condition} if condition else {})


def _expression(texts: Sequence[str | None], values: Mapping[str, Any]) -> dict[str, Any]:
    """Names and values of expressions, which write every attribute as #name and value as :name:
    so none is a reserved word.
    """
    names = {name for text in texts if text for name in re.findall(r"#(\w+)", text)}
    expression: dict[str, Any] = {}
    if names:
        expression["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
    if values:
        expression["ExpressionAttributeValues"] = {
            f":{name}": _encoded(value) for name, value in values.items()
        }
    return expression


def _encoded(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        return {"S": value}
    if isinstance(value, int):
        return {"N": str(value)}
    if isinstance(value, bytes):
        return {"B": value}
    return {"SS": sorted(value)}


def _decoded(value: Mapping[str, Any]) -> Any:
    ((kind, content),) = value.items()
    if kind == "N":
        return int(content)
    return frozenset(content) if kind == "SS" else content


def _pauses() -> Iterator[float]:
    """A pause after each attempt: longer each time, and never the same for two."""
    for attempt in range(ATTEMPTS):
        yield min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE) * random.uniform(0.5, 1.0)
