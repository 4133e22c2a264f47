"""Slack asked with the settings' token, where a click or its answer needs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.parameters import secret
from chalicelib.slack.asking import Ask, asking

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Parts


def asking_slack(parts: Parts, seconds: float) -> Ask | None:
    """What asks Slack, each question within so many seconds; None where there is no token.
    Raises SecretError.
    """
    token = secret(parts.settings.slack_token, parts.now())
    return asking(token, parts.settings.slack_api_url, seconds) if token else None
