"""The page behind a gateway of our own: at the root, or under a stage path as in AWS."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from chalice.local import LambdaEventConverter, LocalChalice, RouteMatcher

from chalicelib.web.api import Clock, register
from tests.web.conftest import Program


@dataclass
class Served:
    """A running page: where it is, what was asked of it, and whether it works."""

    program: Program
    url: str = ""
    asked: list[str] = field(default_factory=list)
    failing: int = 0  # a status to answer everything but the shell with
    sent: int = 0  # bytes of bodies
    # What to answer in place of the program, by the path before the query: a body, or one that is
    # not ours as (status, type, text).
    instead: dict[str, Any] = field(default_factory=dict)


class Gateway(BaseHTTPRequestHandler):
    """Turns a request into the event that API Gateway makes of it."""

    protocol_version = "HTTP/1.1"
    app: LocalChalice
    stage: str
    served: Served

    def __getattr__(self, name: str) -> Callable[[], None]:
        # http.server looks for do_GET, do_POST and so on.
        if name.startswith("do_"):
            return self._answer
        raise AttributeError(name)

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))) or None
        path = self.path.removeprefix(self.stage)
        path = path if path.startswith("/") else f"/{path}"
        self.served.asked.append(path)
        if self.served.failing and not path.startswith(("/assets", "/?")) and path != "/":
            return self._send(self.served.failing, {}, b'{"code":"unavailable","message":"Later."}')
        if (other := self._instead(path)) is not None:
            status, kind, text = other
            return self._send(status, {"Content-Type": kind}, text.encode())
        converter = LambdaEventConverter(RouteMatcher(list(self.app.routes)))
        try:
            event = converter.create_lambda_event(self.command, path, dict(self.headers), body)
        except ValueError:
            return self._send(403, {}, b'{"message":"Missing Authentication Token"}')
        event["requestContext"]["path"] = self.path.split("?")[0]
        answer = self.app(event, None)
        return self._send(answer["statusCode"], answer["headers"], _body(answer))

    def _instead(self, path: str) -> tuple[int, str, str] | None:
        answer = self.served.instead.get(path.split("?")[0])
        if answer is None or isinstance(answer, tuple):
            return answer
        return 200, "application/json", json.dumps(answer)

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.served.sent += len(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Quiet."""


@contextmanager
def serving(program: Program, clock: Clock, stage: str = "") -> Iterator[Served]:
    """The page on a port of its own, under `stage` ("" or "/api")."""
    app = LocalChalice(app_name="trailbell")
    register(app, lambda: program, clock)
    served = Served(program)
    handler = type("Handler", (Gateway,), {"app": app, "stage": stage, "served": served})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    served.url = f"http://127.0.0.1:{server.server_port}{stage}/"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield served
    finally:
        server.shutdown()
        server.server_close()


def _body(answer: dict[str, Any]) -> bytes:
    body = answer["body"]
    if answer.get("isBase64Encoded"):
        return base64.b64decode(body)
    return body if isinstance(body, bytes) else str(body).encode()
