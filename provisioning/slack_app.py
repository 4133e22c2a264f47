"""The Slack app as a manifest, which api.slack.com/apps takes in one paste.

Source: https://docs.slack.dev/reference/app-manifest/ (read as JSON or YAML).
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from provisioning.checks import is_address
from provisioning.errors import OperatorError

# Until the API has an address. Slack takes the manifest; clicks lead nowhere.
PLACEHOLDER = "https://replace-me.example.com/api/"
# What the bot asks for. Each but the first may be left out: docs/slack.md says what each is for and
# what is lost without it.
SCOPES = (
    "chat:write",
    "chat:write.customize",
    "commands",
    "channels:read",
    "groups:read",
    "channels:history",
    "groups:history",
    "users:read",
    "users:read.email",
    "im:write",
    "usergroups:read",
)


def manifest(url: str) -> str:
    """The manifest as JSON. `url` is where the API answers, with a slash at its end."""
    return json.dumps(_manifest(url), indent=2)


def address(given: str | None) -> str:
    """Where Slack calls the API; PLACEHOLDER where none is given. Raises OperatorError."""
    if not given:
        return PLACEHOLDER
    parts = urlsplit(given) if is_address(given) else urlsplit("")
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise OperatorError(
            f"{given!r} is no address that Slack can call: it takes https://host/path/, as "
            "`chalice url` or the parameter public-url says it"
        )
    return given.rstrip("/") + "/"


def words(url: str) -> str:
    """What to do with it."""
    steps = (
        "1. https://api.slack.com/apps > Create New App > From a manifest: choose the workspace, "
        "paste the above.\n"
        "2. Install to Workspace. OAuth & Permissions > Bot User OAuth Token (xoxb-...) is "
        "SLACK_TOKEN; Basic Information > Signing Secret is SLACK_SIGNING_SECRET.\n"
        "3. In Slack: /invite @Trailbell in the channel. make deploy asks for token, secret and "
        "channel, and tries them.\nUndo: Basic Information > Delete App."
    )
    if url != PLACEHOLDER:
        return steps
    return (
        f"{steps}\n"
        f"4. The address is not known yet: {PLACEHOLDER} stands in its place. Once the API is "
        "deployed, print this again with --url and paste it at App Manifest; buttons and "
        "/trailbell work from then on."
    )


def _manifest(url: str) -> dict[str, Any]:
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Trailbell",
            "description": "Tells what people do to an AWS account, and who looks at it",
            "background_color": "#1f2a44",
        },
        "features": {
            "bot_user": {"display_name": "Trailbell", "always_online": True},
            "slash_commands": [
                {
                    "command": "/trailbell",
                    "url": url + "slack/commands",
                    "description": "How Trailbell is doing, and what it told here",
                    "usage_hint": "status | last 5 | find TEXT | mutes | help",
                    "should_escape": False,
                }
            ],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "interactivity": {"is_enabled": True, "request_url": url + "slack/actions"},
            "org_deploy_enabled": False,
            "socket_mode_enabled": False,
            "token_rotation_enabled": False,
        },
    }
