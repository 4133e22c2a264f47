"""A trail's bucket in S3, of this account or another's: its keys, and a file as a stream."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from chalicelib.aws import code_of

_CHUNK = 256 * 1024


class BucketError(Exception):
    """S3 does not hand the file over now: worth a retry."""


class NoFileError(Exception):
    """There is no such file any more."""


class Listed(NamedTuple):
    """An object as a listing tells of it: its key, its bytes, S3's name of its storage class."""

    key: str
    size: int
    storage: str


class Page(NamedTuple):
    """What one call of a listing found; `more` where there is more behind it."""

    objects: tuple[Listed, ...]
    folders: tuple[str, ...]
    more: bool


class TrailBucket(NamedTuple):
    """Reads one bucket; with an `owner` (an account's 12 digits) only while that one owns it, with
    `requester_pays` at the charge of whoever asks. `s3` is boto3's client.
    """

    s3: Any
    name: str
    owner: str | None = None
    requester_pays: bool = False

    def chunks(self, key: str, most: int, begin: int = 0) -> Iterator[bytes]:
        """The file's bytes as they come, from `begin` on, at most `most` and one chunk. Raises
        BucketError, NoFileError.
        """
        rest = {"Range": f"bytes={begin}-"} if begin else {}
        with _explained(f"s3://{self.name}/{key}"):
            body = self.s3.get_object(**self._asked, Key=key, **rest)["Body"]
            size = 0
            for chunk in body.iter_chunks(_CHUNK):
                yield chunk
                size += len(chunk)
                if size > most:
                    return

    def listed(self, prefix: str, after: str = "", by_folder: bool = False) -> Iterator[Page]:
        """The keys that begin so, in their order, behind the key `after`, a page for each call;
        `by_folder` those of this folder alone, and the folders in it. Raises BucketError.
        """
        asked = {"StartAfter": after} if after else {}
        asked |= {"Delimiter": "/"} if by_folder else {}
        with _explained(f"s3://{self.name}/{prefix}"):
            pages = self.s3.get_paginator("list_objects_v2")
            for page in pages.paginate(**self._asked, Prefix=prefix, **asked):
                yield _page(page)

    @property
    def _asked(self) -> dict[str, str]:
        owner = {"ExpectedBucketOwner": self.owner} if self.owner else {}
        payer = {"RequestPayer": "requester"} if self.requester_pays else {}
        return {"Bucket": self.name, **owner, **payer}


def _page(answer: dict[str, Any]) -> Page:
    # Without a class of its own an object is of S3 Standard.
    found = (
        Listed(each["Key"], each["Size"], each.get("StorageClass", "STANDARD"))
        for each in answer.get("Contents", ())
    )
    folders = (each["Prefix"] for each in answer.get("CommonPrefixes", ()))
    return Page(tuple(found), tuple(folders), bool(answer.get("IsTruncated")))


@contextmanager
def _explained(where: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        raised = NoFileError if code_of(error) == "NoSuchKey" else BucketError
        raise raised(f"{where}: {error}") from error
    except (BotoCoreError, OSError) as error:
        raise BucketError(f"{where}: {error}") from error
