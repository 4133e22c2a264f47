"""`make preview`: docs/terminal.png, what a terminal of 80 columns shows of three commands."""

from __future__ import annotations

import fcntl
import os
import pty
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Mapping, Sequence
from io import StringIO

import click
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

from cli.message_kinds import END
from cli.preview import DOCS, draw
from provisioning.rows import Row, State
from provisioning.show import show_parts
from provisioning.status import Status, Verdict
from provisioning.told import Told

OF_THE_TERMINAL = DOCS / "terminal.png"
ROOT = DOCS.parent
COLUMNS, WIDTH = 80, 820
LAST = "All is told."  # after it the link stands, and nothing
STYLE = """
body { margin: 0; width: 820px; background: #1b1f24; color: #d7dde4; padding: 14px 20px;
       box-sizing: border-box }
a { color: #7fb0e8 }
pre { font: 14px/1.4 "DejaVu Sans Mono", Menlo, monospace; margin: 0 0 14px; white-space: pre }
"""
AN_INSTALLATION = Status(
    verdict=Verdict.BROKEN,
    rows=(
        Row("Trail trailbell-prod", State.OK),
        Row("Log group trailbell-prod-cloudtrail", State.OK),
        Row(
            "Subscription filter trailbell-prod",
            State.DIFFERS,
            "the pattern is another than the rules need: 3 rules hear nothing",
            "setup_resources.py apply --stage prod",
        ),
        Row("Slack: channels", State.OK),
    ),
    told=Told(title="CloudTrail was stopped or deleted", channel="#alerts", at=END),
    remarks=("no mailbox gets the alarms: apply --email you@example.com",),
)


def on_a_terminal(
    arguments: Sequence[str], environ: Mapping[str, str], end: str | None = None
) -> str:
    """What this Python shows of a command on a terminal of 80 columns: until its end, or until the
    line after that `end` was shown, when it is interrupted.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, COLUMNS, 0, 0))
    own = {name: text for name, text in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, env={**own, **environ},
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = _read(ours, process, end)
    os.close(ours)
    return shown.replace("\r\n", "\n")


def _read(terminal: int, process: subprocess.Popen[bytes], end: str | None) -> str:
    shown = b""
    while True:
        try:
            some = os.read(terminal, 65536)
        except OSError:  # Linux: the other end is closed
            some = b""
        if not some:
            return shown.decode()
        shown += some
        after = shown.decode(errors="ignore").partition(end)[2] if end else ""
        if "#token=" in after and after.endswith("\n"):
            process.send_signal(signal.SIGINT)
            end = None


def of_run() -> str:
    """All that `run` shows, from an empty store to Ctrl-C."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environ = {
            "ALERT_STORE": f"sqlite:///{folder}/alerts.db",
            "API_TOKEN": "the-token-of-this-run",
            "TERM": "xterm-256color",
        }
        shown = on_a_terminal(["trailbell.py", "run", "--port", str(port)], environ, LAST)
    return shown.replace(f":{port}/", ":8000/")


def of_status() -> str:
    """`status` of an installation that is made up."""
    console = Console(file=StringIO(), force_terminal=True, width=COLUMNS, soft_wrap=True)
    show_parts(console, "trailbell-prod", AN_INSTALLATION)
    shown = console.file
    return shown.getvalue() if isinstance(shown, StringIO) else ""


def cut(text: str, first: int, last: int) -> str:
    """The first lines and the last."""
    lines = text.rstrip().splitlines()
    return "\n".join([*lines[:first], "  ⋮", *lines[-last:]])


def page(shown: Mapping[str, str]) -> str:
    """An HTML page: each command after a prompt, and what it shows in its colours."""
    console = Console(file=StringIO(), record=True, width=COLUMNS + 20, force_terminal=True)
    for command, text in shown.items():
        console.print(Text(f"$ {command}", "bold green"))
        console.print(Text.from_ansi(text), end="\n\n")
    code = console.export_html(
        inline_styles=True, theme=DIMMED_MONOKAI, code_format="<pre>{code}</pre>"
    )
    script = "document.title = document.documentElement.scrollHeight"
    head = f"<!doctype html><meta charset=utf-8><title></title><style>{STYLE}</style>"
    return f"{head}{code}<script>{script}</script>"


def main() -> None:
    """Draw docs/terminal.png."""
    running = of_run().partition("\nStopped.")[0].replace("^C", "")
    rules = on_a_terminal(["trailbell.py", "rules"], {"TERM": "xterm-256color"})
    shown = {
        "make run": cut(running, 3, 16),
        "trailbell rules": cut(rules, 7, 4),
        "setup_resources.py status --stage prod": of_status(),
    }
    draw(page(shown), OF_THE_TERMINAL, WIDTH)
    click.echo(OF_THE_TERMINAL)


if __name__ == "__main__":
    main()
