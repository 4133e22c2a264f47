"""The status page: one HTML shell, one stylesheet, one script module, served as they are."""

from __future__ import annotations

from functools import cache
from html import escape
from pathlib import Path

HTML = "text/html; charset=utf-8"
ASSETS = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
}
_FOLDER = Path(__file__).parent


def shell(path: str) -> str:
    """The HTML for a request to `path`, the page's own path as the browser has it.

    API Gateway serves under its stage ("/api" or "/api/"), where relative links would depend on
    the trailing slash: every link in the shell begins with the path instead.
    """
    base = path.rstrip("/") + "/"
    return _read("shell.html").replace("{{base}}", escape(base))


def asset(name: str) -> str:
    """One of ASSETS."""
    return _read(name)


@cache
def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
