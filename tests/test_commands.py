"""The two commands as a newcomer meets them: what they say of themselves, and what is missing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import setup_resources
from cli.main import COMMANDS
from cli.main import main as trailbell

ROOT = Path(__file__).parent.parent
OURS = {"trailbell.py": trailbell, "setup_resources.py": setup_resources.main}
EVERY = [
    *(("trailbell.py", name) for name in COMMANDS),
    *(("setup_resources.py", name) for name in setup_resources.main.commands),
]


def printed(program: str, *arguments: str) -> str:
    """As on a terminal of 80 columns, of which click leaves two free."""
    return CliRunner().invoke(OURS[program], arguments, terminal_width=78).output


@pytest.mark.parametrize(("program", "name"), EVERY)
def test_every_command_s_help_has_an_example_to_copy(program: str, name: str) -> None:
    text = printed(program, name, "--help")
    assert f".venv/bin/python {program} {name}" in text
    assert "\\b" not in text


@pytest.mark.parametrize("program", OURS)
def test_the_list_of_commands_cuts_no_sentence(program: str) -> None:
    listed = printed(program, "-h").partition("Commands:")[2]
    assert listed
    assert "..." not in listed


@pytest.mark.parametrize("program", OURS)
def test_a_python_without_the_dependencies_is_told_of_make_setup(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-S", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "Run `make setup`, then .venv/bin/python " + program in done.stderr
    assert "Traceback" not in done.stderr
