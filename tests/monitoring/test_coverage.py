"""How AWS's answers are judged: at most one reason, and the first that explains the others."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.monitoring.coverage import SILENT_AFTER, Trail, ask
from chalicelib.monitoring.notes import Reason, Source

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TRAIL = Trail("arn:aws:cloudtrail:eu-central-1:111122223333:trail/example", "cloudtrail")
SOURCE = Source(log_group=TRAIL.log_group, trail=TRAIL.arn)


@dataclass
class Answers:
    """AWS's; all is well to begin with."""

    there: list[Trail] = field(default_factory=lambda: [TRAIL])
    latest: datetime | None = NOW
    error: str = ""
    filters: tuple[str, ...] = (TRAIL.log_group,)
    may_invoke: bool = True

    def trails(self) -> list[Trail]:
        return self.there

    def delivery(self, trail: Trail) -> tuple[datetime | None, str]:
        return self.latest, self.error

    def filtered(self, log_group: str) -> bool:
        return log_group in self.filters

    def permitted(self) -> bool:
        return self.may_invoke


def test_where_records_reach_us_there_is_no_reason_and_their_source_is_known() -> None:
    coverage = ask(Answers(), None, NOW)
    assert (coverage.reasons, coverage.source) == ((), SOURCE)


def test_before_anything_hands_records_to_us_there_is_no_source() -> None:
    coverage = ask(Answers(filters=()), None, NOW)
    assert (coverage.reasons, coverage.source) == ((), None)


@pytest.mark.parametrize(
    ("answers", "check", "text"),
    [
        (Answers(there=[]), "trail", "No trail writes to cloudtrail any more."),
        (
            Answers(error="AccessDenied", may_invoke=False),
            "delivery",
            "CloudTrail cannot deliver to cloudtrail: AccessDenied.",
        ),
        (
            Answers(latest=NOW - SILENT_AFTER - timedelta(seconds=1), filters=()),
            "silence",
            "CloudTrail has delivered nothing to cloudtrail since 2026-01-02 02:34 UTC.",
        ),
        (
            Answers(latest=None),
            "silence",
            "CloudTrail has delivered nothing to cloudtrail yet.",
        ),
        (
            Answers(filters=(), may_invoke=False),
            "filter",
            "cloudtrail has no subscription filter to Trailbell any more.",
        ),
        (
            Answers(may_invoke=False),
            "permission",
            "CloudWatch Logs may not invoke Trailbell any more.",
        ),
    ],
)
def test_the_first_check_that_fails_gives_the_reason(
    answers: Answers, check: str, text: str
) -> None:
    coverage = ask(answers, SOURCE, NOW)
    assert coverage.reasons == (Reason(check=check, since=NOW, text=text),)
    assert coverage.source == SOURCE


def test_the_trail_whose_log_group_is_handed_to_us_is_the_source() -> None:
    other = Trail(f"{TRAIL.arn}-2", "other")
    coverage = ask(Answers(there=[TRAIL, other], filters=("other",)), SOURCE, NOW)
    assert coverage.source == Source(log_group="other", trail=other.arn)
