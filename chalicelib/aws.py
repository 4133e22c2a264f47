"""AWS clients as this program wants them: lazy, with timeouts, one per service and sandbox."""

from __future__ import annotations

from functools import cache
from typing import Any

# A service that hangs must leave the handler time to say so.
CONNECT_SECONDS = 2
READ_SECONDS = 5
ATTEMPTS = 3
# A store writes many alerts at once.
CONNECTIONS = 16


@cache
def client(service: str) -> Any:
    """boto3's client; region, credentials and AWS_ENDPOINT_URL as boto3 finds them.

    boto3 is imported here, since importing it costs more than the rest of a cold start.
    """
    import boto3
    from botocore.config import Config

    return boto3.client(
        service,
        config=Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            max_pool_connections=CONNECTIONS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
            tcp_keepalive=True,
        ),
    )
