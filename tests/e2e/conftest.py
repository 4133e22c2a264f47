"""One deployment for the session: it takes half a minute, nearly all of it Chalice waiting."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.e2e.cloud import Cloud, whole_cloud


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
