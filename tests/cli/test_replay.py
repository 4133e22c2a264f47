"""`trailbell.py replay`: what any trail would have told."""

from __future__ import annotations

import gzip
import json
import re
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.bootstrap import open_store
from chalicelib.delivery.watch import Watch
from chalicelib.settings import DEFAULT_CHANNEL
from chalicelib.usecases import alerting
from cli.main import main
from cli.sample.trail import sample_trail
from tests.events import cloudtrail, refused

FIELDS = {
    "alert_id", "rule_id", "rule_ids", "severity", "title", "text", "outcome", "event_id",
    "event_name",
    "event_source", "account_id", "aws_region", "actor", "actor_type", "via", "source_ip",
    "event_time", "error_code", "resources", "channels", "message",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("SLACK_TOKEN", "SLACK_CHANNEL", "ALERT_STORE", "RULES_FILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)


def replay(*arguments: str, stdin: str | bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["replay", *arguments], input=stdin)


def trail(path: Path) -> Path:
    records = sample_trail(datetime.now(UTC))
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def summary(result: Result) -> dict[str, int]:
    figures = re.findall(r"^ *(\w[\w ]*\w) +([\d,]+)$", result.stderr, re.MULTILINE)
    return {name: int(figure.replace(",", "")) for name, figure in figures}


def test_json_prints_an_object_a_line_with_every_field(tmp_path: Path) -> None:
    result = replay("--format", "json", str(trail(tmp_path / "trail.jsonl")))
    assert result.exit_code == 0
    alerts: list[dict[str, Any]] = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(alerts) == summary(result)["alerts new"] > 20
    for alert in alerts:
        assert set(alert) - {"together"} == FIELDS  # of what came together alone
        assert alert["event_id"] in json.dumps(alert["message"])
        assert alert["message"]["text"]


def test_the_formats_show_the_same_alerts(tmp_path: Path) -> None:
    path = str(trail(tmp_path / "trail.jsonl"))
    text = replay("--format", "text", path)
    slack = replay("--format", "slack", path)
    assert text.exit_code == slack.exit_code == 0
    assert len(text.stdout.splitlines()) == summary(slack)["alerts new"]
    assert "alice" in slack.stdout


def test_a_second_replay_into_a_store_tells_nothing_twice(tmp_path: Path) -> None:
    path = str(trail(tmp_path / "trail.jsonl"))
    first = replay("--format", "json", "--store", "sqlite:///x.db", path)
    second = replay("--format", "json", "--store", "sqlite:///x.db", path)
    assert summary(second)["alerts new"] == 0
    assert second.stdout == ""
    assert summary(second)["already known"] == summary(first)["alerts new"]


def test_an_event_that_stands_twice_in_the_files_is_shown_once(tmp_path: Path) -> None:
    path = str(trail(tmp_path / "trail.jsonl"))
    once, twice = replay("--format", "json", path), replay("--format", "json", path, path)
    assert len(once.stdout.splitlines()) == len(twice.stdout.splitlines())


@pytest.mark.parametrize("stored", [True, False])
def test_another_event_of_the_same_id_is_shown_and_an_addendum_to_what_was_shown_is_not(
    tmp_path: Path, stored: bool
) -> None:
    one = cloudtrail("StopLogging", eventID="e-1")
    update = {"reason": "UPDATED_DATA", "originalEventID": "e-1"}
    other = {**one, "eventTime": "2026-01-02T09:00:00Z"}
    addendum = {**one, "eventID": "a-1", "addendum": update, "errorCode": "AccessDenied"}
    forged = {**addendum, "eventID": "a-2", "eventName": "DeleteTrail"}
    lines = [one, other, addendum, forged, other, one, forged]
    file = tmp_path / "records.jsonl"
    file.write_text("\n".join(map(json.dumps, [*lines, *(lines * 200)])))  # several batches
    store = ["--store", f"sqlite:///{tmp_path}/alerts.db"] if stored else []

    result = replay("--format", "json", *store, str(file))

    shown = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(each["event_id"], each["event_name"]) for each in shown] == [
        ("e-1", "StopLogging"),
        ("e-1", "StopLogging"),
        ("a-2", "DeleteTrail"),
    ]
    assert len({each["alert_id"] for each in shown}) == 3
    assert shown[1]["text"].endswith("(its event id was used before by another event)")
    assert summary(result)["alerts new"] == 3


@pytest.mark.parametrize("store", [(), ("--store", "sqlite:///x.db")])
@pytest.mark.parametrize("by_addendum", [True, False])
@pytest.mark.parametrize("refused_first", [True, False])
def test_an_alert_is_shown_as_all_that_came_of_it_in_its_batch(
    store: tuple[str, ...], by_addendum: bool, refused_first: bool
) -> None:
    worked = cloudtrail("StopLogging", eventID="original")
    one, other = (refused(worked, "cloudtrail:StopLogging"), worked)[:: 1 if refused_first else -1]
    if by_addendum:
        addendum = {"reason": "UPDATED_DATA", "originalEventID": "original"}
        other = {**other, "eventID": "addendum", "addendum": addendum}
    lines = f"{json.dumps(one)}\n{json.dumps(other)}\n"

    (shown,) = replay("--format", "json", *store, "-", stdin=lines).stdout.splitlines()

    alert = json.loads(shown)
    assert (alert["outcome"], alert["severity"]) == ("succeeded", "critical")
    assert alert["title"] == "A trail was stopped or deleted"


def test_an_unreadable_record_is_named_and_costs_itself_alone(tmp_path: Path) -> None:
    path = trail(tmp_path / "trail.jsonl")
    whole = summary(replay("--format", "text", str(path)))
    path.write_text(path.read_text() + "nonsense\n")
    result = replay("--format", "text", str(path))
    assert result.exit_code == 0
    assert f"{path}:{whole['records read'] + 1}: not JSON" in result.stderr
    assert summary(result) == {
        **whole,
        "records read": whole["records read"] + 1,
        "unreadable": 1,
    }


def test_a_path_that_is_missing_is_one_line_and_exit_2(tmp_path: Path) -> None:
    store = ("--store", "sqlite:///x.db")
    result = replay(*store, str(trail(tmp_path / "trail.jsonl")), "missing.json")
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("trailbell: missing.json: ")
    assert not Path("x.db").exists()


def test_a_file_that_breaks_off_is_named_and_the_rest_is_done(tmp_path: Path) -> None:
    trail(tmp_path / "trail.jsonl")
    whole = replay("--format", "json", str(tmp_path))
    broken = tmp_path / "broken.gz"
    broken.write_bytes(gzip.compress(b"{}\n" * 20)[:-9])
    result = replay("--format", "json", str(tmp_path))
    assert (result.exit_code, result.stdout) == (0, whole.stdout)
    assert f"{broken}: broken gzip: it ends early" in result.stderr
    assert summary(result) == {**summary(whole), "unreadable": 21}
    assert replay("--format", "json", str(broken)).exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [("--nonsense", "x"), ("--format", "xml", "x"), ("--post", "x"), ()],
)
def test_wrong_use_exits_2_and_says_what_is_wrong(arguments: tuple[str, ...]) -> None:
    result = replay(*arguments)
    assert result.exit_code == 2
    assert "trailbell: " in result.stderr


def test_a_store_that_cannot_be_used_is_refused_by_name(tmp_path: Path) -> None:
    result = replay("--store", "mysql://x", str(trail(tmp_path / "trail.jsonl")))
    assert result.exit_code == 2
    assert "ALERT_STORE" in result.stderr


@pytest.mark.usefixtures("fresh_clients")
def test_a_secret_that_cannot_be_read_is_one_line_and_exit_2(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("SLACK_CHANNEL", "ssm:/somewhere/channel")
    result = replay(str(trail(tmp_path / "trail.jsonl")))
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("trailbell: SSM parameter /somewhere/channel cannot be read: ")


def test_post_without_a_token_draws_every_message_and_leaves_nothing_due(tmp_path: Path) -> None:
    path = tmp_path / "few.jsonl"
    records = [r for r in sample_trail(datetime.now(UTC)) if r["eventName"] == "StopLogging"]
    path.write_text(json.dumps(records[0]))
    result = replay("--format", "text", "--store", "sqlite:///x.db", "--post", str(path))
    assert result.exit_code == 0
    assert summary(result)["posted"] == 1
    with closing(sqlite3.connect("x.db")) as database:
        assert database.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("arguments", [("replay", "--nope"), ("nonsense",), ("--nope",)])
def test_an_unknown_option_or_command_is_one_line_with_the_next_step(
    arguments: tuple[str, ...],
) -> None:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("trailbell: ")
    assert line.endswith("--help")


DIGEST = json.dumps({"digestStartTime": "t", "digestEndTime": "t", "logFiles": []})


def test_a_digest_in_a_folder_is_told_and_no_record(tmp_path: Path) -> None:
    trail(tmp_path / "trail.jsonl")
    whole = summary(replay("--format", "text", str(tmp_path)))
    (tmp_path / "digest.json").write_text(DIGEST)
    result = replay("--format", "text", str(tmp_path))
    assert result.exit_code == 0
    assert f"{tmp_path}/digest.json:1: a digest file of CloudTrail, not records" in result.stderr
    assert summary(result) == {**whole, "unreadable": 1}


def test_ten_of_a_file_are_named_and_the_others_counted(tmp_path: Path) -> None:
    path = trail(tmp_path / "trail.jsonl")
    path.write_text(path.read_text() + (DIGEST + "\n") * 12 + '{"Records": [{}, {}, {}]}\n')
    result = replay("--format", "text", str(path))
    assert result.stderr.count("digest file") == 10
    assert f"{path}: 5 more unreadable" in result.stderr
    assert summary(result)["unreadable"] == 15


@pytest.mark.parametrize("text", [DIGEST, "nonsense\n", '{"a": 1}\n{"b": 1}\n'])
def test_where_nothing_at_all_could_be_read_it_exits_1(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text)
    assert replay("--format", "text", str(tmp_path / "a.json")).exit_code == 1


def test_a_file_that_holds_nothing_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"Records": []}\n')
    assert replay("--format", "text", str(tmp_path / "a.json")).exit_code == 0


def test_a_sender_that_was_killed_is_said_once_and_its_place_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, passed = tmp_path / "few.jsonl", [0.0]
    records = [r for r in sample_trail(datetime.now(UTC)) if r["eventName"] == "StopLogging"]
    path.write_text(json.dumps(records[0]))
    arguments = ("--format", "text", "--store", "sqlite:///x.db")
    replay(*arguments, str(path))
    queue = open_store("sqlite:///x.db").queue
    assert queue.claim(DEFAULT_CHANNEL, "killed", datetime.now(UTC) - timedelta(minutes=1))

    def sleep(seconds: float) -> None:
        passed[0] += seconds

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(alerting, "WATCH", Watch(lambda: passed[0]))
    result = replay(*arguments, "--post", str(path))
    assert summary(result)["posted"] == 1
    assert 30 <= passed[0] <= 32
    (said,) = [line for line in result.stderr.splitlines() if line.startswith("waiting")]
    assert said.startswith(f"waiting for another process that sends to {DEFAULT_CHANNEL}; ")
