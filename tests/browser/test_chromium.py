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


def test_a_headless_shell_comes_before_any_with_windows(tmp_path: Path) -> None:
    here = {"HOME": str(tmp_path), "PATH": str(tmp_path / "bin")}
    browser(tmp_path / "bin" / "chromium")
    downloads = tmp_path / ".cache" / "ms-playwright"
    older = browser(downloads / "chromium_headless_shell-1100" / "chrome-linux" / "headless_shell")
    assert chromium(here) == older
    newer = downloads / "chromium_headless_shell-1255" / "chrome-headless-shell-linux64"
    newest = browser(newer / "chrome-headless-shell")
    assert chromium(here) == newest

    debians = browser(tmp_path / "bin" / "chromium-headless-shell")
    assert chromium(here) == debians


def test_downloads_are_looked_for_where_playwright_is_told_to_put_them(tmp_path: Path) -> None:
    there = browser(tmp_path / "there" / "chromium-1" / "chrome-linux" / "chrome")
    environ = {"PATH": "", "HOME": "", "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "there")}
    assert chromium(environ) == there


def test_who_is_no_root_changes_nothing_of_the_system() -> None:
    assert ways(as_root=False, has_apt=True, has_browser=False) == [
        (sys.executable, "-m", "playwright", "install", "--only-shell", "chromium")
    ]


def test_root_gets_debians_with_its_libraries_where_there_is_apt() -> None:
    found = ways(as_root=True, has_apt=True, has_browser=False)
    assert [(way[0], way[-1]) for way in found] == [
        ("apt-get", "-qq"),
        ("apt-get", "chromium-headless-shell"),
        ("apt-get", "chromium"),
        (sys.executable, "chromium"),
    ]
    (only,) = ways(as_root=True, has_apt=False, has_browser=False)
    assert "--with-deps" in only


def test_where_there_is_a_browser_nothing_is_got_but_what_the_system_has_at_hand() -> None:
    found = ways(as_root=True, has_apt=True, has_browser=True)
    assert [way[-1] for way in found] == ["-qq", "chromium-headless-shell"]
    assert ways(as_root=False, has_apt=True, has_browser=True) == []
    assert ways(as_root=True, has_apt=False, has_browser=True) == []
