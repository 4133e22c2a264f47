"""A whisper: what one person in a channel is told, which nobody else sees (chat.postEphemeral)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Whisper:
    """A text, in mrkdwn, for a user in a channel, by their ids."""

    channel: str
    user: str
    text: str

    def arguments(self) -> dict[str, str]:
        """As chat.postEphemeral takes it."""
        return {**asdict(self), "link_names": "false", "parse": "none"}

    def as_json(self) -> dict[str, str]:
        """As an event carries it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Any) -> Self | None:
        """What an event carries; None where that is no whisper."""
        if not isinstance(stored, dict):
            return None
        texts = [stored.get(name) for name in ("channel", "user", "text")]
        return cls(*map(str, texts)) if all(isinstance(text, str) for text in texts) else None
