"""MiniStack, an emulator of AWS in Python, from a virtual environment of its own.

It pins another botocore than the project does. Source: `make emulator`.
"""

from __future__ import annotations

import os
import subprocess
import time
from pathlib import Path
from types import TracebackType

from tests.ports import answers, free_port

PYTHON = Path(__file__).parents[2] / ".venv-emulator" / "bin" / "python"
READY_SECONDS = 30.0


class Emulator:
    """One emulator on a free port of this machine; a context that ends it."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._python = python
        self._folder = folder
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"

    @classmethod
    def installed(cls, folder: Path) -> Emulator | None:
        """It, keeping its files in that folder; None where it is not installed."""
        return cls(PYTHON, folder) if cls.is_installed() else None

    @staticmethod
    def is_installed() -> bool:
        return PYTHON.exists()

    def __enter__(self) -> Emulator:
        environment = os.environ | {
            "GATEWAY_PORT": str(self._port),
            "BIND_HOST": "127.0.0.1",
            "TMPDIR": str(self._folder),
        }
        with (self._folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._python, "-m", "ministack"], env=environment, stdout=log, stderr=log
            )
        self._wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _wait(self) -> None:
        ends = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends and self._process.poll() is None:
            if answers(f"{self.url}/_ministack/ready"):
                return
            time.sleep(0.05)
        raise RuntimeError(f"no emulator: see {self._folder / 'log'}")
