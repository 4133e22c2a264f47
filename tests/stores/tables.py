"""DynamoDB for tests of any room: moto's in process, the emulator's, or the quicker one here."""

from __future__ import annotations

import base64
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from chalicelib.stores.dynamodb.table import table_definition
from tests.stores.emulator import Emulator

MOST_A_BATCH = 25  # items in one BatchWriteItem (API reference)
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
    config = Config(max_pool_connections=40)
    return boto3.client("dynamodb", endpoint_url=emulator.url, config=config, **KEYS)


@pytest.fixture
def dynamodb(request: pytest.FixtureRequest) -> Any:
    """The emulator's, which takes half of moto's time; moto's where it is not installed.

    The contract of the stores holds with either, so for what asks something else one is enough.
    """
    kind = "emulator" if Emulator.is_installed() else "moto"
    return request.getfixturevalue(f"{kind}_client")


@pytest.fixture
def emulated(emulator: Emulator, monkeypatch: pytest.MonkeyPatch) -> None:
    """DynamoDB is the emulator's, for workers as well: they inherit the environment."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", emulator.url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", KEYS["region_name"])
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEYS["aws_access_key_id"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", KEYS["aws_secret_access_key"])


@contextmanager
def table(client: Any) -> Iterator[str]:
    """An empty table."""
    with written(client, table_definition(""), []) as name:
        yield name


@contextmanager
def written(
    client: Any, definition: Mapping[str, Any], items: Sequence[Mapping[str, Any]]
) -> Iterator[str]:
    """A table made and filled as it was written down: as JSON, its bytes in base 64."""
    name = f"alerts-{uuid.uuid4().hex}"
    client.create_table(**{**definition, "TableName": name})
    puts = [{"PutRequest": {"Item": _with_bytes(item)}} for item in items]
    for first in range(0, len(puts), MOST_A_BATCH):
        client.batch_write_item(RequestItems={name: puts[first : first + MOST_A_BATCH]})
    yield name
    client.delete_table(TableName=name)


def _with_bytes(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: {"B": base64.b64decode(value["B"])} if "B" in value else value
        for name, value in item.items()
    }
