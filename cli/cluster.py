"""Cluster: units done by the workers of a Dask cluster, and heard of in the order of the units.

Each must have this version of Trailbell and be able to open the sources. Dask gives what a lost
worker had before it to another. Source of what is asked of it: "Client", distributed's API.
"""

from __future__ import annotations

import importlib
import importlib.util
import pickle
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any, Protocol

from chalicelib import __version__
from cli.batch import NOTHING, Batch
from cli.jobs import Advance
from cli.sources import InputError
from cli.unit import Terms, Unit, Worker

AHEAD = 4  # units that are handed out, for each thread of the cluster
CONNECT_SECONDS = 10
_ADDRESS = re.compile(r"(tcp|tls)://[\w.:\[\]-]+:\d{1,5}", re.ASCII)


class Future(Protocol):
    """What a worker of the cluster comes to."""

    def result(self) -> bytes:
        """Wait for it. Raises what the work raised."""


class Client(Protocol):
    """Dask's client, as far as it is asked."""

    def submit(self, work: Callable[..., bytes], *arguments: Any, pure: bool) -> Future:
        """Hand work to a worker."""

    def nthreads(self) -> Mapping[str, int]:
        """How many threads each worker has, by its address."""


def connected(address: str) -> Any:
    """The client of the cluster with this scheduler. Raises InputError where there is none."""
    if not _ADDRESS.fullmatch(address):
        raise InputError(f"--scheduler {address}: say tcp://host:8786, or tls://host:8786")
    if importlib.util.find_spec("distributed") is None:
        raise InputError("--scheduler needs Dask: pip install -r requirements-extras.txt")
    distributed = importlib.import_module("distributed")
    try:
        return distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except OSError as error:
        raise InputError(f"--scheduler {address}: {error}") from error


def done(
    units: Iterable[Unit], terms: Terms, client: Client, advance: Advance
) -> Iterator[tuple[Unit, Iterator[Batch]]]:
    """Each unit with what it came to, in their order. Raises InputError where the workers are no
    Trailbell of this version, and where the scheduler is lost.
    """
    packed, waiting = pickle.dumps(terms), iter(units)
    handed: deque[tuple[Unit, Future]] = deque()
    while True:
        with _reaching():
            most = AHEAD * max(1, sum(client.nthreads().values()))  # workers come and go
            for unit in islice(waiting, max(0, most - len(handed))):
                handed.append((unit, client.submit(do, unit, packed, __version__, pure=False)))
        if not handed:
            return
        unit, future = handed.popleft()
        batches = _result(unit, future)
        advance(sum(batch.bytes_read for batch in batches))
        yield unit, iter(batches)


def do(unit: Unit, terms: bytes, version: str) -> bytes:
    """What a worker of the cluster does: a unit, and what it came to, packed."""
    if version != __version__:
        raise VersionError(f"a worker has version {__version__}, not {version}")
    batches = list(_worker(terms).do(unit))
    return zlib.compress(pickle.dumps(batches, pickle.HIGHEST_PROTOCOL), level=1)


class VersionError(ValueError):
    """A worker that would judge by other rules; says by which version's."""


@lru_cache(maxsize=1)
def _worker(terms: bytes) -> Worker:
    # Whoever reaches a worker makes it run what they like: see docs/archives.md.
    return Worker(pickle.loads(terms))  # noqa: S301


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (CancelledError, OSError) as error:
        raise InputError("--scheduler: the connection to it is lost; start again") from error


def _result(unit: Unit, future: Future) -> list[Batch]:
    try:
        with _reaching():
            done = future.result()
    except (VersionError, ModuleNotFoundError) as error:
        raise InputError(f"--scheduler: {error}") from error
    except Exception as error:
        # Dask gave it to several workers, and all of them ended.
        if type(error).__name__ != "KilledWorker":
            raise
        lost = ((unit.source.name, "left out: the workers that read it ended"),)
        return [replace(NOTHING, unreadable=lost)]
    batches: list[Batch] = pickle.loads(zlib.decompress(done))  # noqa: S301 - see _worker
    return batches
