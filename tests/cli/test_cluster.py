"""A cluster's workers do the units, and what they come to is heard of in their order."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cli import cluster
from cli.sources import FileSource, InputError
from cli.unit import Terms, Unit, Worker

TERMS = Terms(files=(), default_channel="#trailbell", now=datetime(2026, 11, 24, tzinfo=UTC))


class KilledWorker(Exception):
    """What Dask says of work that ended each worker that it was given to."""


@dataclass
class Later:
    """A future: what travels is pickled, and done when it is asked for."""

    sent: bytes
    error: Exception | None

    def result(self) -> bytes:
        """See Future."""
        if self.error:
            raise self.error
        work, arguments = pickle.loads(self.sent)
        found: bytes = work(*arguments)
        return found


class Cluster:
    """A client of a cluster that does everything here; `errors` by the number of the unit."""

    def __init__(self, errors: Mapping[int, Exception]) -> None:
        self.errors = errors
        self.submitted = 0
        self.threads = 1

    def submit(self, work: Callable[..., bytes], *arguments: Any, pure: bool) -> Later:
        """See Client."""
        assert not pure, "a file may be another when it is read again"
        error = self.errors.get(self.submitted)
        self.submitted += 1
        return Later(pickle.dumps((work, arguments)), error)

    def nthreads(self) -> Mapping[str, int]:
        """See Client."""
        return {"tcp://192.0.2.1:1": self.threads}


@pytest.fixture
def units(tmp_path: Path) -> list[Unit]:
    found = []
    for number in range(20):
        path = tmp_path / f"{number}.jsonl"
        record = {"eventVersion": "1.11", "eventName": "StopLogging", "eventID": str(number)}
        path.write_text(f"{json.dumps(record)}\n" * (number + 1))
        found.append(Unit(FileSource(path.name, path, path.stat().st_size)))
    return found


def done(units: list[Unit], errors: Mapping[int, Exception] = {}) -> list[tuple[Unit, list[Any]]]:
    found = cluster.done(units, TERMS, Cluster(errors), lambda _: None)
    return [(unit, list(batches)) for unit, batches in found]


def test_it_comes_to_what_one_process_comes_to(units: list[Unit]) -> None:
    worker = Worker(TERMS)
    assert done(units) == [(unit, list(worker.do(unit))) for unit in units]


def test_only_so_many_units_are_handed_out_before_the_first_is_heard_of(units: list[Unit]) -> None:
    client = Cluster({})
    next(cluster.done(units, TERMS, client, lambda _: None))
    assert client.submitted == cluster.AHEAD


def test_workers_may_come_and_go(units: list[Unit]) -> None:
    client = Cluster({})
    heard = cluster.done(units, TERMS, client, lambda _: None)
    client.threads = 4
    found = [next(heard)]
    client.threads = 0
    assert [unit for unit, _ in [*found, *heard]] == units


def test_a_file_that_ends_its_workers_is_named_and_the_rest_is_done(units: list[Unit]) -> None:
    found = done(units, {3: KilledWorker()})
    ((name, reason),) = found[3][1][0].unreadable
    assert (name, reason) == ("3.jsonl", "left out: the workers that read it ended")
    assert len(found) == 20


@pytest.mark.parametrize(
    "error", [cluster.VersionError("a worker has version 0"), ModuleNotFoundError("cli")]
)
def test_workers_that_are_no_trailbell_of_this_version_are_refused(
    units: list[Unit], error: Exception
) -> None:
    with pytest.raises(InputError, match="--scheduler: "):
        done(units, {0: error})


@pytest.mark.parametrize("error", [CancelledError("connection lost"), ConnectionResetError()])
def test_a_scheduler_that_is_lost_is_one_line(units: list[Unit], error: Exception) -> None:
    with pytest.raises(InputError, match="--scheduler: the connection to it is lost"):
        done(units, {3: error})


def test_a_worker_of_another_version_does_nothing(units: list[Unit]) -> None:
    with pytest.raises(cluster.VersionError):
        cluster.do(units[0], pickle.dumps(TERMS), "0.0")


@pytest.mark.parametrize("address", ["nonsense", "http://x:1", "tcp://host", "tcp://host:port"])
def test_an_address_that_is_none_is_one_line(address: str) -> None:
    with pytest.raises(InputError, match=f"--scheduler {address}: say tcp://host:8786"):
        cluster.connected(address)
