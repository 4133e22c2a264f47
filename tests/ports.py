"""A port of this machine that nobody listens on, and whether a server answers."""

from __future__ import annotations

import socket
from urllib.error import HTTPError
from urllib.request import urlopen


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Whether a server is up that answers there with 200."""
    try:
        with urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except HTTPError as error:
        error.close()  # else its socket is found open at any time later
        return False
    except OSError:
        return False
