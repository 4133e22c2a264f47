"""`make help` has every target, in one line each."""

from __future__ import annotations

import re
import subprocess

from chalicelib.rules.loaded import PROJECT

MAKEFILE = (PROJECT / "Makefile").read_text(encoding="utf-8")


def test_help_has_one_line_for_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    shown = subprocess.run(
        ["make", "help"], cwd=PROJECT, capture_output=True, text=True, check=True
    ).stdout
    listed = re.findall(r"^make ([a-z0-9-]+) +\S.*$", shown, re.MULTILINE)
    assert sorted(listed) == sorted(phony[1].split())
    assert max(map(len, shown.splitlines())) <= 100


def test_every_target_that_is_no_file_is_named_as_such() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert phony
    assert set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.MULTILINE)) == set(phony[1].split())
