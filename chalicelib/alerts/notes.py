"""Notes: what Trailbell remembers of itself, a small JSON object under each key."""

from __future__ import annotations

from typing import Any, Protocol


class Notes(Protocol):
    """What keeps them. Raises StoreError."""

    def note(self, key: str, value: dict[str, Any]) -> None:
        """Keep one small JSON object under a key; the last writer wins."""

    def noted(self, key: str) -> dict[str, Any] | None:
        """What was noted last."""
