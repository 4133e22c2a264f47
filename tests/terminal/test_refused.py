"""What the machine refuses: one sentence with the next step, and exit 1."""

from __future__ import annotations

import errno
import io
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

import setup_resources
from chalicelib.alerts.outbox import StoreError
from chalicelib.slack.terminal import has_colours
from cli.main import COMMANDS
from provisioning.shipping.__main__ import main as shipping
from provisioning.show import show_parts
from terminal.errors import Said, is_of_the_machine, of_the_system
from terminal.tables import hung
from tests.terminal.picture import AN_INSTALLATION, cut, of_status, page

ROOT = Path(__file__).parent.parent.parent
A_RECORD = '{"eventVersion": "1.08", "eventSource": "cloudtrail.amazonaws.com", "eventName": '
A_RECORD += '"StopLogging", "eventTime": "2026-01-15T10:42:00Z", "eventID": "e-1", '
A_RECORD += '"awsRegion": "eu-west-1", "recipientAccountId": "111122223333"}'


def _full() -> sqlite3.Error:
    """What SQLite says where there is no room: here, of a database that may have two pages."""
    connection = sqlite3.connect(":memory:")
    connection.execute("PRAGMA max_page_count = 2")
    with pytest.raises(sqlite3.Error) as caught:
        connection.execute("CREATE TABLE t AS SELECT zeroblob(100000)")
    connection.close()
    return caught.value


@pytest.mark.parametrize(
    "cause",
    [
        _full(),
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EROFS, "Read-only file system"),
        PermissionError(errno.EACCES, "Permission denied"),
    ],
)
def test_what_the_machine_refuses_a_store_is_no_wrong_use(cause: Exception) -> None:
    middle = StoreError("a.db: it cannot be written")
    middle.__cause__ = cause
    said = Said(str(middle))
    said.__cause__ = middle
    assert is_of_the_machine(said)


def test_a_wrong_name_is_none_of_the_machine() -> None:
    assert not is_of_the_machine(Said("no rule of that id"))
    assert not is_of_the_machine(FileNotFoundError(errno.ENOENT, "No such file"))


@pytest.mark.skipif(not shutil.which("bash"), reason="bash limits how large a file may be")
def test_a_store_without_room_exits_1_and_says_what_to_do(tmp_path: Path) -> None:
    records = tmp_path / "trail.json"
    records.write_text(A_RECORD)
    command = f"ulimit -f 16; exec {sys.executable} trailbell.py replay"
    done = subprocess.run(
        ["bash", "-c", f"{command} --store sqlite:///{tmp_path}/a.db {records}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(f"trailbell: {tmp_path}/a.db: ")
    assert "Use another folder" in sentence or "use another folder" in sentence


def test_a_refusal_of_the_system_is_what_why_and_what_next() -> None:
    error = OSError(errno.EROFS, "Read-only file system", "/mnt/x")
    assert of_the_system(error) == (
        "/mnt/x: Read-only file system: write to a folder that is not read-only"
    )


def test_make_says_what_keeps_it_from_a_folder_of_packages(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.txt", "requirements-extras.txt", "requirements-dev.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    python = tmp_path / "python3"
    python.write_text('#!/bin/sh\ntest "$1" = -c && exit 0\necho "Error: Read-only" >&2; exit 1\n')
    python.chmod(0o755)
    done = subprocess.run(
        ["make", "setup", f"PYTHON={python}"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "Error: Read-only" in done.stderr
    assert "not read-only, with 700 MB left?" in done.stderr
    assert "Then: make setup" in done.stderr


def test_a_deployment_says_before_chalice_begins_that_it_cannot_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".chalice").write_text("a file in the folder's place")
    done = CliRunner().invoke(shipping, ["deploy"], prog_name="shipping")
    assert done.exit_code == 1
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(f"provisioning.shipping: {tmp_path}/.chalice/deployments: Not a dir")


class _Screen(io.StringIO):
    def __init__(self, *, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("terminal", "environ", "colours"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colours_are_for_a_terminal_that_wants_them(
    terminal: bool, environ: dict[str, str], colours: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"TERM": "xterm-256color", **environ}.items():
        monkeypatch.setenv(name, value)
    assert has_colours(_Screen(terminal=terminal)) is colours


def test_status_is_a_table_of_80_columns_on_a_terminal_and_whole_lines_elsewhere() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=80, color_system=None)
    show_parts(console, "t", AN_INSTALLATION)
    shown = out.getvalue().splitlines()
    assert shown[1].split() == ["STATE", "PART"]
    assert max(map(len, shown)) <= 80
    assert any(line.startswith(" " * 16 + "the rules need") for line in shown)
    out = io.StringIO()
    show_parts(Console(file=out, soft_wrap=True), "t", AN_INSTALLATION)
    assert len(out.getvalue().splitlines()) == len(shown) - 2


def test_a_word_that_is_longer_than_the_line_stays_whole() -> None:
    assert list(hung("see arn:aws:a-long-name", 12, 2)) == ["see", "  arn:aws:a-long-name"]
    assert list(hung("see arn:aws:a-long-name", None, 2)) == ["see arn:aws:a-long-name"]


def test_the_picture_s_page_shows_commands_with_what_they_print() -> None:
    text = page({"setup_resources.py status": of_status()})
    assert "$ setup_resources.py status" in text
    assert "trailbell-prod is broken" in text
    assert cut("1\n2\n3\n4", 1, 1) == "1\n  ⋮\n4"


def test_the_document_names_every_command() -> None:
    text = (ROOT / "docs" / "terminal.md").read_text(encoding="utf-8")
    named = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `")]
    assert sorted(named) == sorted([*COMMANDS, *setup_resources.main.commands])
