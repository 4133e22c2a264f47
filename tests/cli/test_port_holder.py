"""Who holds a port: as /proc tells it, or lsof where there is none."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cli import port_holder
from cli.port_holder import LONGEST_COMMAND, holder
from tests.ports import free_port

HOLD = """
import socket, sys
with socket.create_server(("", 0)) as server:
    print(server.getsockname()[1], flush=True)
    sys.stdin.read()
"""
SHOWS_LSOF = "#!/bin/sh\n[ \"$2\" = '-iTCP:8000' ] && printf 'p4711\\nf3\\n'\n"


def test_a_port_that_nobody_listens_on_has_no_holder() -> None:
    assert holder(free_port()) is None


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0"])
def test_a_port_of_ours_is_held_by_ourselves(address: str) -> None:
    with socket.create_server((address, 0)) as server:
        found = holder(server.getsockname()[1])
    assert found
    assert found.pid == os.getpid()


def test_another_address_of_this_machine_is_no_matter() -> None:
    with socket.create_server(("127.0.0.2", 0)) as server:
        assert holder(server.getsockname()[1]) is None


def test_another_process_is_named_with_its_command_on_one_line_that_fits() -> None:
    long = "x" * 200
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, "a\nb\x1b[31m", long],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        found = holder(int(process.stdout.readline()))
        assert found
        assert found.pid == process.pid
        assert found.command.startswith(sys.executable)
        assert found.command.isprintable()
        assert len(found.command) == LONGEST_COMMAND
        process.communicate("")


def test_without_proc_lsof_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "lsof"
    program.write_text(SHOWS_LSOF)
    program.chmod(0o700)
    monkeypatch.setattr(port_holder, "PROC", tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    found = holder(8000)
    assert found
    assert found.pid == 4711
    assert holder(8001) is None


def test_without_either_it_is_not_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port_holder, "PROC", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert holder(server.getsockname()[1]) is None
