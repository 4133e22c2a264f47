"""How long a generated test runs: a little in `make test`, in full in `make soak`."""

from __future__ import annotations

import os

from hypothesis import settings

SOAK = bool(os.environ.get("TRAILBELL_SOAK"))


def examples(few: int, many: int) -> int:
    """`many` where TRAILBELL_SOAK is set, as `make soak` does, else `few`."""
    return many if SOAK else few


def configure() -> None:
    """What holds for generated tests that say nothing else, before the first is read: the same in
    each `make test`, anew at random in `make soak`.
    """
    settings.register_profile(
        "here", max_examples=examples(40, 1_000), derandomize=not SOAK, deadline=None
    )
    settings.load_profile("here")
