"""docs/just-the-article.md: what its setup tells, and what it does not."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from chalicelib.rules.loaded import PROJECT
from cli.main import main
from tests.events import cloudtrail

TEXT = (PROJECT / "docs" / "just-the-article.md").read_text(encoding="utf-8")
ONLY = 'only = ["iam-user-operations"]'
FILE = PROJECT / "docs" / "examples" / "five-services.toml"
READS = "[settings]\nreads = true\n"
USER = {"type": "IAMUser", "userName": "alice", "accountId": "111122223333",
        "arn": "arn:aws:iam::111122223333:user/alice"}  # fmt: skip
ROOT_USER = {"type": "Root", "arn": "arn:aws:iam::111122223333:root", "accountId": "111122223333"}
ROLE = {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/ci/run-42"}
CHANGES = {
    "ec2": "RunInstances",
    "s3": "PutBucketPolicy",
    "iam": "CreateUser",
    "rds": "DeleteDBInstance",
    "signin": "ConsoleLogin",
}


def call(source: str, name: str, user: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    return cloudtrail(
        name, eventSource=f"{source}.amazonaws.com", userIdentity=user or USER,
        **{"readOnly": False, **more},
    )  # fmt: skip


def told(folder: Path, rules: str, *records: dict[str, Any]) -> list[str]:
    """The operations of which a replay by these rules tells."""
    mine, trail = folder / "mine.toml", folder / "trail.jsonl"
    mine.write_text(rules)
    trail.write_text("\n".join(map(json.dumps, records)))
    arguments = ["replay", "--rules", str(mine), "--format", "json", str(trail)]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output
    return [json.loads(line)["event_name"] for line in done.stdout.splitlines()]


def test_the_file_to_copy_says_what_the_page_says() -> None:
    assert ONLY in TEXT
    assert f"\n{ONLY}\n" in FILE.read_text(encoding="utf-8")
    assert READS in TEXT


def test_five_commands_lead_there_from_an_empty_account() -> None:
    first = re.findall(r"```sh\n(.*?)```", TEXT, re.DOTALL)[0]
    assert len(first.splitlines()) == 5


def test_each_of_the_five_services_is_told_and_nothing_else(tmp_path: Path) -> None:
    wanted = [call(source, name) for source, name in CHANGES.items()]
    others = [
        call("cloudtrail", "StopLogging"),
        call("kms", "ScheduleKeyDeletion"),
        call("iam", "DeleteUser", ROOT_USER),
        call("ec2", "TerminateInstances", ROLE),
        call("signin", "ConsoleLogin", ROOT_USER),
    ]
    assert told(tmp_path, FILE.read_text(), *wanted, *others) == list(CHANGES.values())


@pytest.mark.parametrize("answer", ["Success", "Failure"])
def test_the_sign_in_is_told_whether_it_succeeded_or_failed(answer: str, tmp_path: Path) -> None:
    signed_in = call("signin", "ConsoleLogin", responseElements={"ConsoleLogin": answer})
    assert told(tmp_path, FILE.read_text(), signed_in) == ["ConsoleLogin"]


def test_what_is_refused_is_told_and_a_read_that_succeeds_only_where_it_is_wanted(
    tmp_path: Path,
) -> None:
    read = call("ec2", "DescribeInstances", readOnly=True)
    refused = call("s3", "GetBucketPolicy", readOnly=True, errorCode="AccessDenied")
    assert told(tmp_path, FILE.read_text(), read, refused) == ["GetBucketPolicy"]
    both = told(tmp_path, f"{ONLY}\n{READS}", read, refused)
    assert both == ["DescribeInstances", "GetBucketPolicy"]


def test_what_each_next_step_adds_to_only_is_there(tmp_path: Path) -> None:
    for line in re.findall(r"`(only = \[.*?\])`", TEXT):
        names = told(tmp_path, line, call("cloudtrail", "StopLogging"), call("s3", "PutBucketAcl"))
        assert names[-1] == "PutBucketAcl"
        assert ("StopLogging" in names) == ("trail-stopped" in line)
