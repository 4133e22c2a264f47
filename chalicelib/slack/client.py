"""One attempt at one Slack call → one Outcome. Nothing is retried here: dispatch decides that.

slack_sdk is imported when the first send is due (it costs about 100 ms), and without its retry
handlers: they post twice when a connection drops after Slack took the message.
"""

from __future__ import annotations

import errno
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.error import URLError

from chalicelib.delivery.outcome import (
    NO_ANSWER_IN_TIME,
    Outcome,
    OutcomeKind,
    Search,
    Sought,
    ambiguous,
    destination_refused,
    not_posted,
    sent,
)
from chalicelib.slack.addresses import channel_id
from chalicelib.slack.errors import classify

SLACK_API_URL = "https://slack.com/api/"
SOCKET_SECONDS = 5
# slack_sdk's timeout is per read, so a dripping answer holds it without end.
CALL_SECONDS = 5.5
HISTORY_PAGES = 3
HISTORY_PAGE = 200
# Clocks differ: a post is looked for from a little before it was attempted.
CLOCK_SKEW_SECONDS = 120.0
UNREACHABLE = (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL)


class SlackTransport:
    """Slack's Web API. `token` is the bot token or what fetches it at the first send."""

    def __init__(
        self,
        token: str | Callable[[], str],
        *,
        api_url: str | None = None,
        call_seconds: float = CALL_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._token = token
        self._api_url = api_url or SLACK_API_URL
        self._call_seconds = call_seconds
        self._now = now
        self._client: Any = None
        self._may_customize = True
        self._may_search = True

    def post(self, payload: dict[str, Any]) -> Outcome:
        """chat.postMessage. Where the token may not override the name, once more without."""
        if not self._may_customize:
            payload = _uncustomized(payload)
        started = self._now()
        outcome = self._attempt("chat.postMessage", payload, self._call_seconds)
        if outcome.reason != "missing_scope" or _uncustomized(payload) == payload:
            return outcome
        left = self._call_seconds - (self._now() - started).total_seconds()
        again = self._attempt("chat.postMessage", _uncustomized(payload), left)
        self._may_customize = again.kind is not OutcomeKind.SENT
        return again

    def update(self, channel_id: str, ts: str, payload: dict[str, Any]) -> Outcome:
        """chat.update of the message at `ts`; the payload as for post."""
        known = {key: value for key, value in payload.items() if not key.startswith("unfurl_")}
        changed = {**_uncustomized(known), "channel": channel_id, "ts": ts}
        return self._attempt("chat.update", changed, self._call_seconds)

    def find(self, channel_id: str, post_id: str, since: datetime) -> Search:
        """Look in the channel's history for the message whose metadata carries `post_id`."""
        if not self._may_search:
            return Search(sought=Sought.UNSUPPORTED)
        oldest = f"{since.timestamp() - CLOCK_SKEW_SECONDS:.6f}"
        search, cursor = self._page(channel_id, post_id, oldest, "")
        for _ in range(HISTORY_PAGES - 1):
            if search.sought is not Sought.NOT_FOUND or not cursor:
                break
            search, cursor = self._page(channel_id, post_id, oldest, cursor)
        too_long = search.sought is Sought.NOT_FOUND and cursor
        return Search(sought=Sought.UNSUPPORTED) if too_long else search

    def address(self, name: str) -> str | None:
        """Slack's id, where the channel is named by it."""
        return channel_id(name)

    def _page(self, channel: str, post_id: str, oldest: str, cursor: str) -> tuple[Search, str]:
        arguments = {
            "channel": channel,
            "oldest": oldest,
            "limit": HISTORY_PAGE,
            "include_all_metadata": True,
            **({"cursor": cursor} if cursor else {}),
        }
        # 1.7 s a page: all of them end within the time that one send may take.
        answer = self._call("conversations.history", arguments, self._call_seconds / HISTORY_PAGES)
        if isinstance(answer, Outcome):
            # What Slack refuses here is reading the channel, which says nothing about posting.
            refused = answer.kind in (
                OutcomeKind.DESTINATION_REFUSED,
                OutcomeKind.PAYLOAD_REFUSED,
            )
            self._may_search = answer.reason != "missing_scope"
            return Search(
                sought=Sought.UNSUPPORTED if refused else Sought.FAILED, outcome=answer
            ), ""
        messages = answer.get("messages")
        if not isinstance(messages, list):  # no list is not an empty one
            return Search(sought=Sought.FAILED, outcome=ambiguous("ok without messages")), ""
        for message in messages:
            if _post_id(message) == post_id:
                return Search(sought=Sought.FOUND, ts=str(message.get("ts"))), ""
        return Search(sought=Sought.NOT_FOUND), _next_cursor(answer)

    def _attempt(self, method: str, payload: dict[str, Any], seconds: float) -> Outcome:
        answer = self._call(method, payload, seconds)
        if isinstance(answer, Outcome):
            return answer
        ts, channel = answer.get("ts"), answer.get("channel")
        if not isinstance(ts, str) or not isinstance(channel, str):
            return ambiguous("ok without a ts")
        return sent(ts, channel)

    def _call(
        self, method: str, arguments: dict[str, Any], seconds: float
    ) -> dict[str, Any] | Outcome:
        """Slack's answer that is ok, or the outcome otherwise, within so many seconds."""
        try:
            client = self._client = self._client or self._connect()
        except ValueError as error:
            return destination_refused(str(error))
        answers: list[dict[str, Any] | Outcome] = []

        def attempt() -> None:
            answers.append(_answer(client, method, arguments, self._now))

        # A daemon, so that what outlasts the limit holds up neither this call nor the exit.
        thread = threading.Thread(target=attempt, name=method, daemon=True)
        thread.start()
        thread.join(max(seconds, 0.1))
        return answers[0] if answers else ambiguous(NO_ANSWER_IN_TIME)

    def _connect(self) -> Any:
        from slack_sdk import WebClient

        token = (self._token() if callable(self._token) else self._token).strip()
        if not token:
            raise ValueError("not_authed: no SLACK_TOKEN")
        if not token.isascii() or not token.isprintable():
            raise ValueError("invalid_auth: SLACK_TOKEN has characters that no token has")
        return WebClient(token, base_url=self._api_url, timeout=SOCKET_SECONDS, retry_handlers=[])


def _answer(
    client: Any, method: str, arguments: dict[str, Any], now: Callable[[], datetime]
) -> dict[str, Any] | Outcome:
    from slack_sdk.errors import SlackApiError

    try:
        data = client.api_call(method, **_arguments(method, arguments)).data
    except SlackApiError as error:
        return _refusal(error.response, now())
    except URLError as error:
        return _unreached(error.reason)
    except Exception as error:  # after sending, whatever goes wrong leaves it open
        return ambiguous(type(error).__name__)
    return data if isinstance(data, dict) else ambiguous("not a JSON object")


def _arguments(method: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """Slack takes JSON where a method writes; where it reads, a form."""
    return {"params" if method == "conversations.history" else "json": arguments}


def _refusal(response: Any, now: datetime) -> Outcome:
    data = response.data if isinstance(response.data, dict) else {}
    headers = {str(key).lower(): str(value) for key, value in response.headers.items()}
    error = data.get("error")
    error = error if isinstance(error, str) else ""
    return classify(response.status_code, error, headers.get("retry-after"), now)


def _unreached(reason: object) -> Outcome:
    """Tell a connection that never stood from one that broke while sending.

    urllib wraps both in URLError; a timeout may be either, so it stays open.
    """
    import ssl

    broke = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)
    never_stood = (ConnectionRefusedError, socket.gaierror, ssl.SSLError)
    unreachable = isinstance(reason, OSError) and reason.errno in UNREACHABLE
    if unreachable or (isinstance(reason, never_stood) and not isinstance(reason, broke)):
        return not_posted(type(reason).__name__)
    return ambiguous(type(reason).__name__)


def _uncustomized(payload: dict[str, Any]) -> dict[str, Any]:
    custom = ("username", "icon_emoji", "icon_url")
    return {key: value for key, value in payload.items() if key not in custom}


def _next_cursor(answer: dict[str, Any]) -> str:
    following = answer.get("response_metadata")
    cursor = following.get("next_cursor") if isinstance(following, dict) else None
    return cursor if isinstance(cursor, str) and answer.get("has_more") else ""


def _post_id(message: Any) -> str | None:
    metadata = message.get("metadata") if isinstance(message, dict) else None
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    post_id = payload.get("post_id") if isinstance(payload, dict) else None
    return post_id if isinstance(post_id, str) else None
