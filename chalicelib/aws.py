"""AWS as this program asks it: clients with timeouts."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple


class Patience(NamedTuple):
    """How long a call may take, in seconds, and how often it is tried."""

    connect: int
    read: int
    attempts: int
    mode: str = "standard"

    def config(self, **more: Any) -> Any:
        """Botocore's Config that says so."""
        from botocore.config import Config

        return Config(
            connect_timeout=self.connect,
            read_timeout=self.read,
            retries={"mode": self.mode, "total_max_attempts": self.attempts},
            **more,
        )


# A service that hangs must leave the handler time to say so; a person waits longer, not for ever.
HANDLER = Patience(connect=2, read=5, attempts=3)
PERSON = Patience(connect=5, read=30, attempts=6)
# Some hundred calls in a row: "adaptive" slows down to what the account is allowed.
MANY_CALLS = Patience(connect=5, read=30, attempts=6, mode="adaptive")
# The service's own trouble, which passes. Source: AWS API references, "Common Errors".
PASSING = frozenset(
    {
        "InternalServerError",
        "RequestLimitExceeded",
        "RequestTimeout",
        "ServiceUnavailable",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
    }
)
# A store writes many alerts at once.
CONNECTIONS = 16


@cache
def client(service: str, patience: Patience = HANDLER) -> Any:
    """boto3's client; region, credentials and AWS_ENDPOINT_URL as boto3 finds them.

    boto3 is imported here, since importing it costs more than the rest of a cold start.
    Raises BotoCoreError.
    """
    import boto3

    config = patience.config(max_pool_connections=CONNECTIONS, tcp_keepalive=True)
    return boto3.client(service, config=config)


class LazyClient:
    """A client that is made at its first call: importing boto3 takes a quarter of a second."""

    def __init__(self, service: str) -> None:
        self._service = service

    def __getattr__(self, operation: str) -> Any:
        return getattr(client(self._service), operation)


def code_of(error: Any) -> str:
    """AWS's code of a botocore ClientError, such as ResourceNotFoundException."""
    return str(error.response.get("Error", {}).get("Code", ""))


def person_client(service: str) -> Any:
    """The same for a person's command."""
    return client(service, PERSON)
