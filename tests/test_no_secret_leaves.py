"""A secret in a record ends where it comes in: not in store, API, log, page, Slack or webhook."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from chalicelib.alerts.archive import AlertQuery
from chalicelib.bootstrap import Program
from chalicelib.settings import Settings
from chalicelib.stores.encoding import unpack_alert
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.webhook.finding import finding
from tests import secret_places
from tests.canaries import Canary, planted
from tests.events import cloudtrail
from tests.secret_places import Planted
from tests.soak import examples
from tests.web.conftest import Api, api

__all__ = ["api"]


@pytest.fixture(scope="module")
def canaries() -> list[Canary]:
    return [
        replace(canary, record={**canary.record, "eventID": f"e-{n:08d}"})
        for n, canary in enumerate(planted(cloudtrail("StopLogging")))
    ]


@pytest.fixture(scope="module")
def plants() -> list[Planted]:
    """Every kind in every place in `make soak`; in `make test` each eleventh planting."""
    every = list(secret_places.planted(cloudtrail("StopLogging")))[:: examples(11, 1)]
    return [
        replace(plant, record={**plant.record, "eventID": f"p-{n:08d}"})
        for n, plant in enumerate(every)
    ]


def stored_texts(file: Path) -> Iterator[str]:
    """Everything in the store's files: raw bytes, and what is packed in them opened."""
    for part in file.parent.glob(f"{file.name}*"):
        yield part.read_bytes().decode("latin-1")
    with closing(sqlite3.connect(file)) as connection:
        for packed, record in connection.execute("SELECT alert, record FROM bodies"):
            alert = unpack_alert(packed, record)
            yield f"{alert!r} {json.dumps(alert.record)}"


def answers(api: Api) -> Iterator[str]:
    """What the API tells of every alert."""
    path: str | None = "/alerts?limit=100"
    while path:
        page = api.json(path)
        yield json.dumps(page)
        yield from (json.dumps(api.json(f"/alerts/{a['alert_id']}")) for a in page["alerts"])
        cursor = page["next_cursor"]
        path = f"/alerts?limit=100&cursor={cursor}" if cursor else None
    yield str(api.get("/alerts.csv").body)
    yield json.dumps(api.json("/summary"))


def findings(file: Path) -> Iterator[str]:
    """What the webhook would send of every alert."""
    archive, cursor = sqlite_store(file).archive, None
    while True:
        page = archive.search(AlertQuery(), 100, cursor)
        yield from (json.dumps(finding(each.alert), ensure_ascii=False) for each in page.alerts)
        if (cursor := page.next_cursor) is None:
            return


def told(
    api: Api, records: list[dict[str, Any]], folder: Path, capsys: pytest.CaptureFixture[str]
) -> dict[str, str]:
    """What is told of records, by where."""
    screen = StringIO()
    settings = Settings(alert_store=f"sqlite:///{folder}/alerts.db", retention_days=100_000)
    program = Program(settings, screen)
    counts = program.ingest([json.dumps(record) for record in records], lambda: 9000.0)
    assert counts["new"] == len(records)
    api.program.store = sqlite_store(folder / "alerts.db")
    printed = capsys.readouterr()
    outputs = {
        "store": "\n".join(stored_texts(folder / "alerts.db")),
        "API": "\n".join(answers(api)),
        "log": printed.out + printed.err,
        "Slack": screen.getvalue(),
        "webhook": "\n".join(findings(folder / "alerts.db")),
    }
    assert all(text for name, text in outputs.items() if name != "log")
    return outputs


def test_a_planted_secret_is_in_neither_store_nor_api_nor_log_nor_slack_nor_webhook(
    api: Api, canaries: list[Canary], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = told(api, [canary.record for canary in canaries], tmp_path, capsys)
    leaks = [
        (c.place, name) for c in canaries for name, text in outputs.items() if c.needle in text
    ]
    assert leaks == []


def test_no_kind_of_secret_leaves_from_any_place_of_a_record(
    api: Api, plants: list[Planted], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outputs = told(api, [plant.record for plant in plants], tmp_path, capsys)
    leaks = [
        (plant.kind.label, plant.place, name)
        for plant in plants
        for name, text in outputs.items()
        if plant.survives(text)
    ]
    assert leaks == []


def test_a_record_that_cannot_be_read_or_told_leaves_no_secret_in_a_log_or_an_error(
    canaries: list[Canary],
    plants: list[Planted],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = Settings(alert_store=f"sqlite:///{tmp_path}/a.db", deployment="trailbell-dev")
    program = Program(settings, StringIO())
    broken: list[Any] = [json.dumps(canary.record)[:-1] for canary in canaries]
    broken += [json.dumps([canary.record]) for canary in canaries]
    broken += [json.dumps(plant.record)[:-1] for plant in plants]
    counts = program.ingest(broken, lambda: 9000.0)
    assert counts["unreadable"] == len(broken)
    printed = capsys.readouterr()
    log = printed.out + printed.err
    assert "unreadable record" in log
    assert [canary.place for canary in canaries if canary.needle in log] == []
    assert [plant.kind.label for plant in plants if plant.survives(log)] == []
    stored = "\n".join(stored_texts(tmp_path / "a.db"))  # the notes of what could not be read
    assert [plant.kind.label for plant in plants if plant.survives(stored)] == []
