"""The one HTTP middleware: who may ask, and what every answer of ours carries."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalice.app import Request, Response

from chalicelib.web.answer import answer_error, in_our_shape
from chalicelib.web.routes import ROUTES, Access
from chalicelib.web.signature import wrong_with

# What needs no token, or Slack's signature in its place. All else does, whether it is a route of
# ours or not.
PUBLIC = frozenset(route.path for route in ROUTES if route.access is Access.PUBLIC)
SIGNED = frozenset(route.path for route in ROUTES if route.access is Access.SIGNED)
NOT_SIGNED = "This needs Slack's signature."
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
    " img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Signing:
    """What requests of Slack are known by: the app's signing secret and our clock; `refused` is
    told why one was not, in a word.
    """

    secret: Callable[[], str | None]
    now: Callable[[], datetime]
    refused: Callable[[str], None]


class Guard:
    """Lets a request through to a public route, with the token, which `token` returns, or to a
    signed route with the signature of `signing`.

    Where `token` returns None or raises, nobody is let in by it. Where there is no signing secret,
    a signed route is not there.
    """

    def __init__(self, token: Callable[[], str | None], signing: Signing | None = None) -> None:
        self._token = token
        self._signing = signing

    def __call__(
        self, request: Request | None, get_response: Callable[[Any], Response]
    ) -> Response:
        """Chalice calls this round every HTTP handler, known route and method or not."""
        response = self._refusal(request) or get_response(request)
        response = in_our_shape(response)
        response.headers.update(SECURITY_HEADERS)
        return response

    def admits(self, request: Request) -> bool:
        """Whether the request carries the token; False where that cannot be known."""
        return bool(self._admits(request))

    def _admits(self, request: Request) -> bool | None:
        presented = bearer_token(request.headers.get("authorization", ""))
        try:
            expected = self._token()
        except Exception:
            # Whatever it was, it must neither let someone in nor answer without our headers.
            _log.exception("The API token cannot be read")
            return None
        if not expected or not presented:
            return False
        return _same(presented, expected)

    def _refusal(self, request: Request | None) -> Response | None:
        if request is not None and request.path in PUBLIC:
            return None
        if request is not None and request.path in SIGNED:
            return self._unsigned(request)
        admitted = request is not None and self._admits(request)
        if admitted is None:
            return answer_error(503)
        return None if admitted else answer_error(401)

    def _unsigned(self, request: Request) -> Response | None:
        """What is answered where Slack did not sign it; None where it did."""
        try:
            secret = self._signing.secret() if self._signing else None
        except Exception:
            _log.exception("The signing secret cannot be read")
            return answer_error(503)
        if not self._signing or not secret:
            return answer_error(404)
        body = body_of(request)
        if body is None:
            wrong, status = "no body", 400
        else:
            wrong, status = wrong_with(secret, request.headers, body, self._signing.now())
        if not wrong:
            return None
        self._signing.refused(wrong)
        if status == 401:
            return answer_error(401, NOT_SIGNED, challenge="Slack")
        return answer_error(status)


def body_of(request: Request) -> bytes | None:
    """The bytes as they were sent; None where API Gateway's base64 is none."""
    try:
        body = request.raw_body
    except ValueError:
        return None
    return body if isinstance(body, bytes) else body.encode()


def bearer_token(authorization: str) -> str:
    """The token of an Authorization header, or "" where it has none.

    The scheme is written in any case (RFC 9110, section 11.1).
    """
    scheme, _, token = authorization.partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _same(presented: str, expected: str) -> bool:
    """Whether two tokens are the same, in a time that does not tell how much of them is."""
    # Imported here: OpenSSL is a tenth of a cold start, and three of four functions serve no page.
    import hashlib
    import hmac

    def digest(token: str) -> bytes:  # of one length, whatever was presented
        return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()

    return hmac.compare_digest(digest(presented), digest(expected))
