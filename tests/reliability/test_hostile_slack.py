"""A Slack that redirects, never ends or is not who it says: each call over real sockets."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from chalicelib.delivery import exchange
from chalicelib.delivery.outcome import Outcome, OutcomeKind
from chalicelib.slack.client import CALL_SECONDS, SlackTransport
from tests.reliability.hostile import (
    BROKEN_TLS,
    LONG,
    OK,
    SLOW,
    Certificates,
    Host,
    hosting,
    once,
    redirect,
    relaying,
    saying,
    silently,
    with_broken_tls,
)
from tests.reliability.proof import FULL, figure
from tests.slack.stub import payload

TOKEN = "xoxb" + "-canary"
LIMIT = CALL_SECONDS if FULL else 0.4
# What a busy machine may add to the limit.
SPARE_SECONDS = 1.0 if FULL else 3.0
MEMORY_MIB = 8
TAKEN = b'{"ok": true, "channel": "C012AB3CD", "ts": "1.000001"}'
FINE = once(OK + b"Content-Length: %d\r\n\r\n" % len(TAKEN) + TAKEN)
POST_TO_EACH = """
import json, sys
from pathlib import Path
from chalicelib.slack.client import SlackTransport
token, fine, *hostile = sys.argv[1:]
def peak_kib():  # of this program alone: what getrusage says begins with its parent's
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:"))
def post(url):
    return SlackTransport(token, api_url=url).post({"channel": "C012AB3CD", "text": "hello"})
assert post(fine).kind.value == "sent"
before = peak_kib()
kinds = [post(url).kind.value for url in hostile]
print(json.dumps({"mib": (peak_kib() - before) / 1024, "kinds": sorted(set(kinds))}))
"""


def posted(url: str, kind: str) -> Outcome:
    """One post to it, within its time; what came of it is printed."""
    began = time.monotonic()
    outcome = SlackTransport(TOKEN, api_url=url, call_seconds=LIMIT).post(payload())
    took = time.monotonic() - began
    figure(
        "a hostile Slack",
        kind=kind,
        outcome=outcome.kind.value,
        reason=outcome.reason,
        seconds=round(took, 2),
        limit=LIMIT,
    )
    assert took < LIMIT + SPARE_SECONDS
    return outcome


@pytest.mark.parametrize("to_itself", [False, True], ids=["elsewhere", "to itself"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirecting_slack_is_answered_by_nobody_else(status: int, to_itself: bool) -> None:
    other = saying(FINE)
    with hosting(other) as elsewhere:
        host = saying(lambda connection, over: answer(connection, over))
        with hosting(host) as port:
            to = port if to_itself else elsewhere
            answer = redirect(status, f"http://127.0.0.1:{to}/api/chat.postMessage")
            outcome = posted(f"http://127.0.0.1:{port}/api/", f"redirects by {status}")
    surely_not = status in (307, 308)  # they ask for the same request elsewhere
    assert outcome.kind is (OutcomeKind.NOT_POSTED if surely_not else OutcomeKind.AMBIGUOUS)
    assert (host.connections, other.connections, other.heard) == (1, 0, b"")


@pytest.mark.parametrize("kind", [*LONG, *SLOW])
def test_a_slack_that_never_ends_leaves_the_post_in_doubt_in_time(kind: str) -> None:
    host = saying({**LONG, **SLOW}[kind])
    with hosting(host) as port:
        outcome = posted(f"http://127.0.0.1:{port}/api/", kind)
    assert outcome.kind is OutcomeKind.AMBIGUOUS
    assert host.connections == 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, which is Linux's")
def test_no_answer_takes_more_memory_than_it_may() -> None:
    with ExitStack() as stack:
        ports = [stack.enter_context(hosting(saying(each))) for each in (FINE, *LONG.values())]
        urls = [f"http://127.0.0.1:{port}/api/" for port in ports]
        done = subprocess.run(
            [sys.executable, "-c", POST_TO_EACH, TOKEN, *urls],
            cwd=Path(__file__).parent.parent.parent,
            capture_output=True,
            text=True,
            check=True,
        )
    told = json.loads(done.stdout)
    figure("memory for a hostile Slack", kinds=len(LONG), mib=round(told["mib"], 1))
    assert told["kinds"] == ["ambiguous"]
    assert told["mib"] < MEMORY_MIB


@pytest.fixture
def certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Certificates]:
    """An authority that this process trusts, for as long as the test takes."""
    made = Certificates(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.authority))
    exchange._certificates.cache_clear()
    yield made
    exchange._certificates.cache_clear()


def test_a_slack_with_a_good_certificate_is_told(certificates: Certificates) -> None:
    host = saying(FINE, certificates.signed("127.0.0.1"))
    with hosting(host) as port:
        assert posted(f"https://127.0.0.1:{port}/api/", "good TLS").kind is OutcomeKind.SENT
    assert TOKEN.encode() in host.heard


@pytest.mark.parametrize("kind", BROKEN_TLS)
def test_a_slack_whose_tls_is_broken_never_hears_the_token(
    kind: str, certificates: Certificates
) -> None:
    host = with_broken_tls(certificates, kind, FINE)
    with hosting(host) as port:
        outcome = posted(f"https://127.0.0.1:{port}/api/", kind)
    assert outcome.kind is OutcomeKind.NOT_POSTED
    assert (host.connections, host.heard) == (1, b"")


def test_a_slack_that_breaks_off_after_the_request_leaves_the_post_in_doubt(
    certificates: Certificates,
) -> None:
    host = saying(lambda connection, _: connection.close(), certificates.signed("127.0.0.1"))
    with hosting(host) as port:
        outcome = posted(f"https://127.0.0.1:{port}/api/", "breaks off after the request")
    assert outcome.kind is OutcomeKind.AMBIGUOUS


def test_a_proxy_carries_the_post_and_never_hears_the_token(
    certificates: Certificates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its own certificate it is the host that was asked for, whoever carried it."""
    host = saying(FINE, certificates.signed("example.com"))
    proxy = Host(answer=silently)
    for variable in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with hosting(host) as port, hosting(proxy) as between:
        proxy.answer = relaying(proxy, port)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{between}")
        assert posted("https://example.com/api/", "by a proxy").kind is OutcomeKind.SENT
    assert TOKEN.encode() in host.heard
    assert proxy.heard.startswith(b"CONNECT example.com:443 ")
    assert TOKEN.encode() not in proxy.heard
