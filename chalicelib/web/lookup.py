"""What each route answers: its parameters are read, it asks the archive once, and answers.

Imported at the first request: the functions that serve none should not pay for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chalice.app import Request, Response

from chalicelib.alerts.archive import CursorError
from chalicelib.alerts.mutes import lasting
from chalicelib.alerts.outbox import StoredAlert, StoreError
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Rule
from chalicelib.web import page, views
from chalicelib.web.answer import answer_error, answer_json, answer_text
from chalicelib.web.auth import Guard
from chalicelib.web.charts import chart_view
from chalicelib.web.export import CONTENT_TYPE, export
from chalicelib.web.openapi import document
from chalicelib.web.parameters import GROUPS, ParameterError, alert_query, read_parameters
from chalicelib.web.program import Program
from chalicelib.web.routes import Route
from chalicelib.web.stories import actors_view, session_view

_log = logging.getLogger(__name__)


class NothingThereError(LookupError):
    """No alert and no asset has this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """One request and what it looks into; `values` are those of its route's parameters."""

    request: Request
    program: Program
    guard: Guard
    now: datetime
    values: Mapping[str, Any] = field(default_factory=dict)


def answer(route: Route, looking: Looking, parts: dict[str, str]) -> Response:
    """What the route answers, given the parts of its path; its errors become answers."""
    try:
        looking = replace(looking, values=_values(route, looking.request))
        return ANSWERS[route.name](looking, **parts)
    except (ParameterError, CursorError) as error:
        return answer_error(400, str(error))
    except NothingThereError:
        return answer_error(404)
    except (StoreError, RulesError):
        _log.exception("The store or the rules cannot answer %s", route.name)
        return answer_error(503)


def _values(route: Route, request: Request) -> Mapping[str, Any]:
    if route.parameters is None:
        return {}
    return read_parameters(GROUPS[route.parameters], request.query_params)


def _shell(looking: Looking) -> Response:
    path = looking.request.context.get("path", "/")
    return answer_text(page.shell(path), page.HTML, looking.request)


def _asset(looking: Looking, name: str) -> Response:
    if name not in page.ASSETS:
        raise NothingThereError
    return answer_text(page.asset(name), page.ASSETS[name], looking.request)


def _openapi(looking: Looking) -> Response:
    return answer_json(document(), looking.request)


def _alerts(looking: Looking) -> Response:
    values = looking.values
    found = looking.program.archive.search(alert_query(values), values["limit"], values["cursor"])
    return answer_json(views.page_view(found), looking.request)


def _alert(looking: Looking, alert_id: str) -> Response:
    program = looking.program
    stored = _listed(looking, alert_id)
    mute_id = next((each.mute_id for each in stored.deliveries if each.mute_id), None)
    mute = program.mutes.get(mute_id) if mute_id else None
    body = views.detailed(stored, _in_force(program), program.message_url, mute)
    return answer_json(body, looking.request)


def _listed(looking: Looking, alert_id: str) -> StoredAlert:
    """The alert, where lists have it. Raises NothingThereError."""
    stored = looking.program.archive.get(alert_id)
    if stored is None or stored.alert.notice:
        raise NothingThereError
    return stored


def _mutes(looking: Looking) -> Response:
    mutes = looking.program.mutes
    found = lasting(mutes.in_force(), looking.now)
    counted = [(mute, mutes.hidden(mute.mute_id)) for mute in found]
    return answer_json(views.mutes_view(counted), looking.request)


def _in_force(program: Program) -> tuple[Rule, ...]:
    """Empty while the rules cannot be loaded: what was stored is still shown, and health is red."""
    try:
        return program.ruleset.rules
    except RulesError:
        return ()


def _alerts_csv(looking: Looking) -> Response:
    values = looking.values
    query = alert_query(values)
    exported = export(looking.program.archive, query, values["limit"], values["cursor"])
    response = answer_text(exported.text, CONTENT_TYPE, looking.request)
    response.headers.update(exported.headers)
    return response


def _summary(looking: Looking) -> Response:
    since, until = _span(looking.now, looking.values["hours"])
    counts = looking.program.archive.summary(since, until)
    return answer_json(views.summary_view(counts, since, until), looking.request)


def _charts(looking: Looking) -> Response:
    since, until = _span(looking.now, looking.values["hours"])
    counts = looking.program.archive.summary(since, until)
    return answer_json(chart_view(counts, since, until), looking.request)


def _actors(looking: Looking) -> Response:
    values = looking.values
    found = actors_view(looking.program.archive, alert_query(values), values["cursor"])
    return answer_json(found, looking.request)


def _session(looking: Looking, alert_id: str) -> Response:
    stored = _listed(looking, alert_id)
    return answer_json(session_view(looking.program.archive, stored), looking.request)


def _rules(looking: Looking) -> Response:
    program = looking.program
    ids = [rule.id for rule in (*program.ruleset.rules, *program.ruleset.off)]
    last = program.archive.last_matched(ids, looking.now)
    return answer_json(views.rules_view(program.ruleset, last), looking.request)


def _health(looking: Looking) -> Response:
    found = looking.program.health()
    body = views.health_view(found, details=looking.guard.admits(looking.request))
    return answer_json(body, looking.request, 503 if body["status"] == "red" else 200)


def _span(now: datetime, hours: int) -> tuple[datetime, datetime]:
    """Whole hours, the one that is running included."""
    until = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return until - timedelta(hours=hours), until


# By the names that routes.py has for them.
ANSWERS: dict[str, Callable[..., Response]] = {
    "shell": _shell,
    "asset": _asset,
    "openapi": _openapi,
    "alerts": _alerts,
    "alert": _alert,
    "alerts_csv": _alerts_csv,
    "summary": _summary,
    "charts": _charts,
    "actors": _actors,
    "session": _session,
    "rules": _rules,
    "mutes": _mutes,
    "health": _health,
}
