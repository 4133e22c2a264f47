"""The way to Slack, or to what stands in its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TextIO

from chalicelib.delivery.ports import Way
from chalicelib.slack.client import SlackTransport
from chalicelib.slack.message import Look, composer
from chalicelib.slack.stand_in import NoTransport, TerminalTransport


def stand_in(screen: TextIO | None, look: Look) -> Way:
    """What stands in Slack's place on that screen; where there is none, nothing does."""
    transport = TerminalTransport.on(screen) if screen else NoTransport()
    return Way(transport, composer(look))


def slack(token: str, api_url: str | None, renew: Callable[[], str | None], look: Look) -> Way:
    """Slack itself, with messages that look so."""
    return Way(_slack(token, api_url, renew), composer(look))


@lru_cache(maxsize=2)
def _slack(token: str, api_url: str | None, renew: Callable[[], str | None]) -> SlackTransport:
    """Kept while the Lambda is warm: it remembers which scopes the token lacks. `renew` is one and
    the same function each time.
    """
    return SlackTransport(token, api_url=api_url, renew=renew)
