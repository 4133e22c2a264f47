"""A version stands in one place, and `python -m tests.releasing` says what a release lacks."""

from __future__ import annotations

import re

import pytest

from chalicelib import __version__
from chalicelib.rules.loaded import PROJECT
from tests.releasing import in_the_way, unsettled

READY = "# Changelog\n\n## Unreleased\n\n## 1.2.3, 2026-12-01\n\n- Something is better.\n"


def test_a_version_with_its_changes_and_a_clean_clone_can_go() -> None:
    assert list(in_the_way("1.2.3", READY)) == []
    assert list(unsettled("")) == []


@pytest.mark.parametrize(
    ("version", "changes", "said"),
    [
        ("1.2", READY.replace("1.2.3", "1.2"), "the version 1.2 is not three numbers"),
        ("1.2.3", READY.replace("\n\n## 1", "\n\n- More.\n\n## 1"), "lines under Unreleased"),
        ("1.3.0", READY, "has no '## 1.3.0, YYYY-MM-DD'"),
        ("1.2.3", READY.replace("- Some", "Some"), "says nothing under 1.2.3, 2026-12-01"),
    ],
)
def test_what_is_in_the_way_is_one_sentence(version: str, changes: str, said: str) -> None:
    (found,) = in_the_way(version, changes)
    assert said in found


def test_what_is_not_committed_is_counted() -> None:
    assert list(unsettled(" M a\n?? b")) == ["2 files are not committed: git status shows them"]


def test_the_version_stands_in_one_place() -> None:
    holding = [
        str(path.relative_to(PROJECT))
        for path in [
            *PROJECT.glob("*.toml"),
            *PROJECT.glob("*.py"),
            *PROJECT.glob("chalicelib/**/*.py"),
        ]
        if re.search(
            rf'version\w*\s*=\s*"{re.escape(__version__)}"', path.read_text(encoding="utf-8")
        )
    ]
    assert holding == ["chalicelib/__init__.py"]


def test_every_line_of_the_changelog_is_for_somebody() -> None:
    text = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    first = re.split(r"^### ", text, flags=re.MULTILINE)[0]
    assert "\n- " not in first
