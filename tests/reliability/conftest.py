"""A world of its own for each proof."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.stores.sqlite.store import sqlite_store
from tests.delivery.world import World
from tests.reliability.proof import annotated


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(sqlite_store(tmp_path / "alerts.db"), compose=annotated)
