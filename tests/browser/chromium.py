"""The browser of the page's tests: Debian's Chromium, another's, or Playwright's own download.

`python -m tests.browser.chromium` gets one, as `make test` does once. Where neither way works it
says so and ends well: the tests of the page are skipped then, each with a word on what to install.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from cli.preview import BROWSERS

MISSING = "needs Chromium: make browser, or apt-get install chromium"
MOST_SECONDS = 300
# Where Playwright puts what it downloads, and what is in there (playwright.dev/docs/browsers).
DOWNLOADS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
IN_A_DOWNLOAD = (
    "chromium-*/chrome-linux*/chrome",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
)


def chromium(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The first that is here: the system's, then Playwright's newest."""
    for name in BROWSERS:
        if path := shutil.which(name, path=environ.get("PATH")):
            return Path(path)
    return next(_downloaded(environ), None)


def _downloaded(environ: Mapping[str, str]) -> Iterator[Path]:
    named = environ.get("PLAYWRIGHT_BROWSERS_PATH")
    home = environ.get("HOME", "")
    folders = [named] if named else [folder.replace("~", home, 1) for folder in DOWNLOADS]
    for folder in folders:
        for pattern in IN_A_DOWNLOAD:
            yield from sorted(Path(folder).glob(pattern), reverse=True)


def ways(*, as_root: bool, has_apt: bool) -> list[tuple[str, ...]]:
    """The commands that may bring one, in the order in which they are tried.

    Debian's comes with the libraries that it needs; Playwright's needs no root, and gets them only
    where it is root.
    """
    playwright = (sys.executable, "-m", "playwright", "install")
    if not as_root:
        return [(*playwright, "chromium")]
    apt = ("apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium")
    debians = [("apt-get", "update", "-qq"), apt]
    return [*(debians if has_apt else []), (*playwright, "--with-deps", "chromium")]


def main() -> int:
    if chromium():
        return 0
    _say("Getting Chromium for the tests of the page (once) ...")
    for way in ways(as_root=os.geteuid() == 0, has_apt=bool(shutil.which("apt-get"))):
        _try(way)
        if chromium():
            return 0
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
