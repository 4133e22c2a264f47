"""What is deployed, as one short text that every change of it changes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from chalicelib.settings import Settings

PACKAGE = Path(__file__).parents[1]
# Code, rules, and what the page consists of; not what Python makes of them.
SHIPPED = {".py", ".toml", ".json", ".html", ".css", ".js"}


@cache
def deployed(settings: Settings) -> str:
    """A digest of code, rules and settings. Its files' times say nothing: Lambda's are its own.

    A deployment that changes none of these changes nothing that a payload could fail by.
    """
    digest = hashlib.sha256(repr(settings).encode())
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix in SHIPPED:
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]
