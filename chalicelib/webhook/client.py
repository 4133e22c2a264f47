"""One attempt at one request → one Outcome. Nothing is retried here: dispatch decides that."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.request import getproxies

from chalicelib import __version__
from chalicelib.delivery.calls import THREADS
from chalicelib.delivery.exchange import Exchange, NotReachedError
from chalicelib.delivery.outcome import (
    NO_ANSWER_IN_TIME,
    Outcome,
    Search,
    Sought,
    ambiguous,
    destination_refused,
    not_posted,
)
from chalicelib.webhook.answers import outcome_of
from chalicelib.webhook.next_steps import BAD_SECRET
from chalicelib.webhook.signature import WebhookSecretError, key_of, signed

# For one request in all: see delivery.run.SEND_NEEDS_SECONDS.
CALL_SECONDS = 5.5


class WebhookTransport:
    """A receiver at one address, told by signed POSTs. What it answers counts by its status alone:
    once that is there, no answer that drags on or breaks off leaves it open.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        *,
        call_seconds: float = CALL_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._url = url
        self._secret = secret
        self._call_seconds = call_seconds
        self._now = now

    def post(self, payload: dict[str, Any], channel_id: str | None = None) -> Outcome:  # noqa: ARG002
        """Send what webhook.body wrote."""
        try:
            key = key_of(self._secret)
        except WebhookSecretError as error:
            return destination_refused(f"{BAD_SECRET}: {error}")
        exchange = Exchange(self._call_seconds)
        call = THREADS.start(lambda: self._sent(exchange, key, payload))
        THREADS.wait([call], self._call_seconds)
        if call.is_done:
            outcome: Outcome = call.result()
            return outcome
        # Before it is given up: a head that only then breaks off would look whole.
        told = self._by_head(exchange, payload["id"])
        began = exchange.give_up()
        return told or (ambiguous if began else not_posted)(NO_ANSWER_IN_TIME)

    def update(self, channel_id: str, ts: str, payload: dict[str, Any]) -> Outcome:  # noqa: ARG002
        """Send it: an update is a request like any other, about the same finding."""
        return self.post(payload)

    def find(self, channel_id: str, post_id: str, since: datetime) -> Search:  # noqa: ARG002
        """There is no history: what is in doubt goes again, marked, under its id."""
        return Search(sought=Sought.UNSUPPORTED)

    def address(self, name: str) -> str | None:  # noqa: ARG002
        """It has no id of its own."""
        return None

    def credential(self, salt: str) -> str:
        """A keyed hash of address and secret: with another of them a refusal is tried at once."""
        # An environment may hold bytes that are no UTF-8.
        known = f"{self._url} {self._secret}".encode(errors="surrogatepass")
        return hmac.new(salt.encode(), known, "sha256").hexdigest()

    def _sent(self, exchange: Exchange, key: bytes, payload: dict[str, Any]) -> Outcome:
        # What no UTF-8 has, a lone surrogate in a name, becomes a question mark.
        body = json.dumps(payload["body"], ensure_ascii=False).encode("utf-8", "replace")
        timestamp = int(self._now().timestamp())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"Trailbell/{__version__}",
            "webhook-id": payload["id"],
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signed(key, payload["id"], timestamp, body),
        }
        try:
            exchange.post(self._url, headers, body, getproxies().get("https"))
        except NotReachedError as error:
            return not_posted(str(error))
        except TimeoutError:
            doubt = ambiguous(NO_ANSWER_IN_TIME)
        except Exception as error:  # after sending, whatever goes wrong leaves it open
            doubt = ambiguous(type(error).__name__)
        else:
            doubt = ambiguous("no status")
        return self._by_head(exchange, payload["id"]) or doubt

    def _by_head(self, exchange: Exchange, webhook_id: str) -> Outcome | None:
        """What became of it, as soon as the answer's status is there."""
        if exchange.head is None:
            return None
        headers = {name.lower(): value for name, value in exchange.head.headers.items()}
        now = exchange.at or self._now()
        return outcome_of(exchange.head.status, headers.get("retry-after"), webhook_id, now)


class Unready:
    """In the place of a receiver that cannot be told just now: `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        self._outcome = outcome

    def post(self, payload: dict[str, Any], channel_id: str | None = None) -> Outcome:  # noqa: ARG002
        """Why not."""
        return self._outcome

    def update(self, channel_id: str, ts: str, payload: dict[str, Any]) -> Outcome:  # noqa: ARG002
        """Why not."""
        return self._outcome

    def find(self, channel_id: str, post_id: str, since: datetime) -> Search:  # noqa: ARG002
        """There is no history."""
        return Search(sought=Sought.UNSUPPORTED)

    def address(self, name: str) -> str | None:  # noqa: ARG002
        """It has no id of its own."""
        return None

    def credential(self, salt: str) -> str:
        """Other than a receiver's: once there is one it is tried at once."""
        return hmac.new(salt.encode(), b"", "sha256").hexdigest()
