"""One deployment for the session: it takes half a minute, nearly all of it Chalice waiting."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cloud import Cloud, whole_cloud


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is said of every call comes last."""
    items.sort(key=lambda item: item.path.name == "test_permissions.py")


@pytest.fixture(scope="session", autouse=True)
def calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file in which every program of the session notes its calls of AWS."""
    path = tmp_path_factory.getbasetemp() / "calls.jsonl"
    given = os.environ.setdefault("AWS_CALLS", str(path))
    yield Path(given)
    if given == str(path):
        del os.environ["AWS_CALLS"]


@pytest.fixture(scope="session")
def empty_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The emulator and Slack, with nothing deployed by this fixture."""
    with whole_cloud(tmp_path_factory.mktemp("cloud")) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def cloud(empty_cloud: Cloud) -> Cloud:
    """Stage dev, deployed by what make deploy runs. Every test uses records of its own."""
    empty_cloud.deploy("dev")
    return empty_cloud
