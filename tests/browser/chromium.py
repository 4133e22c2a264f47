"""The browser of the page's tests: a headless shell of Chromium, or any Chromium with windows.

A shell takes a quarter of the processor time. `python -m tests.browser.chromium` gets one, as
`make test` does once. Where no way works it says so and ends well: what is here is taken, and where
nothing is, the tests of the page are skipped, each with a word on what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cli.preview import BROWSERS

MISSING = "needs Chromium: make browser, or apt-get install chromium-headless-shell"
MOST_SECONDS = 300
# Where Playwright puts what it downloads, and what is in there (playwright.dev/docs/browsers).
DOWNLOADS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
SHELLS = ("chromium-headless-shell", "chrome-headless-shell")
OF_A_SHELL = ("chromium_headless_shell-*/chrome*/*headless?shell",)
OF_ANY = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def chromium(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The first that is here: a shell, then any; the system's, then Playwright's newest."""
    return shell(environ) or _first(environ, BROWSERS, OF_ANY)


def shell(environ: Mapping[str, str] = os.environ) -> Path | None:
    """A headless shell, where one is here."""
    return _first(environ, SHELLS, OF_A_SHELL)


def _first(
    environ: Mapping[str, str], names: Sequence[str], patterns: Sequence[str]
) -> Path | None:
    for name in names:
        if path := shutil.which(name, path=environ.get("PATH")):
            return Path(path)
    return next(_downloaded(environ, patterns), None)


def _downloaded(environ: Mapping[str, str], patterns: Sequence[str]) -> Iterator[Path]:
    named = environ.get("PLAYWRIGHT_BROWSERS_PATH")
    home = environ.get("HOME", "")
    folders = [named] if named else [folder.replace("~", home, 1) for folder in DOWNLOADS]
    for folder in folders:
        for pattern in patterns:
            yield from sorted(Path(folder).glob(pattern), reverse=True)


def ways(*, as_root: bool, has_apt: bool, has_browser: bool) -> list[tuple[str, ...]]:
    """The commands that may bring one, in the order in which they are tried.

    Debian's comes with the libraries that it needs; Playwright's needs no root, and gets them only
    where it is root. Where there is a browser with windows, Playwright need not download a shell.
    """
    playwright = (sys.executable, "-m", "playwright", "install", "--only-shell")
    apt = ("apt-get", "install", "-qq", "-y", "--no-install-recommends")
    debians = [("apt-get", "update", "-qq"), (*apt, "chromium-headless-shell")]
    if has_browser:
        return debians if as_root and has_apt else []
    if not as_root:
        return [(*playwright, "chromium")]
    return [
        *([*debians, (*apt, "chromium")] if has_apt else []),
        (*playwright, "--with-deps", "chromium"),
    ]


def main() -> int:
    has_browser = bool(chromium())
    enough = shell if has_browser else chromium
    if shell():
        return 0
    every = ways(
        as_root=os.geteuid() == 0, has_apt=bool(shutil.which("apt-get")), has_browser=has_browser
    )
    if every:
        _say("Getting a headless Chromium for the tests of the page (once) ...")
    for way in every:
        _try(way)
        if enough():
            return 0
    if not has_browser:
        _say(f"No browser could be had: the tests of the page are skipped ({MISSING}).")
    return 0


def _try(command: tuple[str, ...]) -> None:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        subprocess.run(command, env=environ, capture_output=True, timeout=MOST_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        _say(f"{command[0]}: {type(error).__name__}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
