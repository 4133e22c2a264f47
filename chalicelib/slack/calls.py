"""Slack's methods, each called once within its time, by slack_sdk: what an answer is.

slack_sdk is imported when the first call is due (it costs about 100 ms), and without its retry
handlers: they post twice when a connection drops after Slack took the message. Its client writes
the request and reads the answer; the way there is `exchange`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from time import monotonic
from typing import Any, TypeVar

from chalicelib import __version__
from chalicelib.delivery.exchange import Exchange, NotReachedError
from chalicelib.delivery.outcome import (
    NO_ANSWER_IN_TIME,
    Outcome,
    ambiguous,
    destination_refused,
    not_posted,
)
from chalicelib.parameters import SecretError
from chalicelib.slack.errors import TOKEN_REFUSED, classify

T = TypeVar("T")
# Methods that read take a form, those that write JSON. Source: docs.slack.dev, "Using the Web API".
READING = frozenset(
    {"auth.test", "conversations.history", "conversations.info", "users.lookupByEmail"}
)
# The header that names what the token may do. Source: docs.slack.dev, "Scopes".
SCOPES = "x-oauth-scopes"
AT = "at"
# What a second call with a token read anew needs at least, in seconds.
LEAST = 0.5
# What a thread is waited for at least, in seconds.
SHORTEST = 0.1


@dataclass(frozen=True, slots=True)
class Taken:
    """An answer that is ok, with Slack's own time and the token's scopes where it told them."""

    data: dict[str, Any]
    at: datetime | None
    scopes: str | None


class Calls:
    """Slack's Web API with a bot token.

    `renew` reads the token anew where it was kept; it says itself how often. It is asked when Slack
    refuses the token, and the call is made once more where the answer is another one.
    """

    def __init__(
        self,
        token: str,
        api_url: str,
        renew: Callable[[], str | None] | None,
        now: Callable[[], datetime],
    ) -> None:
        self._token = token.strip()
        self._api_url = api_url
        self._renew = renew
        self._now = now
        self._refused = False
        self._reading = threading.Lock()

    def token(self, seconds: float) -> str:
        """The token; read anew where Slack has refused it. Takes no longer than that, and does not
        wait for a reading that hangs already.
        """
        if self._refused and not self._reading.locked():
            self._is_another_than(self._token, seconds)
        return self._token

    def call(self, method: str, arguments: dict[str, Any], seconds: float) -> Taken | Outcome:
        """Slack's answer that is ok, or the outcome otherwise, within so many seconds in all."""
        end = monotonic() + seconds
        token = self._token
        answer = self._once(token, method, arguments, seconds)
        if _is_refused(answer) and self._is_another_than(token, end - monotonic()):
            left = end - monotonic()
            answer = self._once(self._token, method, arguments, left) if left > LEAST else answer
        self._refused = _is_refused(answer)
        return answer

    def _is_another_than(self, token: str, seconds: float) -> bool:
        """Whether there is another token by now: another thread may have read it already."""
        if token == self._token and self._renew:
            within(seconds, lambda: self._read(token))
        return token != self._token

    def _read(self, token: str) -> None:
        """Read what stands in the token's place; it counts whenever it comes."""
        with self._reading, suppress(SecretError):
            if self._renew and token == self._token:
                self._token = (self._renew() or token).strip()

    def _once(
        self, token: str, method: str, arguments: dict[str, Any], seconds: float
    ) -> Taken | Outcome:
        if refusal := _unusable(token):
            return destination_refused(refusal)
        seconds = max(seconds, SHORTEST)  # what came before may have taken all of it
        exchange = Exchange(seconds)
        client = _client_class()(token, self._api_url, exchange)
        answer = within(seconds, lambda: _answer(client, exchange, method, arguments, self._now))
        if answer is not None:
            return answer
        outcome = ambiguous if exchange.give_up() else not_posted
        return replace(outcome(NO_ANSWER_IN_TIME), at=exchange.at)


def within(seconds: float, call: Callable[[], T]) -> T | None:
    """What the call returns; None where that takes longer: it goes on by itself.

    Its thread is a daemon, so that what outlasts the limit (no timeout holds for a look-up in DNS)
    holds up neither this call nor the exit.
    """
    answers: list[T] = []
    thread = threading.Thread(target=lambda: answers.append(call()), name="slack", daemon=True)
    thread.start()
    thread.join(max(seconds, SHORTEST))
    return answers[0] if answers else None


def _answer(
    client: Any,
    exchange: Exchange,
    method: str,
    arguments: dict[str, Any],
    now: Callable[[], datetime],
) -> Taken | Outcome:
    from slack_sdk.errors import SlackApiError

    try:
        form = "params" if method in READING else "json"
        answer = client.api_call(method, **{form: arguments})
    except SlackApiError as error:
        outcome = _refusal(error.response, exchange.at or now())
    except NotReachedError as error:
        outcome = not_posted(str(error))
    except TimeoutError:
        outcome = ambiguous(NO_ANSWER_IN_TIME)
    except Exception as error:  # after sending, whatever goes wrong leaves it open
        outcome = ambiguous(type(error).__name__)
    else:
        if isinstance(answer.data, dict):
            return Taken(answer.data, exchange.at, _headers(answer).get(SCOPES))
        outcome = ambiguous("not a JSON object")
    return replace(outcome, at=exchange.at)


def _refusal(response: Any, now: datetime) -> Outcome:
    data = response.data if isinstance(response.data, dict) else {}
    error = data.get("error")
    error = error if isinstance(error, str) else ""
    return classify(response.status_code, error, _headers(response).get("retry-after"), now)


def _headers(response: Any) -> dict[str, str]:
    return {str(key).lower(): str(value) for key, value in response.headers.items()}


def _is_refused(answer: Taken | Outcome) -> bool:
    return isinstance(answer, Outcome) and answer.reason in TOKEN_REFUSED


def _unusable(token: str) -> str | None:
    if not token:
        return "not_authed: no SLACK_TOKEN"
    if not token.isascii() or not token.isprintable():
        return "invalid_auth: SLACK_TOKEN has characters that no token has"
    return None


@cache
def _client_class() -> Callable[[str, str, Exchange], Any]:
    """slack_sdk's client, but for the way to Slack."""
    from slack_sdk import WebClient

    class Client(WebClient):
        def __init__(self, token: str, api_url: str, exchange: Exchange) -> None:
            self._exchange = exchange
            super().__init__(
                token,
                base_url=api_url,
                retry_handlers=[],
                user_agent_prefix=f"Trailbell/{__version__}",
            )

        def _perform_urllib_http_request_internal(self, url: str, req: Any) -> dict[str, Any]:
            """What slack_sdk 3.47.0 opens an address by; tests see that it still does."""
            headers = {name.title(): value for name, value in req.header_items()}
            answer = self._exchange.post(url, headers, req.data, self.proxy)
            return {"status": answer.status, "headers": answer.headers, "body": answer.body}

    return Client
