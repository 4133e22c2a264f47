"""A webhook's receiver that redirects, never ends or is not who it says: over real sockets."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.delivery import exchange
from chalicelib.delivery.outcome import Outcome, OutcomeKind
from chalicelib.webhook.client import CALL_SECONDS, WebhookTransport
from tests.ports import free_port
from tests.reliability.hostile import (
    BROKEN_TLS,
    LONG,
    OK,
    SLOW,
    Answer,
    Certificates,
    Host,
    endlessly,
    hosting,
    once,
    redirect,
    relaying,
    saying,
    silently,
    with_broken_tls,
)
from tests.reliability.proof import FULL, figure
from tests.webhook.receiver import SECRET

LIMIT = CALL_SECONDS if FULL else 0.4
SPARE_SECONDS = 1.0 if FULL else 3.0
PAYLOAD = {"channel": "webhook", "id": "msg_1", "body": {"message": "a canary sings"}}
SENT, AMBIGUOUS = OutcomeKind.SENT, OutcomeKind.AMBIGUOUS
# Its status is there, whatever comes behind it: it was taken.
TAKEN: dict[str, Answer] = {
    "no body at all": once(b"HTTP/1.1 204 No Content\r\n\r\n"),
    "garbage for a body": once(OK, b"Content-Length: 9\r\n\r\n\xff\xfe<html>\x00"),
    "a body that breaks off": once(OK, b"Content-Length: 1000\r\n\r\n{"),
    "a body that drags on": endlessly(OK + b"Content-Length: 99999\r\n\r\n", b" ", every=0.05),
    "200 MB": LONG["200 MB, said beforehand"],
    "200 MB in chunks": LONG["200 MB in chunks"],
    "a body until it hangs up, which it never does": LONG[
        "a body until it hangs up, which it never does"
    ],
    "trailers without end": LONG["trailers without end"],
    "chunks that are none": once(OK, b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"),
}
# No status is known: it may have taken the request before.
OPEN: dict[str, Answer] = {
    "nothing at all": silently,
    "hangs up at once": lambda connection, _: connection.close(),
    "half a status": once(b"HTTP/1.1 2"),
    "no HTTP": once(b"SSH-2.0-OpenSSH_9.6\r\n"),
    "a status of letters": once(b"HTTP/1.1 okay fine\r\n\r\n"),
    "a status of four digits": once(b"HTTP/1.1 2000 OK\r\n\r\n"),
    "headers without end": LONG["headers without end"],
    "one header without end": LONG["one header without end"],
    "interim answers without end": LONG["interim answers without end"],
    "a byte of the head now and then": SLOW["a byte of the head now and then"],
    "a header now and then": SLOW["a header now and then"],
    "an interim answer now and then": SLOW["an interim answer now and then"],
    "an error, slowly": once(b"HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n"),
}


def posted(url: str, kind: str) -> Outcome:
    """One request to it, within its time; what came of it is printed."""
    began = time.monotonic()
    outcome = WebhookTransport(url, SECRET, call_seconds=LIMIT).post(PAYLOAD)
    took = time.monotonic() - began
    figure(
        "a hostile webhook",
        kind=kind,
        outcome=outcome.kind.value,
        reason=outcome.reason,
        seconds=round(took, 2),
        limit=LIMIT,
    )
    assert took < LIMIT + SPARE_SECONDS
    said = json.dumps([outcome.reason, outcome.ts])
    assert SECRET not in said
    assert "canary" not in said
    return outcome


@pytest.mark.parametrize("kind", TAKEN)
def test_webhook_that_said_so_took_it_whatever_comes_behind(kind: str) -> None:
    host = saying(TAKEN[kind])
    with hosting(host) as port:
        assert posted(f"http://127.0.0.1:{port}/in", kind).kind is SENT
    assert host.connections == 1


@pytest.mark.parametrize("kind", OPEN)
def test_webhook_without_a_status_leaves_the_request_in_doubt_in_time(kind: str) -> None:
    host = saying(OPEN[kind])
    with hosting(host) as port:
        assert posted(f"http://127.0.0.1:{port}/in", kind).kind is AMBIGUOUS
    assert host.connections == 1


@pytest.mark.parametrize("to_itself", [False, True], ids=["elsewhere", "to itself"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_webhook_redirects_are_followed_nowhere(status: int, to_itself: bool) -> None:
    other = saying(once(OK, b"Content-Length: 0\r\n\r\n"))
    with hosting(other) as elsewhere:
        host = saying(lambda connection, over: answer(connection, over))
        with hosting(host) as port:
            answer = redirect(status, f"http://127.0.0.1:{port if to_itself else elsewhere}/in")
            outcome = posted(f"http://127.0.0.1:{port}/in", f"redirects by {status}")
    assert outcome.kind is OutcomeKind.DESTINATION_REFUSED
    assert (host.connections, other.connections, other.heard) == (1, 0, b"")


def test_webhook_that_nobody_serves_surely_took_nothing() -> None:
    outcome = posted(f"http://127.0.0.1:{free_port()}/in", "nobody listens")
    assert (outcome.kind, outcome.reason) == (OutcomeKind.NOT_POSTED, "ConnectionRefusedError")


@pytest.fixture
def certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Certificates]:
    """An authority that this process trusts, for as long as the test takes."""
    made = Certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    exchange._certificates.cache_clear()
    yield made
    exchange._certificates.cache_clear()


FINE = once(OK, b"Content-Length: 0\r\n\r\n")


def test_webhook_with_a_good_certificate_is_told(certificates: Certificates) -> None:
    host = saying(FINE, certificates.signed("127.0.0.1"))
    with hosting(host) as port:
        assert posted(f"https://127.0.0.1:{port}/in", "good TLS").kind is SENT
    assert b"canary" in host.heard


@pytest.mark.parametrize("kind", BROKEN_TLS)
def test_webhook_whose_tls_is_broken_hears_nothing(kind: str, certificates: Certificates) -> None:
    host = with_broken_tls(certificates, kind, FINE)
    with hosting(host) as port:
        outcome = posted(f"https://127.0.0.1:{port}/in", kind)
    assert outcome.kind is OutcomeKind.NOT_POSTED
    assert (host.connections, host.heard) == (1, b"")


def test_webhook_behind_a_proxy_is_told_and_the_proxy_hears_nothing(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    host = saying(FINE, certificates.signed("example.com"))
    proxy = Host(answer=silently)
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with hosting(host) as port, hosting(proxy) as between:
        proxy.answer = relaying(proxy, port)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{between}")
        assert posted("https://example.com/in?token=example", "by a proxy").kind is SENT
    assert b"canary" in host.heard
    assert b"canary" not in proxy.heard
    assert b"token" not in proxy.heard
