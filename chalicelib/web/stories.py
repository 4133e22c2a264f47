"""Who did what, as stories: the actors of a list with their sessions, and one session in order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import Any

from chalicelib.alerts.archive import AlertPage, AlertQuery, Archive
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.alerts.sessions import LONGEST, Session, sessions_of, who
from chalicelib.web import views

# One request looks at so many alerts, a page of the list at a time.
MOST, PAGE = 600, 200


def actors_view(archive: Archive, query: AlertQuery, cursor: str | None) -> dict[str, Any]:
    """The actors of the newest alerts that the query finds, who was last there first; each with
    its sessions. `next_cursor` goes on where there are more alerts.
    """
    found, last = _newest(archive, query, cursor)
    by_whom: dict[tuple[str, str], list[Session]] = defaultdict(list)
    for session in sessions_of(stored.alert for stored in found):
        by_whom[who(session.alerts[0])].append(session)
    return {
        "actors": [_actor(sessions) for sessions in by_whom.values()],  # the latest session first
        "next_cursor": last.next_cursor,
        "searched_until": views.as_json(last.searched_until),
    }


def session_view(archive: Archive, of: StoredAlert) -> dict[str, Any]:
    """The session that an alert is of: what was done in order, the oldest first. `more` where it
    holds more alerts than one request looks at.
    """
    alert = of.alert
    query = AlertQuery(
        actor=(alert.actor,),
        account=(alert.account_id,) if alert.account_id else (),
        since=alert.event_time - LONGEST,
        until=alert.event_time + LONGEST,
    )
    found, last = _newest(archive, query, None)
    by_id = {stored.alert.alert_id: stored for stored in (of, *found)}
    own = [each.alert for each in by_id.values() if who(each.alert) == who(alert)]
    session = next(
        each for each in sessions_of(own) if alert.alert_id in {one.alert_id for one in each.alerts}
    )
    return {
        "session": _summed([session]) | {"id": session.id},
        "alerts": [views.list_view(by_id[each.alert_id]) for each in session.alerts],
        "more": last.next_cursor is not None,
    }


def _newest(
    archive: Archive, query: AlertQuery, cursor: str | None
) -> tuple[list[StoredAlert], AlertPage]:
    """As many alerts as one request looks at, and the last page of them."""
    found: list[StoredAlert] = []
    page = AlertPage(alerts=())
    for page in _pages(archive, query, cursor):
        found += page.alerts
        if len(found) >= MOST or page.searched_until:
            break
    return found, page


def _pages(archive: Archive, query: AlertQuery, cursor: str | None) -> Iterator[AlertPage]:
    while True:
        page = archive.search(query, PAGE, cursor)
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return


def _actor(sessions: Sequence[Session]) -> dict[str, Any]:
    shown = [_counted(session) | {"id": session.id} for session in sessions]
    return _summed(sessions) | {"sessions": shown}


def _summed(sessions: Sequence[Session]) -> dict[str, Any]:
    """Who it is, as the newest alert has it, and all of these together."""
    alerts = (alert for each in reversed(sessions) for alert in each.alerts)
    whole = Session(tuple(sorted(alerts, key=attrgetter("event_time"))))
    newest = whole.alerts[-1]
    return {
        "principal": newest.principal or newest.actor,
        "actor": newest.actor,
        "actor_type": newest.actor_type,
        "actor_detail": newest.actor_detail,
        "account_id": newest.account_id,
        "account_name": newest.account_name,
        **_counted(whole),
    }


def _counted(session: Session) -> dict[str, Any]:
    return {
        "alerts": len(session.alerts),
        "refused": session.refused,
        "highest": session.highest.value,
        "first": views.as_json(session.first),
        "last": views.as_json(session.last),
        "source_ips": list(session.addresses),
    }
