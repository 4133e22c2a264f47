"""What each route answers: it reads its parameters, asks the store once, and answers.

Imported at the first request: the functions that serve none should not pay for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalice.app import Request, Response

from chalicelib.alerts.archive import CursorError
from chalicelib.alerts.outbox import StoreError
from chalicelib.rules.place import RulesError
from chalicelib.rules.rule import Rule
from chalicelib.web import page, views
from chalicelib.web.answer import answer_error, answer_json, answer_text
from chalicelib.web.auth import Guard
from chalicelib.web.export import CONTENT_TYPE, export
from chalicelib.web.openapi import document
from chalicelib.web.parameters import (
    HOURS,
    LIST,
    ROWS,
    ParameterError,
    alert_query,
    read_parameters,
)
from chalicelib.web.program import Program

_log = logging.getLogger(__name__)


class NothingThereError(LookupError):
    """No alert and no asset has this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looking:
    """One request and what it looks into."""

    request: Request
    program: Program
    guard: Guard
    now: datetime


def answer(name: str, looking: Looking, parts: dict[str, str]) -> Response:
    """The answer of the route with this name; its errors become answers."""
    try:
        return ANSWERS[name](looking, **parts)
    except (ParameterError, CursorError) as error:
        return answer_error(400, str(error))
    except NothingThereError:
        return answer_error(404)
    except (StoreError, RulesError):
        _log.exception("The store or the rules cannot answer %s", name)
        return answer_error(503)


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
    values = read_parameters(LIST, looking.request.query_params)
    found = looking.program.store.search(alert_query(values), values["limit"], values["cursor"])
    return answer_json(views.page_view(found), looking.request)


def _alert(looking: Looking, alert_id: str) -> Response:
    read_parameters((), looking.request.query_params)
    program = looking.program
    stored = program.store.get(alert_id)
    if stored is None:
        raise NothingThereError
    body = views.detailed(stored, _in_force(program), program.settings.slack_api_url)
    return answer_json(body, looking.request)


def _in_force(program: Program) -> tuple[Rule, ...]:
    """None while the rules cannot be loaded: what was stored is still told, and health is red."""
    try:
        return program.ruleset.rules
    except RulesError:
        return ()


def _alerts_csv(looking: Looking) -> Response:
    values = read_parameters(ROWS, looking.request.query_params)
    query = alert_query(values)
    exported = export(looking.program.store, query, values["limit"], values["cursor"])
    response = answer_text(exported.text, CONTENT_TYPE, looking.request)
    response.headers.update(exported.headers)
    return response


def _summary(looking: Looking) -> Response:
    values = read_parameters(HOURS, looking.request.query_params)
    since, until = _span(looking.now, values["hours"])
    counts = looking.program.store.summary(since, until)
    return answer_json(views.summary_view(counts, since, until), looking.request)


def _rules(looking: Looking) -> Response:
    read_parameters((), looking.request.query_params)
    watched = [views.rule_view(rule) for rule in looking.program.ruleset.rules]
    return answer_json({"rules": watched}, looking.request)


def _health(looking: Looking) -> Response:
    read_parameters((), looking.request.query_params)
    found = looking.program.health()
    body = views.health_view(found, details=looking.guard.admits(looking.request))
    return answer_json(body, looking.request, 503 if body["status"] == "red" else 200)


def _span(now: datetime, hours: int) -> tuple[datetime, datetime]:
    """Whole hours, the one that is running included."""
    until = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return until - timedelta(hours=hours), until


ANSWERS: dict[str, Callable[..., Response]] = {
    "shell": _shell,
    "asset": _asset,
    "openapi": _openapi,
    "alerts": _alerts,
    "alert": _alert,
    "alerts_csv": _alerts_csv,
    "summary": _summary,
    "rules": _rules,
    "health": _health,
}
