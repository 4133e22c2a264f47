"""What no rule can match is counted without being parsed, and nothing else changes."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bench import events
from chalicelib.rules.ruleset import Ruleset
from cli.batch import Batch, gathered
from cli.files import read_part
from cli.lines import WHOLE, Meter
from cli.sifting import PAYS_IN, Sifting
from cli.sources import FileSource
from cli.span import Span
from cli.unit import Terms, Unit, Worker

TERMS = Terms(
    files=(), default_channel="#trailbell", now=datetime(2026, 11, 24, 12, tzinfo=UTC), days=True
)
SPAN = Span(start=datetime(2026, 11, 24, 0, 0, 3, tzinfo=UTC))


@pytest.fixture(scope="module")
def sifting() -> Sifting:
    ruleset = Ruleset.load()
    assert ruleset.sieve.build() is not None
    return Sifting(ruleset)


def source_of(path: Path, data: bytes) -> FileSource:
    path.write_bytes(data)
    return FileSource(path.name, path, len(data))


def texts() -> list[str]:
    return [*events.texts(300), events.stop_logging(), "nonsense", '{"Records": [{}]}']


def lines() -> bytes:
    return "\n".join(texts()).encode()


def file_of_cloudtrail() -> bytes:
    records = ",".join([*events.texts(300), events.stop_logging(), "{}", '"text"', "[]"])
    return gzip.compress(f'{{"Records":[{records}]}}'.encode())


def several_files() -> bytes:
    whole = gzip.decompress(file_of_cloudtrail())
    return b"\n".join((whole, lines()[-8_000:], b"", b'{"Records":[{}]}'))


def come_to(path: Path, data: bytes, span: Span, *, sifts: bool) -> Batch:
    worker = Worker(replace(TERMS, span=span))
    if sifts:
        worker.ruleset.sieve.build()
    (batch,) = gathered(worker.do(Unit(source_of(path, data))))
    return batch


@pytest.mark.parametrize("span", [Span(), SPAN])
@pytest.mark.parametrize("data", [lines(), file_of_cloudtrail(), several_files()])
def test_a_file_comes_to_the_same_sifted_or_not(data: bytes, span: Span, tmp_path: Path) -> None:
    sifted, whole = (
        come_to(tmp_path / "trail.json", data, span, sifts=sifts) for sifts in (True, False)
    )
    assert sifted.judged == whole.judged
    assert sorted(sifted.unreadable) == sorted(whole.unreadable)
    assert (sifted.readable, sifted.days) == (whole.readable, whole.days)
    assert (sifted.bytes_read, sifted.lines) == (whole.bytes_read, whole.lines)
    assert len(sifted.judged.alerts) > 1


@pytest.mark.parametrize("span", [Span(), SPAN])
@pytest.mark.parametrize("in_one_line", [True, False])
def test_a_batch_ends_with_the_same_record_sifted_or_not(
    in_one_line: bool, span: Span, tmp_path: Path
) -> None:
    records = [*events.texts(450), events.stop_logging()] * 3
    text = f'{{"Records":[{",".join(records)}]}}' if in_one_line else "\n".join(records)
    unit = Unit(source_of(tmp_path / "trail.json", text.encode()))
    sifting, reading = (Worker(replace(TERMS, span=span)) for _ in range(2))
    assert sifting.ruleset.sieve.build() is not None
    assert list(sifting.do(unit)) == list(reading.do(unit))


@pytest.mark.parametrize("data", [lines(), file_of_cloudtrail()])
def test_most_of_a_trail_is_not_parsed(data: bytes, tmp_path: Path, sifting: Sifting) -> None:
    source = source_of(tmp_path / "trail.json", data)
    found = list(read_part(source, WHOLE, Meter(), sifting))
    passed = sum(len(each) for each in found if isinstance(each, list))
    assert passed > 250


def test_a_large_file_is_sifted_from_its_first_record(tmp_path: Path) -> None:
    records = f"[{' ' * PAYS_IN}{','.join(events.texts(300))}]"
    source = source_of(tmp_path / "trail.json", f'{{"Records":{records}}}'.encode())
    found = list(read_part(source, WHOLE, Meter(), Sifting(Ruleset.load())))
    passed = sum(len(each) for each in found if isinstance(each, list))
    assert passed > 250


@pytest.mark.parametrize(
    "text",
    [
        '{"Records": []}',
        '{"Records": [{}, 1, "x", null]}',
        '{"Records": {"eventVersion": "1"}}',
        '{"Records": [1], "eventVersion": "1.11", "eventName": "StopLogging"}',
        '{"Records": [',
        '{"Records": [{"a": }]}',
        json.dumps({"Records": [{"eventSource": "aws:s3", "s3": {}}]}),
    ],
)
def test_what_only_begins_as_a_log_file_does_is_what_it_is(
    text: str, tmp_path: Path, sifting: Sifting
) -> None:
    source = source_of(tmp_path / "trail.json", text.encode())
    sifted = list(read_part(source, WHOLE, Meter(), sifting))
    assert sifted == list(read_part(source, WHOLE, Meter(), None))
