"""Gzip by isal: the same as by zlib, and nothing where zlib would refuse."""

from __future__ import annotations

import gzip

import pytest

from chalicelib.ingest import inflating
from chalicelib.ingest.log_subscription import inflate_member

TEXT = b'{"eventName":"StopLogging"}' * 500
PACKED = gzip.compress(TEXT, mtime=0)  # the same in each process of the tests


def test_a_whole_member_is_inflated_and_what_follows_is_handed_on() -> None:
    assert inflating.quickly_inflated(PACKED + b"rest", 1 << 20) == (TEXT, b"rest")
    assert inflate_member(PACKED + b"rest", 1 << 20) == (TEXT, b"rest")


@pytest.mark.parametrize(
    "packed", [b"", b"no gzip", PACKED[:-9], PACKED[:-8] + bytes(8), PACKED[:10] + b"rubbish" * 9]
)
def test_why_it_is_no_whole_member_is_left_to_zlib(packed: bytes) -> None:
    assert inflating.quickly_inflated(packed, 1 << 20) is None


def test_more_than_may_be_is_left_to_zlib() -> None:
    assert inflating.quickly_inflated(PACKED, len(TEXT) - 1) is None
