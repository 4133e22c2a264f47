"""Base64 and gzip as Kinesis, Firehose and queues carry them, to a bound of bytes in all."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Any

from chalicelib.ingest.log_subscription import (
    MAX_INFLATED_BYTES,
    LogSubscriptionError,
    inflate_member,
    unpacked,
)

GZIP_MAGIC = b"\x1f\x8b"
# Source: "KPL Aggregated Record Format", Kinesis Producer Library on GitHub.
KPL_MAGIC = b"\xf3\x89\x9a\xc2"
# gzip, and JSON that begins with a brace or a bracket, in base64.
PACKED = r"(H4sI|e[yw]|W[3wy])[A-Za-z0-9+/\r\n]+={0,2}"
# A bomb is known by what it inflates to, however it is spread over the wrappings of one document:
# real trails inflate tenfold.
MOST_GROWTH = 50
# CloudWatch Logs packs its batches, and a Firehose stream may pack them again.
MOST_LAYERS = 3


class PackedError(ValueError):
    """What is packed cannot be unpacked; says why."""


@dataclass(slots=True)
class Budget:
    """How many bytes one document may still inflate to, wherever in it they are packed."""

    left: int

    @classmethod
    def of(cls, text: str | bytes) -> Budget:
        """What a document of this text may inflate to."""
        return cls(MAX_INFLATED_BYTES + MOST_GROWTH * len(text))

    def inflate(self, packed: bytes) -> bytes:
        """Gunzip every member. Raises PackedError, LogSubscriptionError."""
        members: list[bytes] = []
        most = min(self.left, MAX_INFLATED_BYTES)
        while packed.startswith(GZIP_MAGIC):
            member, packed = inflate_member(packed, _some(most))
            members.append(member)
            most -= len(member)
            self.left -= len(member)
        return b"".join(members)

    def batch(self, event: dict[str, Any]) -> bytes:
        """The batch of an awslogs event. Raises PackedError, LogSubscriptionError."""
        batch = unpacked(event, _some(min(self.left, MAX_INFLATED_BYTES)))
        self.left -= len(batch)
        return batch


def seems_packed(text: str) -> bool:
    """Whether a text that is no JSON may be base64 of gzip or JSON."""
    return re.fullmatch(PACKED, text.strip()) is not None


def unpack(text: str, budget: Budget) -> str:
    """The text that base64, and gzip within it, hold. Raises PackedError."""
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
        for _ in range(MOST_LAYERS):
            if data.startswith(GZIP_MAGIC):
                data = budget.inflate(data)
    except LogSubscriptionError as error:
        raise PackedError(str(error)) from error
    except (binascii.Error, ValueError) as error:
        raise PackedError("the data is not base64") from error
    if data.startswith(KPL_MAGIC):
        raise PackedError("records that the Kinesis Producer Library put together (KPL): not read")
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise PackedError("the data is neither gzip nor text") from error


def _some(most: int) -> int:
    """A limit for zlib, to which 0 would mean none. Raises PackedError."""
    if most <= 0:
        raise PackedError("the data inflates to more than a document may")
    return most
