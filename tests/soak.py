"""How long a generated test runs: a little in `make test`, in full in `make soak`."""

from __future__ import annotations

import os


def examples(few: int, many: int) -> int:
    """`many` where TRAILBELL_SOAK is set, as `make soak` does, else `few`."""
    return many if os.environ.get("TRAILBELL_SOAK") else few
