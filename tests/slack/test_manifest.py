"""The app's manifest: what the program needs, and what docs/slack.md says of it."""

from __future__ import annotations

import json
import re

from chalicelib.web.routes import ROUTES, Access
from provisioning.slack_app import manifest
from tests.test_layout import ROOT

DOCUMENT = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
API = "https://example.com/api"
MANIFEST = json.loads(manifest(f"{API}/"))


def test_each_scope_is_explained_and_no_other() -> None:
    table = DOCUMENT.partition("### Scopes")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    explained = [scope for row in rows for scope in re.findall(r"`([\w:.]+)`", row)]
    assert explained == MANIFEST["oauth_config"]["scopes"]["bot"]


def test_its_addresses_are_the_signed_routes() -> None:
    commands = {each["url"] for each in MANIFEST["features"]["slash_commands"]}
    named = commands | {MANIFEST["settings"]["interactivity"]["request_url"]}
    signed = {route.path for route in ROUTES if route.access is Access.SIGNED}
    assert named == {f"{API}{path}" for path in signed}
