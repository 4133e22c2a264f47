"""Many calls a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

THREADS = 8

T = TypeVar("T")
R = TypeVar("R")


def chunks(values: Sequence[T], size: int) -> list[Sequence[T]]:
    return [values[start : start + size] for start in range(0, len(values), size)]


def in_threads(call: Callable[[T], R], values: Iterable[T]) -> list[R]:
    """The results in order; a few at a time. The first error ends it."""
    some = list(values)
    if len(some) < 2:
        return [call(value) for value in some]
    with ThreadPoolExecutor(min(THREADS, len(some))) as threads:
        return list(threads.map(call, some))
