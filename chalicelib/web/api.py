"""The routes, behind one guard. What they answer is in lookup.py, imported at the first request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from chalice.app import Chalice, Response

from chalicelib.parameters import secret
from chalicelib.web.auth import Guard

if TYPE_CHECKING:
    from chalicelib.web.program import Program

Clock = Callable[[], datetime]
# Each path and the name of its answer. All take GET; auth.py says which need no token.
ROUTES = {
    "/": "shell",
    "/assets/{name}": "asset",
    "/openapi.json": "openapi",
    "/alerts": "alerts",
    "/alerts/{alert_id}": "alert",
    "/alerts.csv": "alerts_csv",
    "/summary": "summary",
    "/rules": "rules",
    "/health": "health",
}


def utc_now() -> datetime:
    """The clock of the API."""
    return datetime.now(UTC)


def register(app: Chalice, program: Callable[[], Program], clock: Clock = utc_now) -> None:
    """Serve the API and the page from `app`, behind one guard.

    `program` is asked at every request, since the environment may differ between them.
    """
    guard = Guard(lambda: secret(program().settings.api_token, clock()))
    app.register_middleware(guard, "http")

    def handler(name: str) -> Callable[..., Response]:
        def answering(**parts: str) -> Response:
            from chalicelib.web.lookup import Looking, answer

            if app.current_request is None:
                raise LookupError("a handler was called outside a request")
            looking = Looking(
                request=app.current_request, program=program(), guard=guard, now=clock()
            )
            return answer(name, looking, parts)

        return answering

    for path, name in ROUTES.items():
        app.route(path, methods=["GET"])(handler(name))
