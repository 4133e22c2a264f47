"""The queue that tells of the trail's files, where a stage has one."""

from __future__ import annotations

import re
from collections.abc import Mapping

VARIABLE = "TRAILBELL_FILES"
OFF = "off"


def files_queue(env: Mapping[str, str]) -> str | None:
    """The queue's name, as TRAILBELL_FILES says it; None where that is off. Raises ValueError."""
    name = env.get(VARIABLE) or OFF
    if name == OFF:
        return None
    if re.fullmatch(r"[A-Za-z0-9_-]{1,80}", name):
        return name
    raise ValueError(f"{VARIABLE} is {name!r}; it takes {OFF} or a queue's name in this account")
