"""The failure destination: the payloads that Lambda gave up on, as objects in a bucket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.aws import code_of

# What one listing names. Source of the bound of 1,000: S3 API reference, "ListObjectsV2".
PAGE = 200


class SourceError(Exception):
    """The failure destination cannot be read; says which and why."""


class GoneError(SourceError):
    """What was asked for is not there any more: somebody took it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A payload that waits: the object's key, its bytes, and when it was put there."""

    key: str
    size: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some of what waits, by name; `more` where there is more behind it."""

    waiting: tuple[Waiting, ...]
    more: bool


class FailureBucket:
    """A bucket as the failure destination. `s3` is boto3's client; methods raise SourceError."""

    def __init__(self, s3: Any, bucket: str, prefix: str = "") -> None:
        self._s3 = s3
        self._bucket = bucket
        self._prefix = prefix

    def where(self, key: str = "") -> str:
        """The bucket, or an object in it, as `redrive` takes them."""
        return f"s3://{self._bucket}/{key}" if key else f"s3://{self._bucket}"

    def page(self, after: str = "") -> Page:
        """The next that wait, behind the key `after`, at most PAGE."""
        behind = {"StartAfter": after} if after else {}
        with _explained(self.where()):
            answer = self._s3.list_objects_v2(
                Bucket=self._bucket, Prefix=self._prefix, MaxKeys=PAGE, **behind
            )
        found = tuple(
            Waiting(key=item["Key"], size=item["Size"], at=item["LastModified"])
            for item in answer.get("Contents", [])
        )
        return Page(waiting=found, more=bool(answer.get("IsTruncated")))

    def every(self) -> Iterator[Waiting]:
        """All that wait, by name; what comes in or goes meanwhile may be among them."""
        page = self.page()
        yield from page.waiting
        while page.more:
            page = self.page(page.waiting[-1].key)
            yield from page.waiting

    def text(self, key: str) -> str:
        """The payload, in Lambda's wrapper. Raises GoneError."""
        with _explained(self.where(key)):
            body: bytes = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        return body.decode("utf-8", "replace")

    def delete(self, key: str) -> None:
        """Remove a payload; one that is gone already is no error."""
        with _explained(self.where(key)):
            self._s3.delete_object(Bucket=self._bucket, Key=key)


@contextmanager
def _explained(where: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raised = GoneError if code_of(error) == "NoSuchKey" else SourceError
        raise raised(f"{where}: {error}") from error
    except BotoCoreError as error:
        raise SourceError(f"{where}: {error}") from error
