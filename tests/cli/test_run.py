"""`trailbell.py run`: the whole program, as a newcomer starts it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from chalicelib.rules.ruleset import Ruleset
from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def running(
    tmp_path: Path, *arguments: str, **environment: str
) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    output = tmp_path / "output.txt"
    env = {key: value for key, value in os.environ.items() if not key.startswith("SLACK_")}
    env |= {"ALERT_STORE": f"sqlite:///{tmp_path}/alerts.db", "PYTHONUNBUFFERED": "1"}
    env |= environment
    env.pop("API_TOKEN", None)
    with output.open("w") as file:
        process = subprocess.Popen(
            [sys.executable, "trailbell.py", "run", *arguments],
            cwd=ROOT,
            env=env,
            stdout=file,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield process, output
    finally:
        process.terminate()  # it ends its server first
        process.wait(20)


def wait_for(output: Path, pattern: str) -> re.Match[str]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if found := re.search(pattern, output.read_text()):
            return found
        time.sleep(0.05)
    raise AssertionError(output.read_text())


def hurried(tmp_path: Path) -> str:
    """Rules for which the sample is told at once: a channel takes one message a second, so each
    rule gets a channel of its own, and those that match almost everything are muted.
    """
    file = tmp_path / "rules.toml"
    mute = 'mute = ["iam-user-operations", "console-change"]\n'
    each = [f'[[rule]]\nid = "{r.id}"\nchannel = "#{r.id}"\n' for r in Ruleset.load(None).rules]
    file.write_text(mute + "".join(each))
    return str(file)


def test_the_sample_is_told_and_its_alerts_can_be_looked_up_with_the_printed_token(
    tmp_path: Path,
) -> None:
    port, rules = free_port(), hurried(tmp_path)
    with running(tmp_path, "--port", str(port), RULES_FILE=rules) as (process, output):
        url, token = wait_for(output, r"(http://127\.0\.0\.1:\d+/)#token=(\S+)").groups()
        told = wait_for(output, r"(\d+) records, (\d+) alerts, (\d+) of them new")
        request = Request(f"{url}alerts?limit=200", headers={"Authorization": f"Bearer {token}"})
        with urlopen(request, timeout=10) as answer:
            alerts = json.load(answer)["alerts"]
        assert len(alerts) == int(told[2]) == int(told[3]) > 20
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert "Traceback" not in output.read_text()
    with socket.socket() as probe:  # the server ended with it
        assert probe.connect_ex(("127.0.0.1", port)) != 0
    with running(tmp_path, "--port", str(port), RULES_FILE=rules) as (process, output):
        assert wait_for(output, r"(\d+) of them new")[1] == "0"


def test_ctrl_c_in_the_midst_of_the_sample_ends_cleanly_and_says_what_becomes_of_the_rest(
    tmp_path: Path,
) -> None:
    with running(tmp_path, "--port", str(free_port())) as (process, output):
        wait_for(output, "signed in with MFA")
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
    assert "of them new" not in output.read_text()
    assert "Traceback" not in output.read_text()
    assert output.read_text().endswith(
        "\nStopped. What was not told yet stays due; `make run` goes on with it.\n"
    )


def children(pid: int) -> list[str]:
    """The processes that this one started: the server is the first."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    if listed.exists():
        return listed.read_text().split()
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return found.stdout.split()


def test_ctrl_c_while_the_server_starts_ends_both_cleanly(tmp_path: Path) -> None:
    port = free_port()
    with running(tmp_path, "--port", str(port)) as (process, output):
        while not children(process.pid) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert output.read_text().startswith("\nStopped.")
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_taken_port_is_said_with_the_way_out(tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with running(tmp_path, "--port", str(port)) as (process, output):
            assert process.wait(30) == 2
            assert f"port {port} is taken by process {os.getpid()} (" in output.read_text()
            assert f"`kill {os.getpid()}` ends it" in output.read_text()
            offered = re.search(r"--port (\d+) instead", output.read_text())
            assert offered
            assert int(offered[1]) > port


@pytest.mark.parametrize(
    ("environment", "port", "said"),
    [
        ({"SLACK_TOKEN": "xoxb" + "-canary"}, None, "SLACK_CHANNEL"),
        ({"ALERT_STORE": "mysql://x"}, None, "ALERT_STORE is 'mysql://x'"),
        ({"RULES_FILE": "nowhere.toml"}, None, "nowhere.toml"),
        ({}, 65536, "65536"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_exit_2_before_anything_starts(
    environment: dict[str, str], port: int | None, said: str
) -> None:
    process = subprocess.run(
        [sys.executable, "trailbell.py", "run", "--port", str(port or free_port())],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 2
    (line,) = process.stderr.splitlines()
    assert said in line
    assert process.stdout == ""
