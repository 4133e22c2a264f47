"""The one DynamoDB table: its keys, its two indexes and its items.

    pk               sk                item
    ALERT#<id>       ALERT             an alert, with what lists filter by; in the index by_day
    ALERT#<id>       DELIVERY#<channel>  a delivery; in the index by_queue until it is SENT
    ALERT#<id>       RECORD            the alert's record, compressed
    CHANNELS         <channel>         a channel: its lock, pace and circuit
    OPEN#<channel>   <post id>         a post that is not settled
    POST#<post id>   POST              a settled post
    LAST#<channel>   <repeat key>      the latest single post for a repeat key
    DAYS             <day>             a day that has alerts
    NOTES            <key>             a note

An index lags behind its table, so what it names is a hint: the table is asked again, with a
consistent read, before anything is sent.
"""

from __future__ import annotations

from typing import Any

TTL_ATTRIBUTE = "expires_at"
BY_DAY = "by_day"
BY_QUEUE = "by_queue"
# What a filter or a summary looks at without reading the alert itself.
PROJECTED = ("severity", "actor", "event_name", "account", "rule", "source", "words", TTL_ATTRIBUTE)


def table_definition(name: str) -> dict[str, Any]:
    """The arguments of create_table; time to live on TTL_ATTRIBUTE is switched on apart."""
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": attribute, "AttributeType": "S"}
            for attribute in ("pk", "sk", "day", "at", "queue", "turn")
        ],
        "KeySchema": _keys("pk", "sk"),
        "GlobalSecondaryIndexes": [
            # day: "2026-11-24"; at: seconds and alert id. Lists, newest first.
            _index(BY_DAY, "day", "at", PROJECTED),
            # queue: state and channel, absent once SENT; turn: severity, seconds and alert id.
            _index(BY_QUEUE, "queue", "turn", ("due_at",)),
        ],
    }


def _index(name: str, partition: str, sort: str, attributes: tuple[str, ...]) -> dict[str, Any]:
    return {
        "IndexName": name,
        "KeySchema": _keys(partition, sort),
        "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(attributes)},
    }


def _keys(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
