"""A receiver of the webhook over real sockets: it checks signatures, and does what it is told."""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from chalicelib.webhook.signature import key_of, signed
from tests.reliability.proof import Entry

SECRET = "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the published example's

# What it does besides taking a request: some after it took it, so that nobody knows.
FAULTS = ("500", "503", "drop_before", "drop_after", "reset", "slow", "partial", "429")
# Of these it says that it took nothing, or nobody can know.
_UNTAKEN = {"429", "drop_before", "400", "401", "404", "410", "413", "302"}
_STATUS = {"429", "500", "503", "400", "401", "404", "410", "413", "302"}


def findings_of(body: Any) -> list[dict[str, Any]]:
    """The findings of a request's body: one, or a list of them."""
    return body if isinstance(body, list) else [body]


@dataclass
class Receiver:
    """What it was sent, in order: `journal` has an entry for each request, with what came of it.

    `choose` says what it does with the request of that number; without it all is well. An entry is
    `taken` where the receiver keeps it, whatever it answers.
    """

    choose: Callable[[int], str] | None = None
    secret: str = SECRET
    slow_seconds: float = 0.4
    clock: Callable[[], float] = time.time
    journal: list[Entry] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, headers: dict[str, str], body: bytes) -> str:
        """Keep a request; what is to be done with it."""
        with self._lock:
            behaviour = self.choose(len(self.journal)) if self.choose else "ok"
            said = self._checked(headers, body) if behaviour not in ("drop_before",) else []
            self.journal.append(
                {
                    "at": self.clock(),
                    "behaviour": behaviour,
                    "taken": behaviour not in _UNTAKEN,
                    "id": headers["webhook-id"],
                    "findings": said,
                }
            )
        return behaviour

    def _checked(self, headers: dict[str, str], body: bytes) -> list[dict[str, Any]]:
        timestamp = int(headers["webhook-timestamp"])
        expected = signed(key_of(self.secret), headers["webhook-id"], timestamp, body)
        assert headers["webhook-signature"] == expected
        return findings_of(json.loads(body))


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers["content-length"]))
        self.server.receiver.paths.append(self.path)
        behaviour = self.server.receiver.note(headers, body)
        if behaviour in ("drop_before", "drop_after"):
            self._hang_up(reset=False)
        elif behaviour == "reset":
            self._hang_up(reset=True)
        elif behaviour == "slow":
            time.sleep(self.server.receiver.slow_seconds)
        elif behaviour == "partial":
            self.wfile.write(b"HTTP/1.1 2")  # no status yet
            self._hang_up(reset=False)
        else:
            self._answer(int(behaviour) if behaviour in _STATUS else 204)

    def _answer(self, status: int) -> None:
        self.send_response(status)
        if status == 429:
            self.send_header("Retry-After", "2")
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _hang_up(self, *, reset: bool) -> None:
        self.wfile.flush()
        if reset:
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        else:
            with suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True
        self.connection.close()

    def finish(self) -> None:
        with suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Nothing: the journal tells it."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver = receiver

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Who hangs up is no error of ours."""


@contextmanager
def receiving(receiver: Receiver, certificate: Path | None = None) -> Iterator[str]:
    """Its address while it listens; with TLS where it has a certificate."""
    with _Server(receiver) as server:
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            scheme = "https" if certificate else "http"
            yield f"{scheme}://127.0.0.1:{server.server_address[1]}/trailbell?token=example"
        finally:
            server.shutdown()
            thread.join()
