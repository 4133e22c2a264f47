"""`trailbell.py run` ends whole: however it is ended, nobody is left on its port."""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
ON_TERMINAL = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""
PATIENCE = 60.0  # seconds; on a busy machine


class Started:
    """A process that runs it, itself or through make, and the port it listens on."""

    def __init__(self, pid: int, port: int, output: Path) -> None:
        self.pid, self.port, self.output = pid, port, output

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def is_up(self) -> bool:
        return "Trailbell is up" in self.output.read_text()

    def has_ended(self) -> bool:
        return os.waitpid(self.pid, os.WNOHANG)[0] == self.pid


def _hear_all() -> None:
    """Nothing is ignored, as in a terminal: nohup and a shell's & have the tests ignore signals."""
    for each in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
        signal.signal(each, signal.SIG_DFL)


def until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.02)


@contextmanager
def started(
    folder: Path, *, through: str = "python", terminal: int | None = None
) -> Iterator[Started]:
    """It, once it is up; `through` make, nohup or nothing, on a terminal or on none."""
    port, output = free_port(), folder / "output.txt"
    output.touch()
    command = [sys.executable, "trailbell.py", "run", "--port", str(port)]
    if through == "make":
        makefile = folder / "Makefile"
        makefile.write_text(f"run:\n\t@exec {' '.join(command)} --with-parent\n")
        command = ["make", "--file", str(makefile), "run"]
    if through == "nohup":
        command = ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *command]
    env = {key: value for key, value in os.environ.items() if not key.startswith("SLACK_")}
    env |= {"ALERT_STORE": f"sqlite:///{folder}/alerts.db", "PYTHONUNBUFFERED": "1"}
    with output.open("w") as file:
        process = subprocess.Popen(
            command if terminal is None else [sys.executable, "-c", ON_TERMINAL, *command],
            cwd=ROOT,
            env=env,
            stdin=subprocess.DEVNULL if terminal is None else terminal,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=terminal is None,
            preexec_fn=_hear_all,
        )
    if terminal is not None:
        os.close(terminal)
    process.returncode = 0  # has_ended and the last lines wait for it
    run = Started(process.pid, port, output)
    try:
        until(run.is_up, output.read_text())
        yield run
    finally:
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        with suppress(ChildProcessError):
            os.waitpid(run.pid, 0)


@pytest.mark.parametrize("ending", ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGKILL"])
def test_a_signal_ends_the_server_with_it(ending: str, tmp_path: Path) -> None:
    with started(tmp_path) as run:
        os.kill(run.pid, signal.Signals[ending])
        until(lambda: not run.listens(), "the server is still there")
        until(run.has_ended, "it is still there")
    kept = ending in ("SIGINT", "SIGTERM", "SIGHUP")
    assert run.output.read_text().endswith("goes on with it.\n") is kept
    assert "Traceback" not in run.output.read_text()


def test_a_hang_up_that_is_ignored_ends_nothing(tmp_path: Path) -> None:
    with started(tmp_path, through="nohup") as run:
        os.kill(run.pid, signal.SIGHUP)
        told = run.output.stat().st_size
        until(lambda: run.output.stat().st_size > told, "it tells nothing any more")
        assert run.listens()
        os.kill(run.pid, signal.SIGTERM)
        until(lambda: not run.listens(), "the server is still there")


@pytest.mark.parametrize("ending", ["SIGTERM", "SIGKILL"])
def test_make_that_is_ended_ends_it_and_its_server(ending: str, tmp_path: Path) -> None:
    with started(tmp_path, through="make") as run:
        os.kill(run.pid, signal.Signals[ending])
        until(lambda: not run.listens(), "the server is still there")
        until(run.has_ended, "make is still there")


@pytest.mark.parametrize("through", ["python", "make"])
def test_a_terminal_that_is_closed_ends_all_that_ran_in_it(through: str, tmp_path: Path) -> None:
    """In either the program is the terminal's own process: no shell tells it of the hang-up."""
    ours, theirs = pty.openpty()
    with started(tmp_path, through=through, terminal=theirs) as run:
        os.close(ours)
        until(lambda: not run.listens(), "the server is still there")
        until(run.has_ended, "it is still there")
    assert "Traceback" not in run.output.read_text()
