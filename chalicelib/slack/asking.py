"""Slack asked plainly: one method, a form, within its time, and what it says or nothing.

Without slack_sdk, whose import takes longer than a click may wait for its answer. What is asked so
is tried once: nothing is lost with it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from urllib.request import getproxies

import orjson

from chalicelib import __version__
from chalicelib.delivery.exchange import Exchange
from chalicelib.slack.calls import within
from chalicelib.slack.client import SLACK_API_URL

# What Slack answers that is ok; None where it refuses, or says nothing in time.
Ask = Callable[[str, dict[str, str]], "dict[str, Any] | None"]


def asking(token: str, api_url: str | None, seconds: float) -> Ask:
    """What asks Slack with the token; each question takes so many seconds at most."""

    def ask(method: str, arguments: dict[str, str]) -> dict[str, Any] | None:
        exchange = Exchange(seconds)
        url = (api_url or SLACK_API_URL) + method
        answer = within(seconds, lambda: _answer(exchange, url, token.strip(), arguments))
        if answer is None:
            exchange.give_up()
        return answer

    return ask


def _answer(
    exchange: Exchange, url: str, token: str, arguments: dict[str, str]
) -> dict[str, Any] | None:
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": f"Trailbell/{__version__}",
    }
    body = urlencode(arguments).encode()
    try:
        said = orjson.loads(exchange.post(url, headers, body, getproxies().get("https")).body)
    except Exception:  # whatever goes wrong on the way, there is no answer
        return None
    return said if isinstance(said, dict) and said.get("ok") is True else None
