"""The made account is the same for a seed, and its misdeeds are told."""

from __future__ import annotations

from bench import made_account
from bench.made_trail import Trail
from bench.misdeeds import MISDEEDS, misdeeds
from chalicelib.rules.rule import Severity


def test_a_seed_makes_the_same_account() -> None:
    first, again, other = (list(Trail(seed).day(0)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_every_misdeed_is_told_at_medium_or_above_within_a_minute() -> None:
    played, hidden = made_account.play(seed=4, days=1)
    by_event = {alert.event_id: alert for alert in played.alerts.values()}
    assert len(hidden) == len(MISDEEDS) == 12
    for event_id in hidden:
        alert = by_event[event_id]
        assert alert.severity.rank >= Severity.MEDIUM.rank
        assert played.told_after[alert.alert_id] <= made_account.TOLD_WITHIN_SECONDS


def test_misdeeds_are_of_different_kinds() -> None:
    assert len({record["eventName"] for record in misdeeds(Trail(1), 30)}) == 12
