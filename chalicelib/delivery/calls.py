"""Calls: the requests that are under way beside each other, one a channel at most."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from typing import Any, Protocol


class Call(Protocol):
    """A request that was started."""

    @property
    def is_done(self) -> bool:
        """Whether its answer is there."""

    def result(self) -> Any:
        """What came of it, once it is done. Raises what it raised."""


class Calls(Protocol):
    """What makes requests while others are under way."""

    def start(self, make: Callable[[], Any]) -> Call:
        """Begin one. Who starts them sees to it that they are few."""

    def wait(self, calls: Collection[Call], seconds: float) -> None:
        """Until one of them is done, for so many seconds at most."""


class Threads:
    """Each call in a thread of its own: a daemon, so that none holds up the process's end."""

    def __init__(self) -> None:
        self._answered = threading.Condition()

    def start(self, make: Callable[[], Any]) -> Call:
        """See Calls."""
        call = _Threaded(make, self._answered)
        threading.Thread(target=call.run, name="a channel's request", daemon=True).start()
        return call

    def wait(self, calls: Collection[Call], seconds: float) -> None:
        """See Calls."""
        with self._answered:
            self._answered.wait_for(lambda: any(call.is_done for call in calls), seconds)


class _Threaded:
    def __init__(self, make: Callable[[], Any], answered: threading.Condition) -> None:
        self._make = make
        self._answered = answered
        self._result: Any = None
        self._error: BaseException | None = None
        self.is_done = False

    def run(self) -> None:
        try:
            self._result = self._make()
        except BaseException as error:  # whatever it is, who started it is told
            self._error = error
        with self._answered:
            self.is_done = True
            self._answered.notify_all()

    def result(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._result


# This process's: all that it knows of a call is in the call.
THREADS = Threads()
