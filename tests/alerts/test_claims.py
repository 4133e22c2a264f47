"""Claims: how long they are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.alerts.claims import LIFE, Claims
from chalicelib.alerts.held_memory import HeldMemory
from chalicelib.alerts.memory import Place

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


class Dated(HeldMemory):
    """Notes until when the last set that was swapped is kept."""

    until = NOW

    def swap(
        self, place: Place, before: frozenset[str], after: frozenset[str], until: datetime
    ) -> bool:
        """See Memory."""
        self.until = until
        return super().swap(place, before, after, until)


def claim(memory: HeldMemory, at: datetime) -> None:
    claims = Claims(memory, "rule.group", NOW)
    claims.read()
    assert claims.add(f"{at:%H}", int(at.timestamp()), "alert")


def test_another_claim_does_not_have_those_before_it_forgotten_earlier() -> None:
    memory = Dated()
    ahead = NOW + timedelta(hours=20)
    claim(memory, ahead)
    claim(memory, NOW - timedelta(days=3))
    assert memory.until == ahead + LIFE
