"""The store that a URL names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib import aws

if TYPE_CHECKING:
    from datetime import timedelta

    from chalicelib.alerts.outbox import AlertStore


def open_store(url: str, retention: timedelta | None = None) -> AlertStore:
    """The store of an ALERT_STORE: sqlite:///relative/path, sqlite:////absolute/path or
    dynamodb:///table, which AWS_ENDPOINT_URL may place elsewhere. Raises ValueError.

    Nothing is read or made before the first call. `retention` (default 90 days) is when DynamoDB
    removes what is SENT or PARKED by itself.
    """
    scheme, _, name = url.partition(":///")
    if scheme == "sqlite" and name:
        from chalicelib.stores.sqlite.store import SqliteAlertStore

        return SqliteAlertStore(name)
    if scheme == "dynamodb" and name:
        from chalicelib.stores.dynamodb.store import DEFAULT_RETENTION, DynamoAlertStore

        return DynamoAlertStore(_LazyClient(), name, retention=retention or DEFAULT_RETENTION)
    raise ValueError(f"{url!r} names no store; sqlite:///path or dynamodb:///table do")


class _LazyClient:
    """boto3's client for DynamoDB, made at the first call: importing it takes a quarter second."""

    def __getattr__(self, operation: str) -> Any:
        return getattr(aws.client("dynamodb"), operation)
