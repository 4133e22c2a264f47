"""Outcome: what came of a call. cloudtrail/verdict.py says which."""

from __future__ import annotations

from enum import Enum


class Outcome(Enum):
    """What came of a call; UNKNOWN where what would say it cannot be read."""

    SUCCEEDED = "succeeded"
    REFUSED = "refused"
    FAILED = "failed"
    DRY_RUN = "dry_run"
    UNKNOWN = "unknown"
