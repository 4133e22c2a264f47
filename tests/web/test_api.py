"""The routes of one application, each request answered by the program of its moment."""

from __future__ import annotations

from pathlib import Path

from chalice.app import Chalice
from chalice.test import Client

from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.web.api import register
from chalicelib.web.routes import ROUTES
from tests.stores.factories import NOW
from tests.web.conftest import Color, Health, Program


def test_every_route_of_the_table_is_served() -> None:
    app = Chalice(app_name="trailbell")
    register(app, lambda: Program(sqlite_store("unused")), clock=lambda: NOW)
    assert set(app.routes) == {route.path for route in ROUTES}


def test_the_program_is_asked_for_at_every_request(tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "alerts.db")
    programs = [Program(store), Program(store, condition=Health(Color.AMBER))]
    app = Chalice(app_name="trailbell")
    register(app, lambda: programs[0], clock=lambda: NOW)
    with Client(app) as client:
        first = client.http.get("/health").json_body["status"]
        programs.reverse()
        second = client.http.get("/health").json_body["status"]
    assert (first, second) == ("green", "amber")
