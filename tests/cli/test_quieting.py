"""What `replay` says of what made most of the messages: it can be copied, and it quiets."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from chalicelib.alerts.judging import alert_from
from chalicelib.cloudtrail.record import Record
from chalicelib.rules.ruleset import Ruleset
from cli.main import main
from cli.played import Message
from cli.quieting import MOST, Told, allowable
from tests.events import (
    assumed_role,
    aws_service,
    cloudtrail,
    iam_user,
    refused,
    root,
    sso_user,
)

RULES = Ruleset.load()
TODAY = date(2026, 3, 1)
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("SLACK_TOKEN", "SLACK_CHANNEL", "ALERT_STORE", "RULES_FILE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.chdir(tmp_path)


def day_of(name: str, identity: Json, count: int = 6, **fields: Any) -> list[Json]:
    """The same call each hour, so that none folds."""
    times = (START + timedelta(hours=number) for number in range(count))
    return [
        cloudtrail(name, eventTime=f"{time:%Y-%m-%dT%H:%M:%SZ}", userIdentity=identity, **fields)
        for time in times
    ]


def replayed(records: Iterable[Json], *arguments: str, output: str = "messages") -> list[str]:
    """What is said on standard error; of text all lines of standard output."""
    stdin = "\n".join(map(json.dumps, records))
    command = ["replay", "--format", output, *arguments, "-"]
    result = CliRunner().invoke(main, command, input=stdin)
    assert result.exit_code == 0, result.output
    return (result.stderr if output == "messages" else result.stdout).splitlines()


def suggested(lines: list[str], what: str) -> str:
    """What is to be copied of one line of the list."""
    first = next(number for number, line in enumerate(lines) if line.startswith(what)) + 1
    last = first
    while lines[last].startswith("    "):
        last += 1
    return "\n".join(line.strip() for line in lines[first:last])


def alert(record: Json) -> Any:
    read = Record(record)
    return alert_from(
        read, RULES.match(read) or RULES.rules[:1], accounts={}, default_channel="#c", now=START
    )


SNAPSHOT: Json = {"requestParameters": {"snapshotId": "snap-1"}}
MOSTLY_ONE = {
    "an IAM user": day_of("DeleteSnapshot", iam_user("bob"), **SNAPSHOT),
    "a person": day_of("DeleteSnapshot", sso_user("eve@example.com"), **SNAPSHOT),
    "a workload": [
        refused(each, "ec2:DeleteSnapshot")
        for each in day_of("DeleteSnapshot", assumed_role("deploy", "run-1"), **SNAPSHOT)
    ],
}


@pytest.mark.parametrize("whose", MOSTLY_ONE)
@pytest.mark.parametrize("what", ["rule ", "who"])
def test_an_allow_that_is_suggested_loads_and_lowers_all_that_it_is_of(
    whose: str, what: str, tmp_path: Path
) -> None:
    records = MOSTLY_ONE[whose]
    text = suggested(replayed(records), alert(records[0]).actor if what == "who" else what)
    assert text.startswith("[[allow]]\nrule = [")
    file = tmp_path / "mine.toml"
    file.write_text(text)
    told = replayed(records, "--rules", str(file), output="text")
    assert {line.split()[2] for line in told} == {"info"}
    assert "(allowed: known, mine.toml:1)" in told[0]


def test_what_is_told_at_info_already_is_switched_off_instead() -> None:
    records = day_of("DescribeInstances", root())
    lines = replayed(records)
    (rule,) = re.findall(r"^rule (\S+):", "\n".join(lines), re.MULTILINE)
    assert suggested(lines, "rule ") == f'off = ["{rule}"]  # above the first [table]'


@pytest.mark.parametrize("name", ["StopLogging", "DeleteTrail"])
def test_nobody_is_told_to_allow_what_is_severe(name: str) -> None:
    lines = replayed(day_of(name, iam_user("mallory")))
    assert "[[allow]]" not in "\n".join(line.strip() for line in lines[-20:] if "An [[" not in line)
    assert suggested(lines, "rule ").startswith("[[route]]\nrules = [")
    assert suggested(lines, "mallory").startswith("[[route]]")


def test_a_rule_that_many_set_off_is_no_matter_of_one_allow() -> None:
    fields = {"requestParameters": {"snapshotId": "snap-1"}}
    users = [iam_user(f"user-{number}") for number in range(5)]
    records = [each for user in users for each in day_of("DeleteSnapshot", user, 2, **fields)]
    lines = replayed(records)
    text = suggested(lines, "rule disk-snapshot-deleted")
    assert text == 'off = ["disk-snapshot-deleted"]  # above the first [table]'


@pytest.mark.parametrize(
    "identity",
    [
        root(),
        iam_user('a"b'),
        iam_user("a*b"),
        iam_user("a\nb"),
        {},
        {"type": "IAMUser"},
        {"type": "AWSAccount", "principalId": "ANONYMOUS_PRINCIPAL"},
        {"userName": "bob", "arn": ["odd"], "sessionContext": "odd"},
    ],
)
def test_whom_no_allow_can_name_exactly_none_is_suggested_for(identity: Json) -> None:
    assert allowable(alert(cloudtrail(userIdentity=identity))) == ""


def test_a_workload_is_allowed_by_its_role_a_person_by_the_session_and_a_service_by_its_name() -> (
    None
):
    named = [
        allowable(alert(cloudtrail(userIdentity=identity)))
        for identity in (
            assumed_role("deploy", "run-1"),
            sso_user("eve@example.com"),
            aws_service(),
        )
    ]
    assert named[0].endswith(":role/deploy")
    assert ":assumed-role/AWSReservedSSO_" in named[1]
    assert named[2].endswith(".amazonaws.com")


def told(*messages: Message) -> list[str]:
    counted = Told(RULES.rules)
    for each in messages:
        counted.meet(each.alerts)
        counted.add(each)
    return list(counted.lines(days=2, today=TODAY))


def message(*records: Json, method: str = "chat.postMessage") -> Message:
    alerts = tuple(map(alert, records))
    return Message(at=START, method=method, channel="#c", payload={}, alerts=alerts)


def test_a_digest_counts_for_each_that_is_in_it_and_a_change_for_none() -> None:
    one, other = cloudtrail("StopLogging"), cloudtrail("CreateUser", userIdentity=iam_user("bob"))
    changed = message(cloudtrail("StopLogging", eventID="again"), method="chat.update")
    lines = told(message(one, other), changed)
    assert lines[:4] == [
        "messages                    1",
        "  changed later             1",
        "days of records             2",
        "messages a day            0.5",
    ]
    assert lines[-1] == "3 alerts in 1 messages"
    figures = [line for line in lines if "of the alerts" in line]
    assert len(figures) == 4
    assert all("1 of the messages" in line for line in figures)
    assert "2 of the alerts" in figures[0]


def test_the_five_that_made_most_are_named_the_most_first() -> None:
    users = [iam_user(f"user-{number}") for number in range(8)]
    each = [
        message(cloudtrail("StopLogging", userIdentity=user, eventID=f"{number} {again}"))
        for number, user in enumerate(users)
        for again in range(number + 1)
    ]
    named = [line.split(" ")[0] for line in told(*each) if line.startswith("user-")]
    assert named == [f"user-{number}" for number in range(7, 7 - MOST, -1)]


def test_nothing_told_is_said_in_one_line() -> None:
    assert told()[-1] == "0 alerts in 0 messages"
    assert len(told()) == 5
