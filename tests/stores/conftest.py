"""The stores that hold one contract: a file, moto's DynamoDB, the emulator's DynamoDB."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.dynamodb.table import table_definition
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.stores.emulator import Emulator
from tests.stores.factories import NOW

KEYS: dict[str, Any] = {
    "region_name": "eu-central-1",
    "aws_access_key_id": "test",
    "aws_secret_access_key": "test",
}


class OneAtATime:
    """A client of moto, whose transactions are whole only while nobody else calls."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._lock = threading.Lock()

    def __getattr__(self, operation: str) -> Any:
        if operation.startswith("_"):  # of whoever wants to print it
            raise AttributeError(operation)

        def call(**arguments: Any) -> Any:
            with self._lock:
                return getattr(self._client, operation)(**arguments)

        return call


@pytest.fixture(scope="module")
def moto_client() -> Iterator[Any]:
    # No longer than a module: within an outer mock, another test's would not begin empty.
    with mock_aws():
        yield OneAtATime(boto3.client("dynamodb", **KEYS))


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """The emulator, once for all tests; `make emulator` installs it."""
    found = Emulator.installed(tmp_path_factory.mktemp("emulator"))
    if found is None:
        pytest.skip("the emulator is not installed: make emulator")
    with found:
        yield found


@pytest.fixture(scope="session")
def emulator_client(emulator: Emulator) -> Any:
    config = Config(max_pool_connections=32)
    return boto3.client("dynamodb", endpoint_url=emulator.url, config=config, **KEYS)


@pytest.fixture(params=["sqlite", "moto", "emulator"])
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


@contextmanager
def table(client: Any) -> Iterator[str]:
    """An empty table."""
    name = f"alerts-{uuid.uuid4().hex}"
    client.create_table(**table_definition(name))
    yield name
    client.delete_table(TableName=name)  # moto copies every table for every transaction
