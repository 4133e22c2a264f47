"""Many handlers at once in virtual time: threads that take turns by one clock, so that a run is the
same each time.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

from tests.delivery.world import Clock


class SharedClock(Clock):
    """A clock of several threads: whoever lets time pass waits until it has for all of them."""

    def __init__(self) -> None:
        super().__init__()
        self._turns = threading.Condition()
        self._tickets = count()
        self._due: list[tuple[float, int]] = []
        self._is_taken = True
        self._is_aside = False

    def play(self, *acts: tuple[float, Callable[[], None]]) -> None:
        """Let each begin after so many seconds, and wait for all to end. Raises what they raise."""
        errors: list[BaseException] = []
        threads = [
            threading.Thread(target=self._act, args=(at + self.passed, act, errors), daemon=True)
            for at, act in acts
        ]
        for thread in threads:
            thread.start()
        with self._turns:
            self._turns.wait_for(lambda: len(self._due) == len(threads))
            self._leave()
        for thread in threads:
            thread.join()
        self._is_taken = True
        for error in errors:
            raise error

    def advance(self, seconds: float) -> None:
        if self._is_aside:
            super().advance(seconds)
            return
        with self._turns:
            self._leave()
            self._enter(self.passed + seconds)

    @contextmanager
    def aside(self) -> Iterator[None]:
        self._is_aside = True
        try:
            with super().aside():
                yield
        finally:
            self._is_aside = False

    def _act(self, at: float, act: Callable[[], None], errors: list[BaseException]) -> None:
        with self._turns:
            self._enter(at)
        try:
            act()
        except BaseException as error:
            errors.append(error)
        finally:
            with self._turns:
                self._leave()

    def _enter(self, at: float) -> None:
        ticket = (at, next(self._tickets))
        heapq.heappush(self._due, ticket)
        self._turns.notify_all()
        self._turns.wait_for(lambda: not self._is_taken and self._due[0] == ticket)
        heapq.heappop(self._due)
        self._is_taken = True
        super().advance(max(at - self.passed, 0.0))

    def _leave(self) -> None:
        self._is_taken = False
        self._turns.notify_all()
