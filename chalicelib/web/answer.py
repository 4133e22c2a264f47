"""Answers: JSON with an ETag, and errors that all have one shape."""

from __future__ import annotations

import json
from typing import Any

import orjson
from chalice.app import Request, Response

HeadersType = dict[str, str | list[str]]
# What an error says when nothing better is known; 500 and 503 never say more.
MESSAGES = {
    400: ("bad_request", "The request cannot be read."),
    401: ("unauthorized", "This needs the header 'Authorization: Bearer TOKEN'."),
    403: ("forbidden", "Who asks may not."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This takes what the header Allow names."),
    413: ("too_long", "This takes 64 KiB at most."),
    415: ("unsupported_media_type", "This takes another type of body."),
    500: ("internal_error", "Something went wrong; the log says what."),
    503: ("unavailable", "This cannot be answered now; try again in a minute."),
}
JSON_TYPE = "application/json; charset=utf-8"
SAYS_NOTHING = frozenset({401, 405, 500, 503})


def answer_json(body: Any, request: Request, status: int = 200) -> Response:
    """A JSON answer, or 304 where the request's If-None-Match has its ETag already."""
    text = dumps(body)
    return answer_text(text, JSON_TYPE, request, status)


def answer_text(text: str, content_type: str, request: Request, status: int = 200) -> Response:
    """A text of any type with an ETag, or 304."""
    import hashlib  # as in auth.py

    etag = f'"{hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]}"'
    headers: HeadersType = {"Content-Type": content_type, "ETag": etag, "Vary": "Authorization"}
    if status == 200 and _has(request.headers.get("if-none-match", ""), etag):
        return Response(body="", headers=headers, status_code=304)
    return Response(body=text, headers=headers, status_code=status)


def answer_posted(status: int, body: dict[str, Any] | None = None) -> Response:
    """What Slack is answered: nothing, or words for who asked; an error as any other."""
    if status >= 400:
        return answer_error(status)
    text = "" if body is None else dumps(body)
    return Response(body=text, headers={"Content-Type": JSON_TYPE}, status_code=status)


def answer_error(status: int, message: str | None = None, challenge: str = "Bearer") -> Response:
    """`{"code", "message"}` with that status; `challenge` is what a 401 asks for."""
    code, default = MESSAGES[status]
    body = dumps({"code": code, "message": message or default})
    headers: HeadersType = {"Content-Type": JSON_TYPE}
    if status == 401:
        headers["WWW-Authenticate"] = challenge
    return Response(body=body, headers=headers, status_code=status)


def in_our_shape(response: Response) -> Response:
    """An error of Chalice's own (`{"Code", "Message"}`), rewritten; others as they are."""
    if response.status_code < 400 or not isinstance(response.body, (dict, str)):
        return response
    if isinstance(response.body, str) and response.headers.get("Content-Type") != "text/plain":
        return response
    status = response.status_code if response.status_code in MESSAGES else 500
    ours = answer_error(status, None if status in SAYS_NOTHING else _message(response.body))
    allow = response.headers.get("Allow")
    if allow:
        ours.headers["Allow"] = allow
    return ours


def dumps(body: Any) -> str:
    """Compact JSON; escaped where a text holds half a surrogate pair, which UTF-8 cannot."""
    try:
        return orjson.dumps(body).decode()
    except TypeError:
        return json.dumps(body, separators=(",", ":"))


def _message(body: Any) -> str | None:
    message = body.get("Message") if isinstance(body, dict) else None
    return message if isinstance(message, str) else None


def _has(if_none_match: str, etag: str) -> bool:
    presented = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag in presented or presented == {"*"}
