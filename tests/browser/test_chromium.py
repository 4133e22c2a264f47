"""Which browser the page's tests take, and how they come by one."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.browser.chromium import chromium, ways


def browser(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def test_the_systems_own_comes_before_playwrights_and_the_newest_download_before_others(
    tmp_path: Path,
) -> None:
    here = {"HOME": str(tmp_path), "PATH": str(tmp_path / "bin")}
    assert chromium(here) is None

    downloads = tmp_path / ".cache" / "ms-playwright"
    browser(downloads / "chromium-1100" / "chrome-linux" / "chrome")
    newest = browser(downloads / "chromium-1255" / "chrome-linux64" / "chrome")
    assert chromium(here) == newest

    own = browser(tmp_path / "bin" / "google-chrome")
    assert chromium(here) == own


def test_downloads_are_looked_for_where_playwright_is_told_to_put_them(tmp_path: Path) -> None:
    there = browser(tmp_path / "there" / "chromium-1" / "chrome-linux" / "chrome")
    environ = {"PATH": "", "HOME": "", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "there")}
    assert chromium(environ) == there


def test_who_is_no_root_changes_nothing_of_the_system() -> None:
    assert ways(as_root=False, has_apt=True) == [
        (sys.executable, "-m", "playwright", "install", "chromium")
    ]


def test_root_gets_debians_with_its_libraries_where_there_is_apt() -> None:
    commands = [way[0] for way in ways(as_root=True, has_apt=True)]
    assert commands == ["apt-get", "apt-get", sys.executable]
    (only,) = ways(as_root=True, has_apt=False)
    assert "--with-deps" in only
