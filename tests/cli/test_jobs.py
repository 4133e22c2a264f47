"""Several processes read what one would, and come to the same."""

from __future__ import annotations

import gzip
import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest
from click.testing import CliRunner, Result

from cli.batch import Batch
from cli.jobs import Jobs
from cli.lines import Part
from cli.main import main
from cli.reading import How, read_all
from cli.sample.trail import sample_trail
from cli.sources import FileSource, InputError, Source
from cli.unit import Terms, Unit, Worker

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
TERMS = Terms(files=(), default_channel="#trailbell", now=NOW)
needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="the class must be known there")


@dataclass(frozen=True)
class DeadlySource:
    """A file that ends whoever opens it, so many times."""

    path: Path
    deaths: int
    name: str = "deadly.jsonl"
    size: int | None = None

    def open(self) -> BinaryIO:
        """See Source."""
        died = self.path.with_suffix(".died")
        died.touch()
        if died.stat().st_size < self.deaths:
            died.write_bytes(died.read_bytes() + b"x")
            os.kill(os.getpid(), signal.SIGKILL)
        return self.path.open("rb")


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of files: large and small, packed and plain, broken and unreadable in places."""
    for variable in ("SLACK_TOKEN", "SLACK_CHANNEL", "ALERT_STORE", "RULES_FILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "archive"
    folder.mkdir()
    lines = [json.dumps(record) for record in sample_trail(NOW)]
    at = len(lines) // 3
    plain = [*lines[:at], "nonsense", *lines[at : 2 * at], '{"an": "object"}', "", lines[0]]
    (folder / "a.jsonl").write_text("\n".join(plain) + "\n")
    (folder / "b.json.gz").write_bytes(
        gzip.compress(json.dumps({"Records": list(map(json.loads, lines[2 * at :]))}).encode())
    )
    (folder / "c.jsonl.gz").write_bytes(gzip.compress("\n".join(lines[:40]).encode())[:-9])
    (folder / "d.json").write_text(json.dumps(json.loads(lines[3]), indent=2))
    return folder


def replay(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["replay", *map(str, arguments)])


@pytest.mark.parametrize("output", ["json", "messages"])
def test_what_comes_out_is_the_same_whatever_their_number(
    archive: Path, output: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.parts.PART", 4096)
    one, *others = (replay("--format", output, "--jobs", jobs, archive) for jobs in (1, 3))
    assert one.exit_code == 0
    assert "nonsense" not in one.stdout
    for other in others:
        assert (other.stdout, other.stderr) == (one.stdout, one.stderr)


def test_parts_change_neither_output_nor_the_place_of_what_is_unreadable(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = replay("--format", "json", "--jobs", 1, archive)
    monkeypatch.setattr("cli.parts.PART", 3000)
    parted = replay("--format", "json", "--jobs", 2, archive)
    assert (parted.stdout, parted.stderr) == (whole.stdout, whole.stderr)


def test_what_is_kept_in_a_store_is_the_same(archive: Path) -> None:
    for jobs in (1, 2):
        replay("--store", f"sqlite:///{jobs}.db", "--format", "json", "--jobs", jobs, archive)
    known = [
        replay("--store", f"sqlite:///{jobs}.db", "--format", "json", "--jobs", 1, archive)
        for jobs in (1, 2)
    ]
    said = [each.stderr.replace(f"{jobs}.db", "x.db") for jobs, each in enumerate(known, 1)]
    assert said[0] == said[1]  # the last line names the store
    assert all("alerts new                  0" in each.stderr for each in known)


def test_learning_comes_to_the_same(archive: Path) -> None:
    said = [
        CliRunner().invoke(
            main, ["learn", "--store", f"sqlite:///{jobs}.db", "--jobs", str(jobs), str(archive)]
        )
        for jobs in (1, 3)
    ]
    assert said[0].exit_code == 0, said[0].output
    assert said[0].output == said[1].output


def done(
    units: list[Unit],
    folder: Path,
    said: list[str],
    advance: Callable[[int], None] = lambda _: None,
) -> list[list[Batch]]:
    jobs = Jobs(TERMS, 2, folder, advance, said.append)
    return [list(batches) for _, batches in jobs.done(units)]


def units_of(folder: Path, *deadly: Source) -> list[Unit]:
    files: list[Source] = []
    for number in range(6):
        path = folder / f"{number}.jsonl"
        record = json.dumps({"eventVersion": "1.11", "eventName": f"Get{number}"})
        path.write_text(f"{record}\n" * (number + 1))
        files.append(FileSource(path.name, path, path.stat().st_size))
    return [Unit(source) for source in (*files[:2], *deadly, *files[2:])]


def records(found: list[list[Batch]]) -> list[int]:
    return [sum(batch.judged.records for batch in batches) for batches in found]


def test_units_are_heard_of_in_their_order_and_every_byte_is_heard_of(tmp_path: Path) -> None:
    units, read = units_of(tmp_path), list[int]()
    out = tmp_path / "out"
    out.mkdir()
    assert records(done(units, out, [], read.append)) == [1, 2, 3, 4, 5, 6]
    assert sum(read) == sum(unit.source.size or 0 for unit in units)
    assert list(out.iterdir()) == []


@needs_fork
def test_a_process_that_dies_is_named_and_its_file_read_once_more(tmp_path: Path) -> None:
    deadly = tmp_path / "deadly"
    deadly.write_text('{"eventVersion": "1.11", "eventName": "ListUsers"}\n' * 9)
    said: list[str] = []
    out = tmp_path / "out"
    out.mkdir()
    found = done(units_of(tmp_path, DeadlySource(deadly, 1)), out, said)
    assert records(found) == [1, 2, 9, 3, 4, 5, 6]
    (line,) = said
    assert line.startswith("deadly.jsonl: process ")
    assert line.endswith("ended (SIGKILL); it is read once more")


@needs_fork
def test_a_file_that_ends_two_processes_is_named_and_the_rest_is_done(tmp_path: Path) -> None:
    deadly = tmp_path / "deadly"
    deadly.write_text("")
    out = tmp_path / "out"
    out.mkdir()
    found = done(units_of(tmp_path, DeadlySource(deadly, 9)), out, [])
    assert records(found) == [1, 2, 0, 3, 4, 5, 6]
    ((name, reason),) = found[2][0].unreadable
    assert name == "deadly.jsonl"
    assert "SIGKILL" in reason


def test_where_nothing_can_be_written_down_nothing_is_left_out(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with pytest.raises(InputError, match=f"{gone}: No such file or directory"):
        done(units_of(tmp_path), gone, [])


def test_who_stops_listening_ends_every_process(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    jobs = Jobs(TERMS, 2, out, lambda _: None, lambda _: None)
    going = jobs.done(units_of(tmp_path))
    next(going)
    processes = [each.process for each in jobs.processes]
    assert all(process.is_alive() for process in processes)
    going.close()
    assert not any(process.is_alive() for process in processes)


def test_who_is_terminated_leaves_no_file_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    sources = [unit.source for unit in units_of(tmp_path)]
    with closing(read_all(sources, Worker(TERMS), How(jobs=2))) as going:
        next(going)
        assert list(folder.iterdir())
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
    assert list(folder.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_a_unit_comes_to_the_same_each_time_it_is_done(archive: Path) -> None:
    path = archive / "a.jsonl"
    unit = Unit(FileSource("a", path, path.stat().st_size), Part(0, None))
    worker = Worker(TERMS)
    assert list(worker.do(unit)) == list(worker.do(unit)) == list(Worker(TERMS).do(unit))
