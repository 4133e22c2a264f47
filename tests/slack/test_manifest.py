"""The manifest in docs/slack.md: what the program needs, and what the document says of it."""

from __future__ import annotations

import re

from chalicelib.web.routes import ROUTES, Access
from tests.test_layout import ROOT

DOCUMENT = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
MANIFEST = DOCUMENT.partition("```yaml\n")[2].partition("```")[0]


def test_each_scope_is_explained_and_no_other() -> None:
    asked = re.findall(r"^ {6}- ([\w:.]+)$", MANIFEST, re.MULTILINE)
    table = DOCUMENT.partition("### Scopes")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert [scope for row in rows for scope in re.findall(r"`([\w:.]+)`", row)] == asked


def test_its_addresses_are_the_signed_routes() -> None:
    named = set(re.findall(r"/api(/[\w/]+)$", MANIFEST, re.MULTILINE))
    assert named == {route.path for route in ROUTES if route.access is Access.SIGNED}
