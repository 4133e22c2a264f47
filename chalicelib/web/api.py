"""The routes, behind one guard. What they answer is in lookup.py, imported at the first request."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from chalice.app import Chalice, Request, Response

from chalicelib.parameters import secret
from chalicelib.web.answer import answer_posted
from chalicelib.web.auth import Guard, Signing, body_of
from chalicelib.web.routes import ROUTES, Route
from chalicelib.web.signature import SIGNATURE, key_of

if TYPE_CHECKING:
    from chalicelib.web.program import Program

Clock = Callable[[], datetime]


def register(app: Chalice, program: Callable[[], Program], clock: Clock) -> None:
    """Serve the API and the page from `app`, behind one guard.

    `program` is asked at every request, since the environment may differ between them.
    """
    signing = Signing(
        secret=lambda: program().signing_secret(),
        now=clock,
        refused=lambda why: program().refused(why),
    )
    guard = Guard(lambda: secret(program().settings.api_token, clock()), signing)
    app.register_middleware(guard, "http")

    def current() -> Request:
        if app.current_request is None:
            raise LookupError("a handler was called outside a request")
        return app.current_request

    def looking(route: Route) -> Callable[..., Response]:
        def answering(**parts: str) -> Response:
            from chalicelib.web.lookup import Looking, answer

            looking = Looking(request=current(), program=program(), guard=guard, now=clock())
            return answer(route, looking, parts)

        return answering

    def actions() -> Response:
        key = key_of(current().headers.get(SIGNATURE, ""))
        return answer_posted(*program().clicked(body_of(current()) or b"", key))

    def commands() -> Response:
        return answer_posted(*program().asked(body_of(current()) or b""))

    signed = {"actions": actions, "commands": commands}
    for route in ROUTES:
        handler = signed.get(route.name) or looking(route)
        types = {"content_types": [route.takes]} if route.takes else {}
        app.route(route.path, methods=list(route.methods), **types)(handler)
