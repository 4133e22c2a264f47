"""What carries messages: Slack, or what stands in its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TextIO

from chalicelib.slack.client import SlackTransport
from chalicelib.slack.stand_in import NoTransport, TerminalTransport


def stand_in(screen: TextIO | None) -> NoTransport | TerminalTransport:
    """What stands in Slack's place on that screen; where there is none, nothing does."""
    return TerminalTransport.on(screen) if screen else NoTransport()


@lru_cache(maxsize=2)
def slack(token: str, api_url: str | None, renew: Callable[[], str | None]) -> SlackTransport:
    """Kept while the Lambda is warm: it remembers which scopes the token lacks. `renew` is one and
    the same function each time.
    """
    return SlackTransport(token, api_url=api_url, renew=renew)
