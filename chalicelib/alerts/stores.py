"""The store that a URL names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.alerts.outbox import AlertStore

# Shorter than what a Lambda has: a store that hangs must leave time to say so.
CONNECT_SECONDS = 3
READ_SECONDS = 10


def open_store(url: str) -> AlertStore:
    """The store of an ALERT_STORE: sqlite:///relative/path, sqlite:////absolute/path or
    dynamodb:///table. Nothing is read or made before the first call. Raises ValueError.
    """
    scheme, _, name = url.partition(":///")
    if scheme == "sqlite" and name:
        from chalicelib.alerts.sqlite import SqliteAlertStore

        return SqliteAlertStore(name)
    raise ValueError(f"{url!r} names no store; sqlite:///path or dynamodb:///table do")
