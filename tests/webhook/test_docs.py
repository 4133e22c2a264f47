"""The receiver of docs/webhook.md, run as it stands, takes what Trailbell sends."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chalicelib.delivery.outcome import OutcomeKind
from chalicelib.webhook.body import composer
from chalicelib.webhook.client import WebhookTransport
from tests.ports import free_port
from tests.stores.factories import alert, post
from tests.webhook.receiver import SECRET

PAGE = Path(__file__).parents[2] / "docs" / "webhook.md"
OTHER = "whsec_" + "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"


def code() -> str:
    (found,) = re.findall(r"<!-- receiver -->\n```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return str(found)


@contextmanager
def running(port: int) -> Iterator[subprocess.Popen[str]]:
    chosen = {**os.environ, "WEBHOOK_SECRET": SECRET, "PORT": str(port)}
    with subprocess.Popen(
        [sys.executable, "-c", code()],
        env=chosen,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as receiver:
        try:
            _await(port)
            yield receiver
        finally:
            receiver.terminate()


def _await(port: int) -> None:
    ends = time.monotonic() + 20
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)


def test_the_receiver_has_twenty_lines() -> None:
    lines = [line for line in code().splitlines() if line.strip()]
    assert len(lines) <= 20


def test_the_receiver_takes_what_is_signed_with_its_secret_and_nothing_else() -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    compose = composer()
    one = compose(post(alert(1)), [alert(1)], form=0, possible_repeat=False)
    many = compose(post(alert(2), alert(3)), [alert(2), alert(3)], form=0, possible_repeat=True)
    with running(port) as receiver:
        refused = WebhookTransport(url, OTHER).post(one)
        outcomes = [WebhookTransport(url, SECRET).post(each) for each in (one, many)]
        assert receiver.stdout
        said = [receiver.stdout.readline().strip() for _ in range(3)]
    assert (refused.kind, refused.reason) == (OutcomeKind.DESTINATION_REFUSED, "HTTP 401")
    assert [outcome.kind for outcome in outcomes] == [OutcomeKind.SENT] * 2
    again = "High A trail was stopped (possible repeat)"
    assert said == ["High A trail was stopped", again, again]
