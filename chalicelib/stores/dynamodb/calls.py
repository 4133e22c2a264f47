"""Calls of one DynamoDB table: retries within bounds, errors by their code.

boto3 is not imported here: the client comes from outside and brings botocore with it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from chalicelib.alerts.outbox import StoreError
from chalicelib.aws import PASSING, code_of
from chalicelib.stores.dynamodb.batches import chunks, in_threads
from chalicelib.stores.dynamodb.expressions import Item, conditional, decoded, encoded, expressed

MAX_KEYS = 100  # in a BatchGetItem. Source: DynamoDB quotas
ATTEMPTS = 10
FIRST_PAUSE = 0.05
LONGEST_PAUSE = 1.0

CONDITION_FAILED = "ConditionalCheckFailed"
_PASSING = PASSING | frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "TransactionConflict",
        "TransactionConflictException",
        "TransactionInProgressException",
    }
)


class ConditionError(Exception):
    """A condition did not hold; `failed` are the places of those actions in a transaction."""

    def __init__(self, failed: Sequence[int] = ()) -> None:
        super().__init__("a condition did not hold")
        self.failed = frozenset(failed)


class Page:
    """What one query or scan read: items, how many it looked at for them, where it stopped (None at
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

    def get(self, key: Mapping[str, str], consistent: bool = True) -> Item:
        """One item, as last written where it is to be `consistent`; an empty one where there is
        none.
        """
        response = self._call("get_item", Key=encoded(key), ConsistentRead=consistent)
        return decoded(response.get("Item", {}))

    def get_many(self, keys: Sequence[Mapping[str, str]], consistent: bool = True) -> list[Item]:
        """The items that exist, in the order of their keys, of which none may stand twice."""
        pages = in_threads(lambda some: self._get_some(some, consistent), chunks(keys, MAX_KEYS))
        items = {(item["pk"], item["sk"]): item for page in pages for item in page}
        found = (items.get((key["pk"], key["sk"])) for key in keys)
        return [item for item in found if item is not None]

    def put(self, item: Mapping[str, Any], condition: str | None = None, **values: Any) -> None:
        """Write one item; raises ConditionError."""
        self._call("put_item", Item=encoded(item), **conditional(condition, values))

    def update(
        self, key: Mapping[str, str], change: str, condition: str | None = None, **values: Any
    ) -> Item:
        """Change one item and return it; raises ConditionError."""
        return decoded(self._update(key, change, condition, values, "ALL_NEW")["Attributes"])

    def change(
        self, key: Mapping[str, str], change: str, condition: str | None = None, **values: Any
    ) -> None:
        """Change one item, however large, and return nothing of it; raises ConditionError."""
        self._update(key, change, condition, values, "NONE")

    def delete(self, key: Mapping[str, str], condition: str | None = None, **values: Any) -> None:
        """Remove one item; raises ConditionError."""
        self._call("delete_item", Key=encoded(key), **conditional(condition, values))

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
            **expressed(texts, values),
            **options,
        )
        return Page(response)

    def scan(self, index: str, attributes: str) -> Page:
        """One page, 1 MB at most, of all that an index holds."""
        response = self._call(
            "scan",
            IndexName=index,
            ProjectionExpression=attributes,
            **expressed((attributes,), {}),
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

    def _update(
        self,
        key: Mapping[str, str],
        change: str,
        condition: str | None,
        values: Mapping[str, Any],
        returned: str,
    ) -> dict[str, Any]:
        return self._call(
            "update_item",
            Key=encoded(key),
            UpdateExpression=change,
            ReturnValues=returned,
            **conditional(condition, values, change),
        )

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
        code = code_of(error)
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


def _pauses() -> Iterator[float]:
    """A pause after each attempt: longer each time, and never the same for two."""
    for attempt in range(ATTEMPTS):
        yield min(FIRST_PAUSE * 2**attempt, LONGEST_PAUSE) * random.uniform(0.5, 1.0)
