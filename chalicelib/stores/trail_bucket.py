"""A trail's bucket in S3, of this account or another's: one file at a time, as a stream."""

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


class TrailBucket(NamedTuple):
    """Reads one bucket, and only while `owner` (an account's 12 digits) owns it. `s3` is boto3's
    client.
    """

    s3: Any
    name: str
    owner: str

    def chunks(self, key: str, most: int) -> Iterator[bytes]:
        """The file's bytes as they come, at most `most` and one chunk. Raises BucketError,
        NoFileError.
        """
        with _explained(f"s3://{self.name}/{key}"):
            body = self.s3.get_object(Bucket=self.name, Key=key, ExpectedBucketOwner=self.owner)[
                "Body"
            ]
            size = 0
            for chunk in body.iter_chunks(_CHUNK):
                yield chunk
                size += len(chunk)
                if size > most:
                    return


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
