"""A world of its own for each proof."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.alerts.sqlite import SqliteAlertStore
from tests.reliability.proof import annotated
from tests.slack.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(SqliteAlertStore(tmp_path / "alerts.db"), compose=annotated)
