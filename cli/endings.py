"""Every way to end `run`: a signal, a terminal that is closed, the process that started it; and
what a signal must leave clean elsewhere.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

LOOK_EVERY_SECONDS = 0.5
STANDARD_INPUT = 0


def heed(*, with_parent: bool) -> None:
    """From now on each of them is a KeyboardInterrupt in the main thread.

    A hang-up is left alone where it is ignored, as nohup has it. Two endings send no signal that
    reaches us: make was killed; make is the terminal's own process, which alone is told that the
    terminal was closed. They are looked for.
    """
    for ending in (signal.SIGINT, signal.SIGTERM):  # SIGINT is ignored where a shell says "&"
        signal.signal(ending, signal.default_int_handler)
    hangs_up = signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN
    if hangs_up:
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    has_terminal = hangs_up and os.isatty(STANDARD_INPUT)
    parent = os.getppid() if with_parent else None
    if has_terminal or parent:
        threading.Thread(target=_look, args=(has_terminal, parent), daemon=True).start()


@contextmanager
def terminated_cleanly() -> Iterator[None]:
    """Meanwhile SIGTERM is a KeyboardInterrupt: what lies in temporary folders goes with it."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def ignore() -> None:
    """Once is enough: what is ended now is not interrupted."""
    for ending in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)


def _look(has_terminal: bool, parent: int | None) -> None:
    never = threading.Event()
    while not never.wait(LOOK_EVERY_SECONDS):
        closed = has_terminal and not os.isatty(STANDARD_INPUT)
        if closed or (parent and os.getppid() != parent):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
            return
