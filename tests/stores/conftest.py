"""The stores that hold one contract: a file, moto's DynamoDB, the emulator's DynamoDB."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.stores.emulator import Emulator
from tests.stores.factories import NOW
from tests.stores.tables import table

# The contract holds for a file and for DynamoDB by the emulator; for moto's, which takes twice as
# long and differs in nothing that it asks, in `make soak` and where there is no emulator.
MOTO = ["moto"] if os.environ.get("TRAILBELL_SOAK") or not Emulator.is_installed() else []


@pytest.fixture(params=["sqlite", *MOTO, "emulator"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    yield from empty_store(request, tmp_path)


@pytest.fixture(params=["sqlite", "emulator"])
def large_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """One that may take hundreds of alerts: a second of a large transaction costs moto a minute."""
    yield from empty_store(request, tmp_path)


def empty_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        yield sqlite_store(tmp_path / "alerts.db")
        return
    client = request.getfixturevalue(f"{request.param}_client")
    with table(client) as name:
        yield dynamodb_store(client, name, clock=lambda: NOW)
