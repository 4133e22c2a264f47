"""Rules that cannot be loaded: red, and every invocation fails; nothing is dropped or held back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from chalice.test import Client

import app
from chalicelib.alerts.delivery import DeliveryState
from chalicelib.bootstrap import Program
from chalicelib.rules.place import RulesError
from chalicelib.settings import Settings
from tests.events import cloudtrail
from tests.stores.factories import alert, stored
from tests.subscriptions import generate_log_subscription_event

WRONG = '[[rule]]\nid = "root-use"\nseverity = "urgent"\n'
WHERE = "mine.toml:3: rule root-use: severity"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    rules = tmp_path / "mine.toml"
    rules.write_text(WRONG)
    return {"RULES_FILE": str(rules), "ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db"}


@pytest.fixture
def client(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with Client(app.app) as client:
        yield client


def test_health_is_red(client: Client) -> None:
    health = client.http.get("/health")
    assert (health.status_code, health.json_body["status"]) == (503, "red")


def test_a_batch_of_records_fails(client: Client) -> None:
    event = generate_log_subscription_event([cloudtrail("StopLogging")])
    with pytest.raises(RulesError, match=WHERE):
        client.lambda_.invoke("ingest_logs", event)


def test_the_sweep_tells_what_was_stored_before_it_fails(environment: dict[str, str]) -> None:
    screen = io.StringIO()
    trailbell = Program(Settings.from_env(environment), screen=screen)
    now = datetime.now(UTC)
    waiting = alert(1, channels=("#kept",), event_time=now, seen_at=now)
    trailbell.store.outbox.add([stored(waiting)], now)
    with pytest.raises(RulesError, match=WHERE):
        trailbell.sweep(lambda: 50_000.0)
    kept = trailbell.store.archive.get(waiting.alert_id)
    assert kept
    assert [one.state for one in kept.deliveries] == [DeliveryState.SENT]
    assert kept.deliveries[0].channel == "#kept"
