"""A payload made to explode is refused quickly and cheaply, so that Lambda keeps it."""

from __future__ import annotations

import base64
import time
import tracemalloc
import zlib
from collections.abc import Callable

import pytest

from chalicelib.ingest.log_subscription import (
    MAX_INFLATED_BYTES,
    LogSubscriptionEvent,
    PayloadTooLargeError,
)
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


def spent(call: Callable[[], object]) -> float:
    """Seconds of processor time, the least of five: what else the machine does is left out."""
    taken = []
    for _ in range(5):
        began = time.thread_time()
        call()
        taken.append(time.thread_time() - began)
    return min(taken)


def test_a_bomb_is_refused_in_a_quarter_of_a_second_with_little_memory() -> None:
    event = {"awslogs": {"data": bomb()}}
    harmless = zlib.compress(bytes(MAX_INFLATED_BYTES))
    taken = spent(lambda: refused(event))
    tracemalloc.start()
    refused(event)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    size = len(event["awslogs"]["data"])
    more = peak / (1 << 20)
    figure(
        "a 1 MB bomb",
        bytes=size,
        milliseconds=round(taken * 1000),
        more_memory_mib=round(more, 1),
    )
    assert 980_000 < size <= 1 << 20
    assert taken < 0.25
    assert taken < 3 * spent(lambda: zlib.decompress(harmless))  # no more than what it may be
    assert more < 64
