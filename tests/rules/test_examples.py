"""The files of docs/examples load without a warning, and do with the sample trail as they say."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.judging import judge
from chalicelib.rules.loaded import PROJECT
from chalicelib.rules.matching import match_all
from chalicelib.rules.rule import URGENT, Severity
from chalicelib.rules.ruleset import Ruleset
from cli.main import main
from cli.rule_warnings import warnings
from cli.sample.trail import sample_trail

NOW = datetime(2026, 1, 15, 10, 42, tzinfo=UTC)
EXAMPLES = sorted((PROJECT / "docs" / "examples").glob("*.toml"))
DEFAULT = "#all"


def told(name: str, account: str = "111122223333") -> list[Alert]:
    """The alerts that an example makes of the sample trail, as of an account."""
    rules = Ruleset.load(str(PROJECT / "docs" / "examples" / f"{name}.toml"))
    records = [record | {"recipientAccountId": account} for record in sample_trail(NOW)]
    judged = judge(
        match_all(records, rules),
        accounts=rules.accounts,
        default_channel=DEFAULT,
        now=NOW,
        routes=rules.routes,
    )
    assert judged.alerts
    return list(judged.alerts)


def test_there_are_five() -> None:
    assert [path.stem for path in EXAMPLES] == [
        "console",
        "five-services",
        "organization",
        "quiet",
        "three-admins",
    ]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_draws_no_warning(path: Path) -> None:
    assert list(warnings(Ruleset.load(str(path)), NOW)) == []


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_replay_by_an_example_tells_where_each_alert_goes(path: Path, tmp_path: Path) -> None:
    trail = tmp_path / "trail.jsonl"
    trail.write_text("\n".join(map(json.dumps, sample_trail(NOW))))
    arguments = ["replay", "--rules", str(path), "--format", "json", str(trail)]
    result = CliRunner().invoke(main, arguments, env={"SLACK_CHANNEL": DEFAULT})
    assert result.exit_code == 0
    replayed = {
        alert["event_id"]: (alert["severity"], tuple(alert["channels"]), alert["text"])
        for alert in map(json.loads, result.stdout.splitlines())
        if alert["event_id"]  # not what came together
    }
    assert replayed == {
        alert.event_id: (alert.severity.value, alert.channels, alert.text)
        for alert in told(path.stem)
    }


def test_what_the_three_admins_do_from_the_office_is_info_and_the_rest_is_not() -> None:
    alerts = told("three-admins")
    allowed = [alert for alert in alerts if alert.allowed]
    assert {alert.severity for alert in allowed} == {Severity.INFO}
    assert {alert.actor for alert in allowed} <= {"alice", "bob", "erin"}
    assert {alert.source_ip for alert in allowed} == {"192.0.2.10"}
    others = [alert for alert in alerts if alert.actor == "carol"]
    assert Severity.CRITICAL in {alert.severity for alert in others}
    assert {alert.mention for alert in alerts if alert.severity is Severity.CRITICAL} == {"@here"}
    assert {alert.channels for alert in alerts} == {(DEFAULT,)}


def test_each_account_of_the_organization_has_its_channel() -> None:
    prod = {alert.severity: alert.channels for alert in told("organization")}
    assert prod[Severity.CRITICAL] == ("#security", "#prod-alerts")
    assert prod[Severity.MEDIUM] == ("#prod-alerts",)
    assert prod[Severity.LOW] == ("#cloudtrail-record",)
    test = {alert.severity: alert.channels for alert in told("organization", "444455556666")}
    assert test[Severity.CRITICAL] == ("#security", "#test-alerts")
    assert test[Severity.MEDIUM] == ("#cloudtrail-record",)
    other = {alert.severity: alert.channels for alert in told("organization", "777788889999")}
    assert other[Severity.MEDIUM] == ("#cloudtrail-record",)


def test_the_five_services_are_told_of_iam_users_alone() -> None:
    alerts = told("five-services")
    assert {alert.rule_ids for alert in alerts} == {("iam-user-operations",)}
    assert {alert.actor_type for alert in alerts} == {"IAMUser"}
    services = {alert.event_source.removesuffix(".amazonaws.com") for alert in alerts}
    assert services <= {"ec2", "s3", "iam", "rds", "signin"}


def test_the_quiet_channel_has_high_and_critical_and_they_are_nowhere_else() -> None:
    for alert in told("quiet"):
        urgent = alert.severity in URGENT
        assert alert.channels == (("#security-alerts",) if urgent else ("#security-record",))


def test_all_that_is_done_by_the_console_is_in_its_channel() -> None:
    by_console = [
        alert
        for alert in told("console")
        if alert.record.get("sessionCredentialFromConsole") == "true"
        and "invokedBy" not in alert.record["userIdentity"]
    ]
    assert {alert.read_only for alert in by_console} == {True, False}
    assert all("#console" in alert.channels for alert in by_console)
    assert any("#security-alerts" in alert.channels for alert in by_console)
