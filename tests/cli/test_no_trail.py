"""What holds no CloudTrail record: one sentence with the next step, whatever it is."""

from __future__ import annotations

import gzip
import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import main
from cli.unreadable import NEXT
from tests.events import cloudtrail

HTML = "<!doctype html>\n<html><body>\n" + "<p>Sign in</p>\n" * 130 + "</body></html>\n"


def _zip() -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("trail.json", json.dumps(cloudtrail()))
    return packed.getvalue()


NO_TRAILS: dict[str, bytes] = {
    "an HTML page": HTML.encode(),
    "an HTML page, packed": gzip.compress(HTML.encode()),
    "a README": b"# Title\n\nSome words.\n- a list\n" * 40,
    "a table": b"a,b,c\n" + b"1,2,3\n" * 100,
    "a table with tabs": b"time\tuser\n" + b"now\talice\n" * 50,
    "one word": b"nonsense",
    "a number": b"42",
    "a JSON text": b'"a text"',
    "null": b"null",
    "a list of numbers": b"[1, 2, 3]",
    "a list of lists": b"[[], [[]]]",
    "an object": b'{"a": 1}',
    "an application's log": b'{"level": "info", "message": "started"}\n' * 60,
    "a Terraform state": json.dumps({"version": 4, "list": [{}]}, indent=2).encode(),
    "VPC flow logs": b"2 111122223333 eni-1 192.0.2.1 192.0.2.2 443 49152 6 10 840 ACCEPT\n" * 30,
    "an access log": b'192.0.2.1 - - [01/Dec/2026:00:00:00 +0000] "GET / HTTP/1.1" 200 12\n' * 30,
    "YAML": b"AWSTemplateFormatVersion: 2010-09-09\nResources:\n  Bucket:\n",
    "half of a record": json.dumps(cloudtrail()).encode()[:200],
    "a zip": _zip(),
    "bytes of nothing": bytes(range(256)) * 30,
    "zeros": bytes(5000),
    "a gzip that breaks off": gzip.compress(json.dumps(cloudtrail()).encode() * 50)[:60],
    "UTF-16": json.dumps({"a": 1}).encode("utf-16"),
}  # fmt: skip


def _run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


@pytest.mark.parametrize("output", ["slack", "text", "json", "messages"])
@pytest.mark.parametrize("kind", NO_TRAILS)
def test_replay_says_in_one_sentence_that_there_is_no_record(
    kind: str, output: str, tmp_path: Path
) -> None:
    file = tmp_path / "what.log"
    file.write_bytes(NO_TRAILS[kind])
    result = _run("replay", "--format", output, str(file))
    assert result.exit_code == 1
    assert result.stdout == ""
    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith(f"trailbell: {file} holds no CloudTrail record")
    assert sentence.endswith(f": {NEXT}.")


@pytest.mark.parametrize("command", [["learn"], ["facts"], ["rules"], ["rules", "--coverage"]])
def test_every_command_that_reads_a_trail_says_the_same(command: list[str], tmp_path: Path) -> None:
    file = tmp_path / "page.html.log"
    file.write_text(HTML)
    store = ["--store", f"sqlite:///{tmp_path}/x.db"] if command == ["learn"] else []
    result = _run(*command, str(file), *store)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1


def test_of_several_files_one_sentence_tells(tmp_path: Path) -> None:
    for name in ("a.log", "b.log", "c.log"):
        (tmp_path / name).write_text(HTML)
    result = _run("replay", str(tmp_path))
    assert result.exit_code == 1
    assert "(nor do 2 more files)" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_what_was_held_back_is_named_once_a_record_is_read(tmp_path: Path) -> None:
    file = tmp_path / "trail.log"
    file.write_text("nonsense\n" * 12 + json.dumps(cloudtrail()) + "\n")
    result = _run("replay", str(file))
    assert result.exit_code == 0
    lines = result.stderr.splitlines()
    assert [line for line in lines if line.startswith(f"{file}:")] == [
        *(f"{file}:{number}: not JSON: Expecting value at 0" for number in range(1, 11)),
        f"{file}: 2 more unreadable",
    ]


def test_an_empty_file_is_no_fault(tmp_path: Path) -> None:
    file = tmp_path / "empty.json"
    file.touch()
    result = _run("replay", str(file))
    assert result.exit_code == 0
    assert result.stderr.splitlines()[-1].startswith("Next: there was no record to read")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "Next: make deploy tells this to a channel"),
        (["--format", "messages"], "Next: make deploy tells this to a channel"),
        (["--format", "text"], "--format slack shows the messages"),
        (["--store", "sqlite:///x.db"], "--post delivers"),
    ],
)
def test_the_last_line_says_what_to_do_next(
    options: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("trail.json").write_text(json.dumps(cloudtrail("StopLogging", source="cloudtrail")))
    assert says in _run("replay", *options, "trail.json").stderr.splitlines()[-1]


def test_where_no_rule_matched_the_last_line_names_the_rules(tmp_path: Path) -> None:
    file = tmp_path / "trail.json"
    file.write_text(json.dumps(cloudtrail("DescribeInstances", source="ec2", readOnly=True)))
    assert "no rule matched" in _run("replay", str(file)).stderr.splitlines()[-1]
