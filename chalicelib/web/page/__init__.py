"""The status page: one HTML shell, one stylesheet, one script module, served without what only
readers of their source need.
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

HTML = "text/html; charset=utf-8"
ASSETS = {
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
}
_FOLDER = Path(__file__).parent
# In our stylesheet these signs stand in no text and before no pseudo-class that follows a space.
_SPACES = re.compile(r" ?([{};,]) ?|(?<=\w:) ")


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
    """The file without what only its readers need: indents, empty lines, lines of `//` alone, and
    in a stylesheet the spaces about its signs. It is a sixth of the weight.

    So no text in these files may go over a line's end (a template literal, a `<pre>`).
    """
    lines = (line.strip() for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines())
    text = "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
    return _SPACES.sub(lambda sign: sign[1] or "", text) if name.endswith(".css") else text
