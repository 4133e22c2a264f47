"""Health: how Trailbell itself does, asked by the page, the API and `make run`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.monitoring.health import as_json
from chalicelib.monitoring.health import health as health_of
from chalicelib.rules.place import RulesError
from chalicelib.slack.next_steps import next_step as slacks_step
from chalicelib.webhook.next_steps import next_step as webhooks_step

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Parts


def health(parts: Parts) -> dict[str, Any]:
    """`status`, `words`, and the details. Never raises: what fails is red."""
    found = health_of(
        parts.store.archive,
        parts.store.notes,
        parts.now(),
        next_step=next_step,
        rules_error=_rules_error(parts),
    )
    return as_json(found)


def next_step(reason: str) -> str:
    """What to do about a refusal of Slack's or of the webhook's; "" where nobody knows."""
    return slacks_step(reason) or webhooks_step(reason)


def _rules_error(parts: Parts) -> str | None:
    try:
        _ = parts.ruleset
    except RulesError as error:
        return str(error)
    return None
