"""A file of an archive as a stream, which goes on where the way to S3 broke; and read ahead."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from cli.s3.ahead import MOST_FILES, MOST_OF_A_FILE, Ahead, read_ahead
from cli.s3.file import WAITS, S3Error, S3File, stream_of
from cli.sources import FileSource
from cli.unit import Unit
from tests.cli.s3.bucket import FakeS3

DATA = bytes(range(200))


def chunks(s3: FakeS3, begin: int) -> Iterator[bytes]:
    return s3.bucket.chunks("x", len(DATA), begin)


def test_the_bytes_come_as_they_lie_there() -> None:
    s3 = FakeS3("x", data=DATA)
    with stream_of(partial(chunks, s3)) as stream:
        assert stream.read(5) + stream.read() == DATA


def test_where_the_way_breaks_it_goes_on_from_there() -> None:
    s3 = FakeS3("x", data=DATA)
    s3.breaks = [11, 11, 20, 20, 20, 60]
    waited: list[float] = []
    with stream_of(partial(chunks, s3), waited.append) as stream:
        assert stream.read() == DATA
    assert waited == [*WAITS[:2], *WAITS, WAITS[0]]


def test_a_way_that_stays_broken_is_given_up_and_said() -> None:
    s3 = FakeS3("x", data=DATA)
    s3.breaks = [0] * 9
    waited: list[float] = []
    with pytest.raises(S3Error, match="bytes"):
        stream_of(partial(chunks, s3), waited.append)
    assert waited == list(WAITS)


def test_a_refusal_is_said_with_what_is_needed_and_not_tried_again() -> None:
    s3 = FakeS3("x")
    s3.denied = {"x"}
    waited: list[float] = []
    with pytest.raises(S3Error, match=r"access denied: .*s3:GetObject"):
        stream_of(partial(chunks, s3), waited.append)
    with pytest.raises(S3Error, match="gone"):
        stream_of(partial(chunks, FakeS3()), waited.append)
    assert waited == []


def test_a_file_can_be_handed_to_another_process() -> None:
    file = S3File("trail", "a/b.json.gz", 3, requester_pays=True)
    assert pickle.loads(pickle.dumps(file)) == file
    assert file.name == "s3://trail/a/b.json.gz"


def test_files_of_this_machine_pass_as_they_are_and_in_their_order(tmp_path: Path) -> None:
    files = [Unit(FileSource(str(number), tmp_path, 1)) for number in range(2 * MOST_FILES)]
    assert list(read_ahead(files)) == [(unit, unit) for unit in files]


def test_a_large_file_is_not_held_but_read_where_it_is_judged() -> None:
    large = Unit(S3File("trail", "x", MOST_OF_A_FILE + 1))
    assert Ahead().ask(large)() is large
