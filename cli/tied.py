"""Runs a Python program in a process that ends when its parent does, however that ended.

    python -m cli.tied PROGRAM ARGUMENT …

Its standard input is a pipe that the parent holds open and never writes to. The kernel closes it
with the parent, killed or not, on every system that has pipes. (A signal at the parent's death is
Linux's alone, and none comes where the parent is gone before it is asked for.)
"""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parent.parent


def started(program: Path, arguments: list[str], output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start it with its arguments, in a session of its own: what a terminal sends to this process
    (Ctrl-C, a hang-up) does not reach it. Closing its standard input ends it.
    """
    return subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "cli.tied", program, *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )


def main() -> None:
    """Run the program that the command line names, with the rest of it."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    del sys.argv[0]
    runpy.run_path(sys.argv[0], run_name="__main__")


def _end_with_parent() -> None:
    while os.read(0, 1024):
        pass
    os._exit(0)  # whatever it is doing: what it stores is written whole or not at all


if __name__ == "__main__":
    main()
