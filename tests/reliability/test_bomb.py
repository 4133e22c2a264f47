"""A payload made to explode is refused quickly and cheaply, so that Lambda keeps it."""

from __future__ import annotations

import base64
import time
import tracemalloc
import zlib

import pytest

from chalicelib.ingest.log_subscription import LogSubscriptionEvent, PayloadTooLargeError
from tests.reliability.proof import figure


def bomb() -> str:
    """Gzip of a gigabyte of zeros in 1 MB of base64, which is all that Lambda takes."""
    compressor = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    head = compressor.compress(bytes(1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH)
    mebibyte = compressor.compress(bytes(1 << 20)) + compressor.flush(zlib.Z_FULL_FLUSH)
    return base64.b64encode(head + mebibyte * (745_000 // len(mebibyte))).decode()


def refused(event: dict[str, dict[str, str]]) -> None:
    with pytest.raises(PayloadTooLargeError):
        LogSubscriptionEvent(event, None)


def test_a_bomb_is_refused_in_a_quarter_of_a_second_with_little_memory() -> None:
    event = {"awslogs": {"data": bomb()}}
    taken = []
    for _ in range(5):  # the machine may be busy with others: the best counts
        began = time.perf_counter()
        refused(event)
        taken.append(time.perf_counter() - began)
    tracemalloc.start()
    refused(event)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = len(event["awslogs"]["data"])
    more = peak / (1 << 20)
    figure(
        "a 1 MB bomb",
        bytes=size,
        milliseconds=round(min(taken) * 1000),
        more_memory_mib=round(more, 1),
    )
    assert 980_000 < size <= 1 << 20
    assert min(taken) < 0.25
    assert 32 < more < 64
