"""The stores that hold one contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.alerts.outbox import AlertStore
from chalicelib.alerts.sqlite import SqliteAlertStore


@pytest.fixture(params=["sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> AlertStore:
    """An empty store of each kind."""
    return SqliteAlertStore(tmp_path / "alerts.db")
