"""What Slack is answered: a status, and words for who asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Parts

Answer = tuple[int, dict[str, Any] | None]
NOTHING: Answer = (200, None)


def ephemeral(words: str) -> dict[str, Any]:
    """An answer that only who asked sees. Slack shows it of a command; of a button it does not,
    where it is for whoever stands in Slack's place.
    """
    return {"response_type": "ephemeral", "replace_original": False, "text": words}


def count(parts: Parts, why: str) -> None:
    """Leave of what was refused a count and a reason, and nothing else."""
    parts.log.say("refused", of="slack", reason=why, count=1)
