"""The routes, behind one guard. What they answer is in lookup.py, imported at the first request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from chalice.app import Chalice, Response

from chalicelib.parameters import secret
from chalicelib.web.auth import Guard
from chalicelib.web.routes import ROUTES, Route

if TYPE_CHECKING:
    from chalicelib.web.program import Program

Clock = Callable[[], datetime]


def register(app: Chalice, program: Callable[[], Program], clock: Clock) -> None:
    """Serve the API and the page from `app`, behind one guard.

    `program` is asked at every request, since the environment may differ between them.
    """
    guard = Guard(lambda: secret(program().settings.api_token, clock()))
    app.register_middleware(guard, "http")

    def handler(route: Route) -> Callable[..., Response]:
        def answering(**parts: str) -> Response:
            from chalicelib.web.lookup import Looking, answer

            if app.current_request is None:
                raise LookupError("a handler was called outside a request")
            looking = Looking(
                request=app.current_request, program=program(), guard=guard, now=clock()
            )
            return answer(route, looking, parts)

        return answering

    for route in ROUTES:
        app.route(route.path, methods=list(route.methods))(handler(route))
