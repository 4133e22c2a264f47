"""The routes: each reads its parameters, asks the store once, and answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps

from chalice.app import Chalice, Request, Response

from chalicelib.alerts.outbox import CursorError, StoreError
from chalicelib.secrets import secret
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

Clock = Callable[[], datetime]
_log = logging.getLogger(__name__)


class NothingThereError(LookupError):
    """No alert and no asset has this name."""


def utc_now() -> datetime:
    """The clock of the API."""
    return datetime.now(UTC)


def register(app: Chalice, program: Callable[[], Program], clock: Clock = utc_now) -> None:
    """Serve the API and the page from `app`, behind one guard.

    `program` is asked at every request, since the environment may differ between them.
    """
    guard = Guard(lambda: secret(program().settings.api_token, clock()))
    app.register_middleware(guard, "http")
    _register_page(app)
    _register_alerts(app, program)
    _register_state(app, program, guard, clock)


def _register_page(app: Chalice) -> None:
    @_get(app, "/")
    def shell(request: Request) -> Response:
        path = request.context.get("path", "/")
        return answer_text(page.shell(path), page.HTML, request)

    @_get(app, "/assets/{name}")
    def asset(request: Request, name: str) -> Response:
        if name not in page.ASSETS:
            raise NothingThereError
        return answer_text(page.asset(name), page.ASSETS[name], request)

    @_get(app, "/openapi.json")
    def openapi(request: Request) -> Response:
        return answer_json(document(), request)


def _register_alerts(app: Chalice, program: Callable[[], Program]) -> None:
    @_get(app, "/alerts")
    def alerts(request: Request) -> Response:
        values = read_parameters(LIST, request.query_params)
        found = program().store.search(alert_query(values), values["limit"], values["cursor"])
        return answer_json(views.page_view(found), request)

    @_get(app, "/alerts/{alert_id}")
    def alert(request: Request, alert_id: str) -> Response:
        read_parameters((), request.query_params)
        stored = program().store.get(alert_id)
        if stored is None:
            raise NothingThereError
        body = views.detailed(stored, program().ruleset.rules, program().settings.slack_api_url)
        return answer_json(body, request)

    @_get(app, "/alerts.csv")
    def alerts_csv(request: Request) -> Response:
        values = read_parameters(ROWS, request.query_params)
        exported = export(program().store, alert_query(values), values["limit"], values["cursor"])
        response = answer_text(exported.text, CONTENT_TYPE, request)
        response.headers.update(exported.headers)
        return response


def _register_state(
    app: Chalice, program: Callable[[], Program], guard: Guard, clock: Clock
) -> None:
    @_get(app, "/summary")
    def summary(request: Request) -> Response:
        values = read_parameters(HOURS, request.query_params)
        since, until = _span(clock(), values["hours"])
        counts = program().store.summary(since, until)
        return answer_json(views.summary_view(counts, since, until), request)

    @_get(app, "/rules")
    def rules(request: Request) -> Response:
        read_parameters((), request.query_params)
        watched = [views.rule_view(rule) for rule in program().ruleset.rules]
        return answer_json({"rules": watched}, request)

    @_get(app, "/health")
    def health(request: Request) -> Response:
        read_parameters((), request.query_params)
        found = program().health()
        body = views.health_view(found, details=guard.admits(request))
        return answer_json(body, request, 503 if body["status"] == "red" else 200)


def _span(now: datetime, hours: int) -> tuple[datetime, datetime]:
    """Whole hours, the one that is running included."""
    until = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return until - timedelta(hours=hours), until


def _get(app: Chalice, path: str) -> Callable[[Callable[..., Response]], None]:
    """Register a GET route whose errors become answers."""

    def register(handler: Callable[..., Response]) -> None:
        @wraps(handler)
        def answering(**parts: str) -> Response:
            try:
                return handler(_request(app), **parts)
            except (ParameterError, CursorError) as error:
                return answer_error(400, str(error))
            except NothingThereError:
                return answer_error(404)
            except StoreError:
                _log.exception("The store cannot answer %s", path)
                return answer_error(503)

        app.route(path, methods=["GET"])(answering)

    return register


def _request(app: Chalice) -> Request:
    request = app.current_request
    if request is None:
        raise LookupError("a handler was called outside a request")
    return request
