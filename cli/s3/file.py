"""One file of an archive in S3, as a source; its bytes go on where the way to S3 broke."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from chalicelib.stores.trail_bucket import BucketError, NoFileError
from cli.s3.client import bucket_of, may_pass, why_no_file

BUFFER = 1 << 20
# A break without a byte since the last one: the waits before it is tried again, in seconds.
WAITS = (0.2, 1.0, 5.0)


class S3Error(OSError):
    """A file that S3 does not hand over; says why, and what to do."""


@dataclass(frozen=True, slots=True)
class S3File:
    """See Source. `size` is in bytes, packed."""

    bucket: str
    key: str
    size: int
    requester_pays: bool = False

    @property
    def name(self) -> str:
        """As `aws s3` takes it."""
        return f"s3://{self.bucket}/{self.key}"

    def open(self) -> BinaryIO:
        """See Source: a stream, of which at most BUFFER bytes are held. Raises S3Error."""
        bucket = bucket_of(self.bucket, self.requester_pays)
        return stream_of(lambda begin: bucket.chunks(self.key, self.size, begin))


def stream_of(
    chunks: Callable[[int], Iterator[bytes]], sleep: Callable[[float], None] = time.sleep
) -> BinaryIO:
    """What comes in chunks, which can be had from any byte on; its beginning is there already.

    Raises S3Error, as reading from it does.
    """
    stream = io.BufferedReader(_Stream(chunks, sleep), BUFFER)
    stream.peek(1)
    return stream


class _Stream(io.RawIOBase):
    """The bytes as they come; where the way breaks they are asked for from there on."""

    def __init__(
        self, chunks: Callable[[int], Iterator[bytes]], sleep: Callable[[float], None]
    ) -> None:
        self._from = chunks
        self._sleep = sleep
        self._chunks = chunks(0)
        self._at = 0
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """As io.RawIOBase has it. Raises S3Error."""
        if not self._rest:
            self._rest = memoryview(self._next())
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count

    def _next(self) -> bytes:
        waits = iter(WAITS)
        while True:
            try:
                chunk = next(self._chunks, b"")
                self._at += len(chunk)
                return chunk
            except (BucketError, NoFileError) as error:
                wait = next(waits, None)
                if wait is None or not may_pass(error):
                    raise S3Error(why_no_file(error)) from error
                self._sleep(wait)
                self._chunks = self._from(self._at)
