"""A small application of the web package alone, over a real store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
from chalice.app import Chalice
from chalice.test import Client, HTTPResponse

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import Archive
from chalicelib.alerts.mutes import Mutes
from chalicelib.alerts.post import Post
from chalicelib.rules.allow import Allow
from chalicelib.rules.routes import Route
from chalicelib.rules.rule import Rule, Severity
from chalicelib.settings import Settings
from chalicelib.slack.addresses import slack_url
from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from chalicelib.web.api import register
from chalicelib.web.program import Rules
from tests.stores.factories import NOW, alert, stored

TOKEN = "right-" + "token-" * 4
RULES = (
    Rule(
        id="trail-stopped",
        title="A trail was stopped",
        severity=Severity.HIGH,
        pattern='{ $.eventName = "StopLogging" }',
    ),
    Rule(
        id="trail-changed",
        title="A trail was changed",
        severity=Severity.MEDIUM,
        pattern='{ ($.eventName = "StopLogging") || ($.eventName = "DeleteTrail") }',
    ),
)


@dataclass
class Watched:
    """Rules in force."""

    rules: tuple[Rule, ...] = RULES
    off: tuple[Rule, ...] = ()
    allows: tuple[Allow, ...] = ()
    routes: tuple[Route, ...] = ()


class Color(Enum):
    """The colours of chalicelib.monitoring.health."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


@dataclass(frozen=True)
class Health:
    """How a program says that it is doing."""

    status: Color = Color.GREEN
    words: tuple[str, ...] = ()
    details: dict[str, Any] = field(default_factory=lambda: {"pending": 0})


@dataclass
class Program:
    """A program whose parts a test can change between requests."""

    store: Store
    settings: Settings = field(default_factory=lambda: Settings(api_token=TOKEN))
    ruleset: Rules = field(default_factory=Watched)
    condition: Health = field(default_factory=Health)
    answer: tuple[int, dict[str, Any] | None] = (200, None)
    refusals: list[str] = field(default_factory=list)
    came: list[tuple[str, bytes, str]] = field(default_factory=list)

    @property
    def archive(self) -> Archive:
        return self.store.archive

    @property
    def mutes(self) -> Mutes:
        return self.store.mutes

    def message_url(self, post: Post) -> str | None:
        return slack_url(post, self.settings.slack_api_url)

    def signing_secret(self) -> str | None:
        return self.settings.slack_signing_secret

    def refused(self, why: str) -> None:
        self.refusals.append(why)

    def clicked(self, body: bytes, key: str) -> tuple[int, dict[str, Any] | None]:
        self.came.append(("actions", body, key))
        return self.answer

    def asked(self, body: bytes) -> tuple[int, dict[str, Any] | None]:
        self.came.append(("commands", body, ""))
        return self.answer

    def health(self) -> Mapping[str, Any]:
        found = self.condition
        return {"status": found.status.value, "words": found.words, **found.details}


@dataclass
class Api:
    """The application as a caller with the right token sees it."""

    program: Program
    app: Chalice
    client: Client

    def get(self, path: str, token: str | None = TOKEN, **headers: str) -> HTTPResponse:
        authorization = {"Authorization": f"Bearer {token}"} if token is not None else {}
        return self.client.http.get(path, headers=authorization | headers)

    def json(self, path: str, status: int = 200) -> Any:
        response = self.get(path)
        assert response.status_code == status, response.body
        return response.json_body

    def add(self, *alerts: Alert, **changes: Any) -> None:
        self.program.store.outbox.add([stored(item, **changes) for item in alerts], NOW)

    def ids(self, path: str) -> list[str]:
        return [item["event_id"] for item in self.json(path)["alerts"]]


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    program = Program(sqlite_store(tmp_path / "alerts.db"))
    app = Chalice(app_name="trailbell")
    register(app, lambda: program, clock=lambda: NOW + timedelta(minutes=1))
    with Client(app) as client:
        yield Api(program, app, client)


__all__ = ["NOW", "RULES", "TOKEN", "Api", "Program", "alert"]
