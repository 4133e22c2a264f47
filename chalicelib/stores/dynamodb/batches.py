"""Many calls a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import current_thread
from typing import TypeVar

THREADS = 8
_NAME = "call beside others"

T = TypeVar("T")
R = TypeVar("R")


def chunks(values: Sequence[T], size: int) -> list[Sequence[T]]:
    return [values[start : start + size] for start in range(0, len(values), size)]


def in_threads(call: Callable[[T], R], values: Iterable[T]) -> list[R]:
    """The results in order; a few at a time. The first error ends it."""
    some = list(values)
    if len(some) < 2 or current_thread().name.startswith(_NAME):  # it is one of a few already
        return [call(value) for value in some]
    with ThreadPoolExecutor(min(THREADS, len(some)), thread_name_prefix=_NAME) as threads:
        return list(threads.map(call, some))
