"""`match`: what it prints, and what a wrong pattern makes of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.match import caret, match

ROOT = json.dumps({"eventName": "ConsoleLogin", "userIdentity": {"type": "Root"}})
USER = json.dumps({"eventName": "ConsoleLogin", "userIdentity": {"type": "IAMUser"}})
IS_ROOT = '{ $.userIdentity.type = "Root" }'


def invoke(*arguments: str, stdin: str = "") -> Result:
    return CliRunner().invoke(match, arguments, input=stdin)


def test_the_records_that_match_are_printed_as_they_were_written(tmp_path: Path) -> None:
    trail = tmp_path / "trail.jsonl"
    trail.write_text(f"{ROOT}\n{USER}\n")
    result = invoke(IS_ROOT, str(trail))
    assert (result.exit_code, result.stdout) == (0, ROOT + "\n")


def test_a_number_is_compared_and_printed_as_its_line_writes_it() -> None:
    lines = '{"a": 1.50}\n{"a": 1.5}\n{"eventName": "X", "a": 1.50}\n'
    assert invoke('{ $.a = "1.50" }', stdin=lines).stdout.splitlines() == [
        '{"a": 1.50}',
        '{"eventName": "X", "a": 1.50}',
    ]


def test_without_a_path_the_records_come_from_standard_input() -> None:
    result = invoke(IS_ROOT, stdin=f'{{"Records": [{USER}, {ROOT}]}}')
    assert json.loads(result.stdout) == json.loads(ROOT)


def test_a_wrong_pattern_exits_2_with_a_caret_under_the_place() -> None:
    result = invoke("{ $.a == b }", stdin=ROOT)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.splitlines()[1:] == ["{ $.a == b }", "       ^"]


def test_a_missing_file_exits_2() -> None:
    result = invoke(IS_ROOT, "no/such/file")
    assert result.exit_code == 2
    assert "no such file" in result.stderr


def test_what_never_fires_is_warned_of_on_standard_error() -> None:
    result = invoke("{ $.readOnly = false }", stdin='{"eventName": "x", "readOnly": false}')
    assert (result.exit_code, result.stdout) == (0, "")
    assert "$.readOnly IS FALSE" in result.stderr


def test_the_caret_stands_below_the_line_of_a_pattern_with_several() -> None:
    assert caret("{ $.a = 1 &&\n\t$.b == 2 }", 19) == "\t$.b == 2 }\n\t     ^"


def test_check_counts_what_compiles_and_says_where_the_others_are_wrong(tmp_path: Path) -> None:
    file = tmp_path / "patterns.txt"
    file.write_text('{ $.a = 1 ||\\n $.b = "\\\\x" }\n{ $.a == b }\tfrom somewhere\twrong\n\n')
    result = invoke("--check", str(file))
    assert result.exit_code == 1
    assert f"{file}:2: " in result.stdout
    assert "(at character 7)" in result.stdout
    assert result.stdout.splitlines()[-1] == "1 of 2 patterns compile, 1 do not"


def test_check_exits_0_where_every_pattern_compiles(tmp_path: Path) -> None:
    file = tmp_path / "patterns.txt"
    file.write_text("{ $.a = b }\n")
    assert invoke("--check", str(file)).exit_code == 0


@pytest.mark.parametrize("arguments", [[], ["{ $.a = b }", "--check", __file__]])
def test_wrong_use_exits_2(arguments: list[str]) -> None:
    assert invoke(*arguments).exit_code == 2


ERROR = '{ $.message = "*Error*" }'


@pytest.mark.parametrize(
    ("pattern", "line"),
    [
        (ERROR, '{"message":"An Error: timeout hit"}'),
        (ERROR, '{"level": "x", "message": "{\\"a\\": \\"Error\\"}"}'),
        ("{ $.detail.state = stopped }", '{"detail-type": "x", "detail": {"state": "stopped"}}'),
        ('{ $.body = "*Error*" }', '{"body": "An Error"}'),
        ('{ $.Records[0].eventSource = "aws:s3" }', '{"Records": [{"eventSource": "aws:s3"}]}'),
        ('{ $.events[*].message = "Error" }', '{"events": [{"message": "Error"}]}'),
        ("{ $.event.original = x }", '{"event": {"original": "x"}}'),
        ("Error", '["Error", {"message": 7}]'),
        ("{ $.a = 1 }", '{"a": 1, "Records": []}'),
        ("{ $.event.eventName = click }", '{"event": {"eventName": "click"}, "level": "info"}'),
    ],
)
def test_json_that_holds_no_record_is_judged_as_it_stands(pattern: str, line: str) -> None:
    result = invoke(pattern, stdin=f'{line}\n{{"other": 1}}\n')
    assert (result.exit_code, result.stdout, result.stderr) == (0, line + "\n", "")


@pytest.mark.parametrize("wrapping", ['{"message": %s}', '{"detail": %s}', '[%s, {"a": 1}]'])
def test_a_wrapping_is_taken_off_where_a_record_lies_inside(wrapping: str) -> None:
    result = invoke(IS_ROOT, stdin=wrapping % ROOT)
    assert json.loads(result.stdout) == json.loads(ROOT)
    assert result.stderr == ""


def test_a_record_with_a_message_of_its_own_is_judged_as_it_stands() -> None:
    line = '{"eventName": "X", "message": "An Error"}'
    assert invoke(ERROR, stdin=line).stdout == line + "\n"


@pytest.mark.parametrize("begins", ["[1]", '["info"]', "[2026, 1]", "[] []"])
def test_a_line_that_only_begins_like_json_stays_whole(begins: str) -> None:
    lines = f"{begins} ERROR one\n[2] fine\n"
    assert invoke("ERROR", stdin=lines).stdout == f"{begins} ERROR one\n"


def test_a_line_that_is_no_json_matches_terms() -> None:
    lines = "2 111122223333 eni-0a1b 192.0.2.1 REJECT\nhello\n"
    assert invoke("REJECT", stdin=lines).stdout == lines.splitlines(keepends=True)[0]


def test_what_cannot_be_unpacked_beside_a_record_is_told() -> None:
    result = invoke(IS_ROOT, stdin=f'[{ROOT}, {{"awslogs": {{"data": "!"}}}}]')
    assert json.loads(result.stdout) == json.loads(ROOT)
    assert "standard input:1[1]" in result.stderr
    assert "1 unreadable" in result.stderr
