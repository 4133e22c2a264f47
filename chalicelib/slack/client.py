"""One attempt at one Slack call → one Outcome. Nothing is retried here: dispatch decides that."""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from chalicelib.delivery.exchange import TooLongError
from chalicelib.delivery.outcome import (
    Outcome,
    OutcomeKind,
    Search,
    Sought,
    ambiguous,
    destination_refused,
    not_posted,
    sent,
)
from chalicelib.slack.addresses import channel_id as id_of
from chalicelib.slack.arguments import POST, UPDATE, of_post, of_update, uncustomized
from chalicelib.slack.calls import AT, SCOPES, Calls, Taken
from chalicelib.slack.people import conversation_with, user_id
from chalicelib.slack.standing import StandingError

SLACK_API_URL = "https://slack.com/api/"
# For one post, update or search in all, a token read anew and what follows included.
CALL_SECONDS = 5.5
# What is said of a person whom the token may not write to: conversations.open has several words.
OPEN_REFUSED = "missing_scope: im:write"
HISTORY_PAGES = 3
HISTORY_PAGE = 200
# Clocks differ: a post is looked for from a little before it was attempted.
CLOCK_SKEW_SECONDS = 120.0
# A message's ts is the time when Slack took it. Source: docs.slack.dev, "Retrieving messages".
# One that is further than this from the answer's own Date is no message that was just posted.
FARTHEST_TS = timedelta(seconds=300)
# What Slack refuses to a search is reading the channel, which says nothing about posting.
_REFUSED = (OutcomeKind.DESTINATION_REFUSED, OutcomeKind.PAYLOAD_REFUSED)
_TS = re.compile(r"\d{1,12}\.\d{1,9}", re.ASCII)


class SlackTransport:
    """Slack's Web API with a bot token; `renew` reads the token anew (see slack.calls)."""

    def __init__(
        self,
        token: str,
        *,
        api_url: str | None = None,
        renew: Callable[[], str | None] | None = None,
        call_seconds: float = CALL_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._calls = Calls(token, api_url or SLACK_API_URL, renew, now)
        self._call_seconds = call_seconds
        self._may_customize = True
        self._may_search = True

    def post(self, payload: dict[str, Any], channel_id: str | None = None) -> Outcome:
        """chat.postMessage, to the channel of that id where it is known: names change. To a person
        in the channel that they and the app share, which is opened where its id is not known yet.

        Where the token may not override the name, once more without.
        """
        end = monotonic() + self._call_seconds
        user = user_id(payload["channel"])
        if user and channel_id is None:
            opened = self._opened(user)
            if isinstance(opened, Outcome):
                return opened
            channel_id = opened
        asked_by_id = channel_id or id_of(payload["channel"])
        message = of_post(payload, channel_id)
        if not self._may_customize:
            message = uncustomized(message)
        outcome = self._post(message, asked_by_id, end - monotonic())
        if outcome.reason != "missing_scope" or uncustomized(message) == message:
            return outcome
        again = self._post(uncustomized(message), asked_by_id, end - monotonic())
        self._may_customize = again.kind is not OutcomeKind.SENT
        return again

    def update(self, channel_id: str, ts: str, payload: dict[str, Any]) -> Outcome:
        """chat.update of the message at `ts`; the payload as for post."""
        changed = of_update(payload, channel_id, ts)
        answer = self._calls.call(UPDATE, changed, self._call_seconds)
        if isinstance(answer, Outcome):
            return answer
        other = "ok of another message" if answer.data.get("ts") != ts else None
        return _told(answer, channel_id, other)

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
        return replace(search, sought=Sought.UNSUPPORTED) if too_long else search

    def address(self, name: str) -> str | None:
        """Slack's id, where the channel is named by it."""
        return id_of(name)

    def credential(self, salt: str) -> str:
        """A keyed hash of the token, as it is now where Slack has refused it; "" without one."""
        token = self._calls.token(self._call_seconds)
        return hmac.new(salt.encode(), token.encode(), "sha256").hexdigest() if token else ""

    def ask(self, method: str, arguments: dict[str, Any]) -> dict[str, Any] | Outcome:
        """Call a method that reads (slack.calls.READING), within the limits of every call.

        Slack's answer where it is ok, with the token's scopes, a list with commas, under
        slack.calls.SCOPES and its own time under slack.calls.AT, each None where it says nothing
        of it; else the outcome.
        """
        answer = self._calls.call(method, arguments, self._call_seconds)
        if isinstance(answer, Outcome):
            return answer
        return {**answer.data, SCOPES: answer.scopes, AT: answer.at}

    def _opened(self, user: str) -> str | Outcome:
        """Where a person is written to; else an outcome: whatever it is, nothing was posted."""
        try:
            return conversation_with(self.ask, user) or destination_refused(OPEN_REFUSED)
        except StandingError as error:
            return not_posted(str(error))

    def _post(self, message: dict[str, Any], asked_by_id: str | None, seconds: float) -> Outcome:
        answer = self._calls.call(POST, message, seconds)
        if isinstance(answer, Outcome):
            return answer
        return _told(answer, asked_by_id, _not_now(answer))

    def _page(self, channel: str, post_id: str, oldest: str, cursor: str) -> tuple[Search, str]:
        arguments = {
            "channel": channel,
            "oldest": oldest,
            "limit": HISTORY_PAGE,
            "include_all_metadata": True,
            **({"cursor": cursor} if cursor else {}),
        }
        # 1.7 s a page: all of them end within the time that one send may take.
        seconds = self._call_seconds / HISTORY_PAGES
        answer = self._calls.call("conversations.history", arguments, seconds)
        if isinstance(answer, Outcome):
            self._may_search = answer.reason != "missing_scope"
            unreadable = answer.kind in _REFUSED or answer.reason == TooLongError.__name__
            sought = Sought.UNSUPPORTED if unreadable else Sought.FAILED
            return Search(sought=sought, outcome=answer, at=answer.at), ""
        return _sought(answer, post_id), _next_cursor(answer.data)


def _told(answer: Taken, channel_id: str | None, doubt: str | None) -> Outcome:
    """Sent, unless the answer is of another message than the one that was asked for."""
    ts, channel = _ts(answer.data), answer.data.get("channel")
    if ts is None or not isinstance(channel, str):
        outcome = ambiguous("ok without a ts")
    elif channel_id and channel != channel_id:
        outcome = ambiguous("ok of another channel")
    else:
        outcome = ambiguous(doubt) if doubt else sent(ts, channel)
    return replace(outcome, at=answer.at)


def _not_now(answer: Taken) -> str | None:
    """What is wrong with the time of a message that was just posted, by Slack's own clock."""
    ts = _ts(answer.data)
    if answer.at is None or ts is None:
        return None
    away = abs(float(ts) - answer.at.timestamp())
    return "ok with the ts of another time" if away > FARTHEST_TS.total_seconds() else None


def _sought(answer: Taken, post_id: str) -> Search:
    messages = answer.data.get("messages")
    if not isinstance(messages, list):  # no list is not an empty one
        return _failed("ok without messages", answer.at)
    found = next((each for each in messages if _post_id(each) == post_id), None)
    if found is None:
        return Search(sought=Sought.NOT_FOUND, at=answer.at)
    if _ts(found) is None:
        return _failed("ok without a ts", answer.at)
    return Search(sought=Sought.FOUND, ts=_ts(found), at=answer.at)


def _failed(reason: str, at: datetime | None) -> Search:
    return Search(sought=Sought.FAILED, outcome=replace(ambiguous(reason), at=at), at=at)


def _ts(message: dict[str, Any]) -> str | None:
    ts = message.get("ts")
    return ts if isinstance(ts, str) and _TS.fullmatch(ts) else None


def _next_cursor(answer: dict[str, Any]) -> str:
    following = answer.get("response_metadata")
    cursor = following.get("next_cursor") if isinstance(following, dict) else None
    return cursor if isinstance(cursor, str) and answer.get("has_more") else ""


def _post_id(message: Any) -> str | None:
    metadata = message.get("metadata") if isinstance(message, dict) else None
    payload = metadata.get("event_payload") if isinstance(metadata, dict) else None
    post_id = payload.get("post_id") if isinstance(payload, dict) else None
    return post_id if isinstance(post_id, str) else None
