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


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A folder with all that `make` reads."""
    for name in (
        "Makefile",
        "requirements.txt",
        "requirements-extras.txt",
        "requirements-dev.txt",
        "tests/e2e/requirements.txt",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def made(clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=clone, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("target", ["setup", "emulator"])
def test_a_set_up_that_was_cut_off_is_begun_again(clone: Path, target: str) -> None:
    venv = clone / {"setup": ".venv", "emulator": ".venv-emulator"}[target]
    script(venv / "bin" / "python", "exit 1  # no pip yet")
    whole = script(clone / "whole", "exit 0")
    # `python3 -m venv … FOLDER`
    python = script(
        clone / "python3",
        f'for last; do :; done; test "$1" = -c || cp {whole} "$last/bin/python"',
    )
    done = made(clone, target, f"PYTHON={python}")
    assert done.returncode == 0, done.stderr
    assert (venv / ".ready").exists()


@pytest.mark.parametrize("target", ["setup", "emulator"])
def test_a_pip_without_a_network_says_what_to_look_at(clone: Path, target: str) -> None:
    venv = clone / {"setup": ".venv", "emulator": ".venv-emulator"}[target]
    script(venv / "bin" / "python", 'test "$3" != install')
    done = made(clone, target, f"PYTHON={script(clone / 'python3', 'exit 0')}")
    assert done.returncode == 2
    assert f"a way to PyPI (or to the index that PIP_INDEX_URL names)? make {target}" in done.stderr
    assert not (venv / ".ready").exists()


@pytest.mark.parametrize("installs", ["true", 'test "$3" != install'])
def test_tests_run_with_what_they_got_and_without_what_could_not_be_had(
    clone: Path, installs: str
) -> None:
    ran = clone / "ran"
    script(clone / ".venv" / "bin" / "python", f'echo "$*" >> {ran}')
    (clone / ".venv" / ".ready").touch()
    script(clone / ".venv-emulator" / "bin" / "python", installs)
    for _ in range(2):
        done = made(clone, "test")
        assert done.returncode == 0, done.stderr
    first, *later = [line for line in ran.read_text().splitlines() if line.startswith("-m")]
    assert first == "-m tests.browser.chromium"  # once
    assert [line.split()[:2] for line in later] == [["-m", "pytest"]] * 2
    assert (clone / ".venv-emulator" / ".ready").exists() == (installs == "true")
    assert ("The tests of it are skipped" in done.stderr) == (installs != "true")


def test_an_old_python_is_told_of_another(clone: Path) -> None:
    old = script(clone / "python3", 'test "$1" = -c && exit 1; echo Python 3.9.18')
    done = made(clone, "run", f"PYTHON={old}")
    assert done.returncode == 2
    assert "needs Python 3.11 or later" in done.stderr
    assert "Python 3.9.18" in done.stderr
    assert "make run PYTHON=python3.11" in done.stderr


def test_make_run_starts_what_ends_with_make_and_leaves_no_shell_between() -> None:
    shown = subprocess.run(
        ["make", "--dry-run", "run"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "exec .venv/bin/python trailbell.py run --with-parent" in shown.stdout.splitlines()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["STAGE=prod", "OUT=there"], "--stage prod --pkg-format cloudformation there"),
        (["FORMAT=terraform"], "--stage dev --pkg-format terraform out"),
    ],
)
def test_what_is_packaged_is_a_copy_of_what_a_function_needs(
    clone: Path, given: list[str], said: str
) -> None:
    heard = clone / "heard"
    script(clone / ".venv" / "bin" / "python", f'echo "$*" > {heard}')
    (clone / ".venv" / ".ready").touch()
    done = made(clone, "package", *given)
    assert done.returncode == 0, done.stderr
    assert heard.read_text() == f"-m provisioning.shipping package {said}\n"
