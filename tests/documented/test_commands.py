"""Every command that a document tells to type does what it says there, or is at least there."""

from __future__ import annotations

import glob
import importlib.util
import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import botocore.session
import click
import pytest
from botocore import xform_name
from click.testing import CliRunner

import setup_resources
from chalicelib.rules.loaded import PROJECT
from cli.main import main as trailbell
from cli.sample.trail import sample_trail
from tests.documented.kinds import Kind, kind
from tests.documented.words import Command, commands, split
from tests.web.conftest import Api

GROUPS: dict[str, click.Group] = {
    "trailbell.py": trailbell,
    "setup_resources.py": setup_resources.main,
}
COMMANDS = commands()
# What stands for a thing of the reader's own, and one such thing.
PLACEHOLDERS = {
    "PATH": "trail.json.gz",
    "RULE": "trail-stopped",
    "ALERT": "0cb6cf6b7e49c853eed37f4cfb5e5b2a",
    "BUCKET": "example-bucket",
    "ACCOUNT": "111122223333",
    "TOPIC-ARN": "arn:aws:sns:eu-central-1:111122223333:trail",
    "https://ID.execute-api.REGION.amazonaws.com/api/": (
        "https://abcde12345.execute-api.eu-central-1.amazonaws.com/api/"
    ),
    "s3://trailbell-dev-failures-ACCOUNT-REGION": "s3://trailbell-dev-failures-111122223333",
}
# A placeholder in a sentence, which says only that something follows.
SOMETHING = re.compile(r"…|\[.*\]|\b[A-Z]{4,}(\.\w+)?…?$")


def of(*kinds: Kind) -> pytest.MarkDecorator:
    chosen = [command for command in COMMANDS if kind(command) in kinds]
    return pytest.mark.parametrize("command", chosen, ids=str)


def filled(command: Command) -> list[str]:
    """The arguments, with one thing for each placeholder, and files as a shell finds them."""
    words = [PLACEHOLDERS.get(word, word) for word in command.words[1:]]
    return [
        found
        for word in words
        for found in (sorted(glob.glob(word)) if word.endswith("*.yml") else [word])
    ]


def test_every_command_is_of_a_kind() -> None:
    unknown = [str(command) for command in COMMANDS if kind(command) is None]
    assert unknown == [], "give each one in tests/documented/kinds.py"
    assert {kind(command) for command in COMMANDS} == set(Kind)


def test_a_command_of_no_kind_is_found() -> None:
    assert kind(Command("README.md", ("frobnicate", "now"))) is None


def test_a_line_is_taken_apart_as_a_shell_does() -> None:
    line = "A=1 .venv/bin/python trailbell.py match '{ $.a = 1 }' x > y && aws a b | curl z  # why"
    assert list(split("d", line)) == [
        Command("d", ("trailbell.py", "match", "{ $.a = 1 }", "x")),
        Command("d", ("aws", "a", "b")),
        Command("d", ("curl", "z"), piped=True),
    ]


@of(Kind.RUN)
def test_what_needs_nothing_but_files_runs(command: Command, here: Path) -> None:
    given = None
    if command.piped:  # what `aws cloudtrail lookup-events` prints
        told = [{"CloudTrailEvent": json.dumps(one)} for one in sample_trail(datetime.now(UTC))]
        given = json.dumps({"Events": told})
    done = CliRunner().invoke(GROUPS[command.words[0]], filled(command), input=given)
    assert done.exit_code == 0, done.output[-2000:]
    assert done.output


@of(Kind.LOOKED_UP)
def test_what_asks_aws_or_serves_has_the_options_that_are_written(
    command: Command, here: Path
) -> None:
    group, words = GROUPS[command.words[0]], filled(command)
    if not words:
        return
    with click.Context(group) as context:
        asked = group.get_command(context, words[0])
        assert asked is not None, f"no such command: {words[0]}"
        if words[1:]:
            asked.make_context(words[0], words[1:])


@of(Kind.MAKE)
def test_make_knows_the_target(command: Command) -> None:
    words = [PLACEHOLDERS.get(word, word) for word in command.words]
    done = subprocess.run(
        [*words, "--dry-run"], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for name in [word.partition("=")[0] for word in words if "=" in word]:
        assert f"{name} ?=" in makefile or f"$({name})" in makefile


@of(Kind.MODULE)
def test_a_module_is_there_with_the_options_and_the_tests_that_are_named(
    command: Command,
) -> None:
    _, module, *rest = command.words
    found = importlib.util.find_spec(module)
    assert found is not None
    assert found.origin is not None
    if module in ("pytest", "tests.reliability"):
        _are_picked(rest)
        return
    source = "".join(path.read_text(encoding="utf-8") for path in _sources(Path(found.origin)))
    assert "__main__" in source or found.origin.endswith("__init__.py")
    assert [word for word in rest if word.startswith("-") and word not in source] == []


def _sources(origin: Path) -> list[Path]:
    shared = PROJECT / "bench" / "figure.py"
    return [*(origin.parent.glob("*.py") if origin.stem == "__init__" else [origin]), shared]


def _are_picked(rest: list[str]) -> None:
    where = [PROJECT / word for word in rest if word.startswith("tests/")]
    where = where or [PROJECT / "tests" / "reliability"]
    assert [path for path in where if not path.exists()] == []
    files = [file for path in where for file in (path.rglob("*.py") if path.is_dir() else [path])]
    picked = rest[rest.index("-k") + 1] if "-k" in rest else ""
    if picked and not SOMETHING.match(picked):
        assert any(picked in f"{file.stem}\n{file.read_text()}" for file in files), picked


@of(Kind.PYTHON)
def test_a_line_of_python_ends_well(command: Command, here: Path) -> None:
    done = subprocess.run(
        [sys.executable, *command.words], cwd=here, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


@of(Kind.CALL)
def test_the_api_answers_the_call(command: Command, api: Api) -> None:
    (url,) = [word for word in command.words if word.startswith("$URL")]
    assert api.get(url.removeprefix("$URL")).status_code == 200


@of(Kind.AWS)
def test_aws_knows_the_operation_and_its_options(command: Command) -> None:
    _, service, operation, *rest = command.words
    model = botocore.session.get_session().get_service_model(service)
    by_name = {xform_name(name, "-"): name for name in model.operation_names}
    assert operation in by_name
    members = model.operation_model(by_name[operation]).input_shape.members
    options = {f"--{xform_name(name, '-')}" for name in members}
    given = [word for word in rest if word.startswith("--")]
    assert [word for word in given if word.replace("--no-", "--") not in options] == []
