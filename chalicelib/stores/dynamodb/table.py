"""The one DynamoDB table: its keys, its two indexes and its items.

    pk               sk                item
    ALERT#<id>       ALERT             an alert with its record, and what lists filter by; with its
                                       delivery and the last post of that, where it has only one; in
                                       the index by_day, and by_queue until it is SENT
    ALERT#<id>       DELIVERY#<channel>  one of several deliveries; in the index by_queue so long
    CHANNELS         <channel>         a channel: its lock, pace and circuit, and its open posts
    MARKS            <channel>         that something may wait for the channel (see marks.py);
                                       " followups": that some may be kept
    POST#<post id>   POST              a settled post that no alert's item holds: a digest
    LAST#<channel>   <repeat key>      the latest single post for a repeat key
    DAYS             <day>             a day that has alerts
    NOTES            <key>             a note
    CLICK#<key>      CLICK             a click that was taken
    MUTES            <slot>            a mute in force; " count": how many there are
    MUTE#<mute id>   MUTE              a mute, also after it ended
    HIDDEN#<mute id> <alert id>#<channel>  a delivery that the mute hides
    FOLLOWUPS        <due>#<id>        what is to be looked at then
    MEMORY#<name>    <place>           what a rule over time remembers there: two sets of texts

Tables of earlier versions hold besides, and it is read until it is gone:

    ALERT#<id>       RECORD            an alert's record
    OPEN#<channel>   <post id>         a post that is not settled

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
            # day: "2026-11-24.3", with its shard; at: seconds and alert id. Lists, newest first.
            _index(BY_DAY, "day", "at", PROJECTED),
            # queue: state, shard and channel, absent once SENT; turn: severity, seconds, alert id.
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
