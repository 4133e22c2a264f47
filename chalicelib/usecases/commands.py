"""`/trailbell`: looking back from a channel, at no more than was told there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.archive import AlertQuery
from chalicelib.alerts.delivery import was_told
from chalicelib.alerts.mutes import lasting
from chalicelib.alerts.outbox import StoreError
from chalicelib.parameters import SecretError
from chalicelib.rules.place import RulesError
from chalicelib.slack import briefs
from chalicelib.slack.actions import Asked, MalformedError
from chalicelib.slack.actions import asked as asked_by
from chalicelib.slack.crew import FOREIGN
from chalicelib.slack.replies import AWAY, MAY_NOT
from chalicelib.usecases.answering import Answer, count, ephemeral
from chalicelib.usecases.health import health
from chalicelib.usecases.rights import refusal

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Answering

LAST, MOST, SHORTEST_TEXT = 5, 20, 3
PAGE = 100
# Slack waits three seconds for the answer.
SEARCH_SECONDS = 1.5

Said = tuple[str, list[dict[str, Any]]]


def asked(body: bytes, parts: Answering) -> Answer:
    """The answer to a signed request. Never raises."""
    try:
        question = asked_by(body)
        if why := refusal(question.sender, parts):
            count(parts, why)
            return (403, None) if why == FOREIGN else (200, ephemeral(MAY_NOT))
        words, blocks = _answer(question, parts)
        return 200, ephemeral(words) | ({"blocks": blocks} if blocks else {})
    except MalformedError as error:
        count(parts, f"malformed: {error}")
        return 400, None
    except (StoreError, RulesError, SecretError) as error:
        count(parts, type(error).__name__)
        return 200, ephemeral(AWAY)


def _answer(question: Asked, parts: Answering) -> Said:
    """The answer, and its blocks where it has buttons. Raises StoreError, RulesError, SecretError.

    Where several of our channels are this one (by its name and by its id), it is each of them.
    """
    word, rest = [*question.text.split(maxsplit=1), "", ""][:2]
    answer = COMMANDS.get(word.lower() or "help")
    if answer is None:
        return briefs.unknown(word), []
    known = parts.store.archive.backlog(parts.now()).channels
    here = frozenset(each.name for each in known if each.channel_id == question.channel)
    if not here:
        return briefs.NOT_HERE, []
    return answer(rest, here, parts)


def _help(rest: str, here: frozenset[str], parts: Answering) -> Said:  # noqa: ARG001
    return briefs.HELP, []


def _status(rest: str, here: frozenset[str], parts: Answering) -> Said:  # noqa: ARG001
    return briefs.status(health(parts)), []


def _last(rest: str, here: frozenset[str], parts: Answering) -> Said:
    many = rest or str(LAST)
    if not (many.isascii() and many.isdigit() and len(many) < 4 and 1 <= int(many) <= MOST):
        return f"`last` takes a number from 1 to {MOST}, such as `/trailbell last 5`.", []
    return _listed(AlertQuery(), int(many), here, parts, "No alert went to this channel yet.")


def _find(rest: str, here: frozenset[str], parts: Answering) -> Said:
    if len(rest) < SHORTEST_TEXT:
        return "`find` takes three characters or more, such as `/trailbell find alice`.", []
    query = AlertQuery(text=rest[:256])
    return _listed(query, LAST, here, parts, "No alert of this channel has that text.")


def _mutes(rest: str, here: frozenset[str], parts: Answering) -> Said:  # noqa: ARG001
    found = lasting(parts.store.mutes.in_force(), parts.now())
    return briefs.mutes([mute for mute in found if mute.channel in here])


def _listed(
    query: AlertQuery, most: int, here: frozenset[str], parts: Answering, none: str
) -> Said:
    found: list[Alert] = []
    more = False
    for alert in _told(query, here, parts):
        if alert is None or len(found) == most:
            more = True
            break
        found.append(alert)
    return briefs.listed(found, parts.public_url(), none, more), []


def _told(query: AlertQuery, here: frozenset[str], parts: Answering) -> Iterator[Alert | None]:
    """Alerts that people in the channel could read, the newest first, while there is time; at the
    end None where there was not enough for all.
    """
    end = time.monotonic() + SEARCH_SECONDS
    cursor: str | None = None
    while True:
        page = parts.store.archive.search(query, PAGE, cursor)
        for stored in page.alerts:
            if any(each.channel in here and was_told(each) for each in stored.deliveries):
                yield stored.alert
        cursor = page.next_cursor
        if cursor is None:
            return
        if time.monotonic() > end:
            yield None
            return


COMMANDS: dict[str, Callable[[str, frozenset[str], Answering], Said]] = {
    "help": _help,
    "status": _status,
    "last": _last,
    "find": _find,
    "mutes": _mutes,
}
