"""Asking AWS one thing after the other: what it refuses is named by its permission."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib import aws
from chalicelib.monitoring.upstream import UnaskedError, UpstreamError

# A service that hangs must not take the time of all other checks.
PATIENCE = aws.Patience(connect=2, read=4, attempts=2)
# One call may take 13 s, with its second try and a pause between; what was found must be kept.
CALL_MILLIS = 20_000.0
# Where a service says that a thing is not there. Source: the services' API references.
MISSING = frozenset({"ResourceNotFoundException", "ResourceNotFound", "NoSuchBucket"})
# An action is not named after its call, or is another service's.
ACTIONS = {"s3:ListObjectsV2": "s3:ListBucket"}


class MissingError(UpstreamError):
    """What was asked about does not exist."""


class Asking:
    """AWS, asked while there is time.

    `client(service)` makes a boto3 client; each is made when it is first needed.
    """

    def __init__(self, client: Callable[[str], Any], millis_left: Callable[[], float]) -> None:
        self._make = client
        self._millis_left = millis_left
        self._clients = dict[str, Any]()

    def ask(self, service: str, operation: str, **arguments: Any) -> Any:
        """One answer of boto3's. Raises UpstreamError."""
        if self._millis_left() < CALL_MILLIS:
            raise UnaskedError(operation)
        from botocore.exceptions import BotoCoreError, ClientError

        action = f"{service}:{''.join(map(str.capitalize, operation.split('_')))}"
        action = ACTIONS.get(action, action)
        try:
            return getattr(self._client(service), operation)(**arguments)
        except ClientError as error:
            code = aws.code_of(error)
            if code in MISSING:
                raise MissingError(action) from error
            raise UpstreamError(f"{action}: {code}") from error
        except BotoCoreError as error:
            raise UpstreamError(f"{action}: {type(error).__name__}") from error

    def _client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self._make(service)
        return self._clients[service]


def asking(millis_left: Callable[[], float]) -> Asking:
    """AWS, in the region and with the credentials of the process."""
    return Asking(lambda service: aws.client(service, PATIENCE), millis_left)
