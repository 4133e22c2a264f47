"""CONTRIBUTING.md's recipe for a default rule, followed to the letter in a copy."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.rules.loaded import PROJECT
from chalicelib.rules.ruleset import Ruleset

TEXT = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPE = TEXT.split("\n## A rule in ten minutes\n")[1].split("\n## ")[0]
DEFAULT = Path("chalicelib") / "rules" / "default"


def block(language: str) -> str:
    (found,) = re.findall(rf"^   ```{language}\n(.*?)^   ```", RECIPE, re.MULTILINE | re.DOTALL)
    return re.sub(r"^   ", "", found, flags=re.MULTILINE)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """What the recipe's commands read and write."""
    for folder in ("chalicelib", "cli", "terminal", "docs"):
        leaving = shutil.ignore_patterns("__pycache__", "*.png", "local")
        shutil.copytree(PROJECT / folder, tmp_path / folder, ignore=leaving)
    for name in ("trailbell.py", "prices.py", "README.md"):
        shutil.copy(PROJECT / name, tmp_path / name)
    return tmp_path


def run(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "trailbell.py", *arguments],
        cwd=copy, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def test_the_recipe_adds_a_default_rule(copy: Path) -> None:
    theme, examples = copy / DEFAULT / "keys.toml", copy / DEFAULT / "keys.examples.json"
    theme.write_text(theme.read_text() + "\n" + block("toml"))
    examples.write_text(json.dumps(json.loads(examples.read_text()) | json.loads(block("json"))))
    run(copy, "rules", "--compile")

    assert "moved to another key" in run(copy, "rules", "kms-alias-moved").stdout
    tested = run(copy, "rules")
    count = len(Ruleset.load().rules) + 1
    assert tested.stderr.startswith(f"{count} rules")
    assert ", 0 failed" in tested.stderr
    assert "| `kms-alias-moved` | medium |" in (copy / "docs" / "rules.md").read_text()


def test_the_rule_of_the_recipe_is_none_that_comes_along() -> None:
    assert "kms-alias-moved" not in {rule.id for rule in Ruleset.load().rules}
