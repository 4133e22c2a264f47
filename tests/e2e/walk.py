"""`make deploy` from nothing, as somebody at a terminal sees it, who answers what it asks.

    python -m tests.e2e.walk

prints what docs/operating.md shows.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.e2e.cloud import ROOT, SLACK_TOKEN, Cloud, whole_cloud
from tests.slack.pressing import SECRET

STAGE = "prod"
SECONDS = 240.0
# A new session whose terminal this is: a password is asked for there.
AT_ITS_TERMINAL = (
    "import fcntl, os, sys, termios; os.setsid(); fcntl.ioctl(0, termios.TIOCSCTTY, 0); "
    "os.execvp(sys.argv[1], sys.argv[1:])"
)
ANSWERS = (
    ("Deploy there? [y/N]: ", "y"),
    ("empty to set it later): ", SLACK_TOKEN),
    ("no buttons in Slack): ", SECRET),
    ("(empty for #trailbell): ", "#alerts"),
    ("Make these changes? [y/N]: ", "y"),
    ("(empty for none): ", ""),
)


def walked(cloud: Cloud) -> str:
    """All that stood on the terminal. Raises AssertionError where a question does not come, or it
    ends badly.
    """
    _prepare(cloud.project)
    ours, theirs = pty.openpty()
    environment = {
        **{key: value for key, value in cloud.environment.items() if key not in _GIVEN},
        "TERM": "dumb",
        "NO_COLOR": "1",
    }
    command = [sys.executable, "-c", AT_ITS_TERMINAL, "make", "--no-print-directory"]
    process = subprocess.Popen(
        [*command, "deploy", f"STAGE={STAGE}"],
        cwd=cloud.project, env=environment, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    try:
        said = _answered(ours)
        assert process.wait(10) == 0, said
    finally:
        process.kill()
        os.close(ours)
    return said


_GIVEN = {"SLACK_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CHANNEL"}


def shown(said: str) -> str:
    """The same as docs/operating.md shows it: what differs each time under one name, the manifest
    and what went well in short.
    """
    lines = said.replace("\r\n", "\n").replace("\r", "\n")
    lines = re.sub(r"#token=\S+", "#token=TOKEN", lines)
    lines = re.sub(r"(?<=://)[a-z0-9]+(?=\.execute-api)", "abcde12345", lines)
    lines = re.sub(r"(?<= API )[a-z0-9]+(?=: )", "abcde12345", lines)
    lines = re.sub(r"^AWS takes new functions .*\n", "", lines, flags=re.MULTILINE)  # by the Python
    lines = re.sub(r"^WARNING: .*\n", "", lines, flags=re.MULTILINE)  # pip's, of this machine
    lines = re.sub(r"^\{\n.*?^\}$", "{ …the manifest… }", lines, flags=re.DOTALL | re.MULTILINE)
    for sign in ("+ create", ". later", "done"):
        lines = _in_short(sign, lines)
    return "\n".join(line.rstrip() for line in lines.splitlines())


def _in_short(sign: str, lines: str) -> str:
    """The first and the last of many lines that begin alike."""

    def shorter(found: re.Match[str]) -> str:
        all_of_them = found[0].splitlines()
        left_out = f"  … {len(all_of_them) - 2} more"
        return "\n".join([all_of_them[0], left_out, all_of_them[-1], ""])

    return re.sub(rf"(?:^{re.escape(sign)} .*\n){{4,}}", shorter, lines, flags=re.MULTILINE)


def _answered(terminal: int) -> str:
    said, seen, end = "", 0, time.monotonic() + SECONDS
    waiting = list(ANSWERS)
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1.0)[0]:
            continue
        try:
            more = os.read(terminal, 65536)
        except OSError:  # the other end is closed: Linux says EIO
            more = b""
        if not more:
            assert not waiting, f"it did not ask {waiting[0][0]!r}:\n{said}"
            return said
        said += more.decode(errors="replace")
        if waiting and waiting[0][0] in said[seen:]:
            seen = len(said)
            os.write(terminal, f"{waiting.pop(0)[1]}\n".encode())
    raise AssertionError(f"not within {SECONDS} seconds:\n{said}")


LISTS = ("requirements.txt", "requirements-extras.txt", "requirements-dev.txt")


def _prepare(project: Path) -> None:
    """What `make` reads, and a virtual environment that is ready."""
    for name in ("Makefile", *LISTS, "tests/e2e/requirements.txt"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, project / name)
    for name in LISTS:
        os.utime(project / name, (0, 0))  # older than what was installed by it
    if not (project / ".venv").exists():
        (project / ".venv").symlink_to(Path(sys.executable).parents[1])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, whole_cloud(Path(folder)) as cloud:
        print(shown(walked(cloud)))  # noqa: T201


if __name__ == "__main__":
    main()
