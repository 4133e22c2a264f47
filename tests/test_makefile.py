"""What `make` does before anything runs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("target", ["setup", "emulator"])
def test_a_set_up_that_was_cut_off_is_begun_again(tmp_path: Path, target: str) -> None:
    for name in (
        "Makefile",
        "requirements.txt",
        "requirements-dev.txt",
        "tests/e2e/requirements.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    venv = tmp_path / {"setup": ".venv", "emulator": ".venv-emulator"}[target]
    script(venv / "bin" / "python", "exit 1  # no pip yet")
    whole = script(tmp_path / "whole", "exit 0")
    # `python3 -m venv … FOLDER`
    python = script(
        tmp_path / "python3",
        f'for last; do :; done; test "$1" = -c || cp {whole} "$last/bin/python"',
    )
    made = subprocess.run(
        ["make", target, f"PYTHON={python}"], cwd=tmp_path, capture_output=True, text=True
    )
    assert made.returncode == 0, made.stderr
    assert (venv / ".ready").exists()
