"""The `parked` command: what a person can do about what Slack refused."""

from __future__ import annotations

import time
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from chalicelib.alerts.delivery import DeliveryState
from chalicelib.stores.dynamodb.store import dynamodb_store
from chalicelib.stores.dynamodb.table import TTL_ATTRIBUTE, table_definition
from chalicelib.stores.sqlite.store import sqlite_store
from cli.parked import parked
from tests.delivery.world import World, alert
from tests.stores import factories


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Two alerts parked, one told."""
    world = World(sqlite_store(tmp_path / "alerts.db"))
    world.slack.script = ["invalid_blocks"] * 6
    world.add(alert(1), alert(2), alert(3))
    world.run()
    return world


def run(tmp_path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(parked, ["--store", f"sqlite:///{tmp_path}/alerts.db", *arguments])


def test_what_is_parked_is_listed_with_its_reason(world: World, tmp_path: Path) -> None:
    lines = run(tmp_path).stdout.splitlines()
    assert len(lines) == 2
    assert lines[0].startswith(alert(1).alert_id[:12])
    assert lines[0].endswith("CloudTrail stopped: invalid_blocks")


def test_one_can_be_sent_again_by_the_start_of_its_id(world: World, tmp_path: Path) -> None:
    assert run(tmp_path, "--retry", alert(1).alert_id[:8]).exit_code == 0
    world.clock.time = world.clock.time.replace(year=2100)  # due since the command's own clock
    world.run()
    assert world.states(alert(1), alert(2)) == [DeliveryState.SENT, DeliveryState.PARKED]


@pytest.mark.parametrize("arguments", [("--all",), ("--retry", "--all")])
def test_all_can_be_sent_again(arguments: tuple[str, ...], world: World, tmp_path: Path) -> None:
    assert "2 deliveries due again" in run(tmp_path, *arguments).stdout
    world.clock.time = world.clock.time.replace(year=2100)
    world.run()
    assert world.states(alert(1), alert(2)) == [DeliveryState.SENT] * 2


def test_all_are_sent_again_however_many_a_list_shows(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cli.parked.MOST", 1)
    assert run(tmp_path).stderr == "1 delivery or more parked.\n"
    assert "2 deliveries due again" in run(tmp_path, "--all").stdout


def test_one_and_all_at_once_is_wrong_use(world: World, tmp_path: Path) -> None:
    assert run(tmp_path, "--all", "--retry", alert(1).alert_id).exit_code == 2
    assert world.states(alert(1), alert(2)) == [DeliveryState.PARKED] * 2


def test_one_can_be_dropped_and_stays_in_the_list(world: World, tmp_path: Path) -> None:
    run(tmp_path, "--discard", alert(1).alert_id)
    assert world.states(alert(1)) == []
    assert world.store.archive.get(alert(1).alert_id) is not None


def test_with_nothing_parked_it_says_so(tmp_path: Path) -> None:
    assert run(tmp_path).stdout == "Nothing is parked.\n"


@pytest.mark.parametrize("arguments", [("--retry", "zz"), ("--discard", ""), ("--discard", "zz")])
def test_an_id_that_is_not_parked_is_wrong_use(
    arguments: tuple[str, ...], world: World, tmp_path: Path
) -> None:
    result = run(tmp_path, *arguments)
    assert (result.exit_code, "invalid_blocks" in result.output) == (2, False)


def test_retrying_and_dropping_at_once_is_wrong_use(world: World, tmp_path: Path) -> None:
    assert run(tmp_path, "--all", "--discard", "a").exit_code == 2


def test_a_store_that_is_none_is_wrong_use() -> None:
    assert CliRunner().invoke(parked, ["--store", "mysql:///x"]).exit_code == 2


@pytest.mark.usefixtures("fresh_clients")
def test_what_is_dropped_is_kept_as_long_as_retention_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("RETENTION_DAYS", "30")
    dropped = factories.alert()
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(**table_definition("trailbell-dev"))
        parts = [factories.stored(dropped, state=DeliveryState.PARKED)]
        dynamodb_store(client, "trailbell-dev").outbox.add(parts, factories.NOW)
        arguments = ["--store", "dynamodb:///trailbell-dev", "--discard", dropped.alert_id]
        assert CliRunner().invoke(parked, arguments).exit_code == 0
        key = {"pk": {"S": f"ALERT#{dropped.alert_id}"}, "sk": {"S": "ALERT"}}
        kept = client.get_item(TableName="trailbell-dev", Key=key)["Item"]
    assert int(kept[TTL_ATTRIBUTE]["N"]) == pytest.approx(time.time() + 30 * 86_400, abs=600)
