"""The application as it ships: every route of app.py behind the guard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chalice.test import Client

import app
from chalicelib import bootstrap
from chalicelib.settings import Settings
from chalicelib.web.auth import PUBLIC, SECURITY_HEADERS, SIGNED
from chalicelib.web.openapi import document
from tests.stores.factories import NOW, alert, stored, tell
from tests.web.conftest import TOKEN

AUTHORIZATIONS = (None, "", "Bearer wrong", f"Bearer {TOKEN[:-1]}", f"Basic {TOKEN}", TOKEN)


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.setenv("ALERT_STORE", f"sqlite:///{tmp_path}/alerts.db")
    monkeypatch.setenv("API_TOKEN", TOKEN)
    store = bootstrap.assembled(Settings.from_env(_env(tmp_path))).store
    # Due by the real clock, which this application reads: an old alert that waits is red.
    store.outbox.add([stored(alert(number), due_at=bootstrap.now()) for number in (1, 2)], NOW)
    with Client(app.app) as client:
        yield client


def _env(folder: Path) -> dict[str, str]:
    return {"ALERT_STORE": f"sqlite:///{folder}/alerts.db", "API_TOKEN": TOKEN}


def paths() -> list[str]:
    parts = {"{alert_id}": alert(1).alert_id, "{name}": "page.js"}
    made = []
    for route in app.app.routes:
        path = route
        for part, value in parts.items():
            path = path.replace(part, value)
        made.append(path)
    return made


@pytest.mark.parametrize("authorization", AUTHORIZATIONS)
def test_every_route_but_the_public_ones_is_denied_without_the_token(
    client: Client, authorization: str | None
) -> None:
    headers = {} if authorization is None else {"Authorization": authorization}
    for route, path in zip(app.app.routes, paths(), strict=True):
        response = client.http.get(path, headers=headers)
        # Nothing signs requests here: what only Slack may ask is not there.
        status = 200 if route in PUBLIC else 404 if route in SIGNED else 401
        assert response.status_code == status, route
        assert b"alice" not in response.body
        assert response.headers.items() >= SECURITY_HEADERS.items()


def test_every_route_answers_with_the_token(client: Client) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    asked = set(paths()) - SIGNED
    assert {client.http.get(path, headers=headers).status_code for path in asked} == {200}


def test_the_shipped_routes_are_those_of_the_document() -> None:
    assert set(app.app.routes) == set(document()["paths"])


def test_the_alerts_of_the_store_are_listed(client: Client) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    listed = client.http.get("/alerts?limit=1", headers=headers).json_body
    assert listed["alerts"][0]["actor"] == "alice"
    assert listed["next_cursor"]
    details = client.http.get(f"/alerts/{listed['alerts'][0]['alert_id']}", headers=headers)
    assert details.json_body["record"]["eventName"] == "StopLogging"


def test_a_sent_alert_links_to_its_slack_message(client: Client) -> None:
    store = bootstrap.current().store
    tell(store, [alert(1)], ts="1732449540.000100", channel_id="C024BE91L")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    details = client.http.get(f"/alerts/{alert(1).alert_id}", headers=headers).json_body
    assert details["deliveries"][0]["message_url"].startswith("https://slack.com/app_redirect?")


def test_health_tells_its_details_to_who_has_the_token(client: Client) -> None:
    health = client.http.get("/health", headers={"Authorization": f"Bearer {TOKEN}"}).json_body
    assert health["status"] in ("green", "amber", "red")
    assert {"words", "pending", "parked", "channels", "last_records_at"} <= set(health)
