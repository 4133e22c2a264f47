"""One HTTP request and its answer, within limits of time and length; a redirect is an answer.

Neither urllib's opener, which follows redirects and takes the token along, nor a default of its
own: the standard library's http.client, with TLS verified by the system's certificates (or those
that SSL_CERT_FILE names).
"""

from __future__ import annotations

import socket
import ssl
import threading
from base64 import b64encode
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection, IncompleteRead
from io import BufferedReader, RawIOBase
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

from chalicelib.delivery.http_times import time_of
from chalicelib.settings import is_loopback

# Head and body together. Slack's longest is a page of the history: 200 messages of a few KB each.
LONGEST_ANSWER = 1024 * 1024


class NotReachedError(Exception):
    """No connection stood, so the request was never sent; the text is the reason in a word."""


class TooLongError(Exception):
    """The answer is longer than LONGEST_ANSWER."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the host said, whatever its status; names of headers as it wrote them."""

    status: int
    headers: dict[str, str]
    body: str


class Exchange:
    """One request. `at` is the host's own time, from the answer's Date; None until it is known.
    `head` is the answer without its body, as soon as that is there, whatever becomes of the body.

    `proxy` carries https to other machines, as slack_sdk reads HTTPS_PROXY and its like: by a
    tunnel, so it sees the host's name and nothing of what is said. NO_PROXY is heeded.
    """

    def __init__(self, seconds: float) -> None:
        self.at: datetime | None = None
        self.head: Answer | None = None
        self._seconds = seconds
        self._gate = threading.Lock()
        self._socket: socket.socket | None = None
        self._began = False
        self._given_up = False

    def post(
        self, url: str, headers: dict[str, str], body: bytes | None, proxy: str | None
    ) -> Answer:
        """Send it and read the answer. Raises NotReachedError, and afterwards anything else."""
        address = urlsplit(url)
        with closing(self._reached(address, proxy)) as connection:
            target = (address.path or "/") + (f"?{address.query}" if address.query else "")
            connection.request("POST", target, body, {**headers, "Connection": "close"})
            with closing(connection.getresponse()) as response:
                return self._read(response)

    def give_up(self) -> bool:
        """End it, from another thread; whether the request may have been sent."""
        with self._gate:
            self._given_up = True
            if self._socket:
                with suppress(OSError):  # TLS has nothing to say to a peer that drags on
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
            return self._began

    def _reached(self, address: SplitResult, proxy: str | None) -> HTTPConnection:
        try:
            connection = _connection(address, proxy, self._seconds)
            _connect(connection)
        except (OSError, HTTPException, TooLongError, ValueError) as error:
            raise NotReachedError(type(error).__name__) from error
        with self._gate:
            self._began = not self._given_up
            self._socket = connection.sock
        if not self._began:
            connection.close()
            raise NotReachedError("given up")
        return connection

    def _read(self, response: HTTPResponse) -> Answer:
        self.at = time_of(response.getheader("Date"))
        self.head = Answer(response.status, dict(response.getheaders()), "")
        body = response.read(LONGEST_ANSWER)
        if response.length:
            raise IncompleteRead(body, response.length)
        return replace(self.head, body=body.decode(errors="replace"))


class _Response(HTTPResponse):
    """An answer of which no more than LONGEST_ANSWER bytes are read, its head among them."""

    def __init__(self, sock: socket.socket, *args: Any, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp = BufferedReader(_Limited(self.fp.detach()))


class _Limited(RawIOBase):
    """The bytes of a socket, up to LONGEST_ANSWER."""

    def __init__(self, whole: Any) -> None:
        self._whole = whole
        self._left = LONGEST_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._left <= 0:
            raise TooLongError(f"over {LONGEST_ANSWER} bytes")
        count: int | None = self._whole.readinto(memoryview(buffer)[: self._left])
        self._left -= count or 0
        return count

    def close(self) -> None:
        self._whole.close()
        super().close()


class _Plain(HTTPConnection):
    response_class = _Response


class _Verified(HTTPSConnection):
    response_class = _Response


def _connect(connection: HTTPConnection) -> None:
    try:
        connection.connect()
    except BaseException:  # a handshake that failed leaves the socket open
        connection.close()
        raise


def _connection(address: SplitResult, proxy: str | None, seconds: float) -> HTTPConnection:
    host = address.hostname or ""
    if address.scheme == "http":
        return _Plain(host, address.port, timeout=seconds)
    if not proxy or is_loopback(host) or _is_bypassed(host):
        return _Verified(host, address.port, timeout=seconds, context=_certificates())
    between = urlsplit(proxy if "//" in proxy else f"//{proxy}")
    connection = _Verified(
        between.hostname or "", between.port, timeout=seconds, context=_certificates()
    )
    connection.set_tunnel(host, address.port or 443, _authorization(between))
    return connection


def _is_bypassed(host: str) -> bool:
    """Whether NO_PROXY names the host."""
    # Imported here: it brings a dozen modules along, and few stand behind a proxy.
    from urllib.request import proxy_bypass

    return bool(proxy_bypass(host))


def _authorization(proxy: SplitResult) -> dict[str, str]:
    if not proxy.username:
        return {}
    words = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(words.encode()).decode()}"}


@cache
def _certificates() -> ssl.SSLContext:
    """Kept: reading the system's certificates takes longer than a call's other work."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
