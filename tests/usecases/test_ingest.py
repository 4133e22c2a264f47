"""One batch, taken in."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from chalicelib.alerts.outbox import StoreError
from chalicelib.bootstrap import Program
from chalicelib.settings import Settings
from tests.alerts.test_judging import Failing
from tests.events import cloudtrail


def test_a_batch_that_cannot_be_kept_is_raised_once_with_its_counts(tmp_path: Path) -> None:
    settings = Settings.from_env({"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db"})
    program = Program(settings)
    program.store = replace(program.store, outbox=Failing(program.store.outbox, "add"))
    bodies = [json.dumps(cloudtrail("StopLogging")), "no record"]
    with pytest.raises(StoreError, match=r"^no such table \(records 2, unreadable 1, alerts 1\)$"):
        program.ingest(bodies, lambda: 60_000.0)
