"""How AWS's answers about the way to us are judged, check by check."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.monitoring.answers import Answered, Finding
from chalicelib.monitoring.coverage import SILENT_AFTER, Way, check_way
from chalicelib.monitoring.expected import Expectations, Expected
from chalicelib.monitoring.notes import Source
from chalicelib.monitoring.pattern_check import Wanted
from chalicelib.monitoring.steps import STEPS
from chalicelib.monitoring.upstream import Delivery, Filter, Trail, UnaskedError, UpstreamError
from chalicelib.rules.rule import Rule, Severity

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
ARN = "arn:aws:cloudtrail:eu-central-1:111122223333:trail/example"
TRAIL = Trail(ARN, "cloudtrail")
SOURCE = Source(log_group=TRAIL.log_group, trail=TRAIL.arn)
PATTERN = '{($.eventName="StopLogging")}'
RULES = [
    Rule(
        id="trail-stopped",
        title="t",
        severity=Severity.HIGH,
        pattern='{ $.eventName = "StopLogging" }',
    )
]
OURS = Filter("trailbell-dev", "arn:…:function:trailbell-dev-ingest_logs", True, PATTERN)
ELSEWHERE = Filter("trailbell-dev", "arn:…:function:other", False, PATTERN)


@dataclass
class Answers:
    """AWS's; all is well to begin with. What is `refused` it does not say."""

    there: list[Trail] = field(default_factory=lambda: [TRAIL])
    latest: datetime | None = NOW
    error: str = ""
    began: datetime | None = None
    unrecorded: tuple[str, ...] | None = ()
    filtered: dict[str, list[Filter]] = field(default_factory=lambda: {"cloudtrail": [OURS]})
    may_invoke: bool = True
    refused: tuple[str, ...] = ()
    stops_before: str = ""

    def trails(self) -> list[Trail]:
        self._asked("trails")
        return self.there

    def delivery(self, trail: Trail) -> Delivery:
        self._asked("delivery")
        return Delivery(self.latest, self.error, self.began)

    def left_out(self, trail: Trail) -> tuple[str, ...] | None:
        self._asked("left_out")
        return self.unrecorded

    def filters(self, log_group: str) -> list[Filter]:
        self._asked("filters")
        return self.filtered.get(log_group, [])

    def permitted(self) -> bool:
        self._asked("permitted")
        return self.may_invoke

    def _asked(self, what: str) -> None:
        if what in self.refused:
            raise UpstreamError(f"{what}: AccessDeniedException")
        if what == self.stops_before:
            raise UnaskedError(what)


def way(answers: Answers, **changes: Any) -> Way:
    whole = Way(
        upstream=answers,
        deployment="trailbell-dev",
        source=SOURCE,
        expectations=Expectations(Expected(), ""),
        wanted=lambda: Wanted(RULES),
        now=NOW,
    )
    return replace(whole, **changes)


def found(answers: Answers, **changes: Any) -> dict[str, Finding]:
    findings, _ = check_way(way(answers, **changes))
    return {finding.check: finding for finding in findings}


def wrong(answers: Answers, **changes: Any) -> dict[str, str]:
    """What fails, and how it is said."""
    every = found(answers, **changes).values()
    return {each.check: each.text for each in every if each.answered is not Answered.OK}


def test_where_records_reach_us_every_check_is_ok_and_their_source_is_known() -> None:
    findings, source = check_way(way(Answers(), source=None))
    assert {finding.answered for finding in findings} == {Answered.OK}
    assert [finding.check for finding in findings] == [
        "trail", "regions", "key", "recording", "delivery", "silence", "filter", "pattern",
        "permission",
    ]  # fmt: skip
    assert source == SOURCE
    assert {finding.check for finding in findings} <= set(STEPS)


def test_before_anything_hands_records_to_us_nothing_is_asked_for_nor_missing() -> None:
    findings, source = check_way(way(Answers(filtered={}), source=None))
    assert [(each.check, each.answered) for each in findings] == [("filter", Answered.UNASKED)]
    assert source is None


@pytest.mark.parametrize(
    ("answers", "check", "text"),
    [
        (Answers(there=[]), "trail", "No trail writes to cloudtrail any more."),
        (
            Answers(there=[replace(TRAIL, log_group="other")]),
            "trail",
            "example writes to other now, no longer to cloudtrail.",
        ),
        (
            Answers(error="AccessDenied", latest=None),
            "delivery",
            "CloudTrail cannot deliver to cloudtrail: AccessDenied.",
        ),
        (
            Answers(latest=NOW - SILENT_AFTER - timedelta(seconds=1)),
            "silence",
            "CloudTrail has delivered nothing to cloudtrail since 2026-01-02 02:34 UTC.",
        ),
        (
            Answers(latest=None),
            "silence",
            "CloudTrail has delivered nothing to cloudtrail yet.",
        ),
        (
            Answers(unrecorded=None),
            "recording",
            "example records no management events any more.",
        ),
        (
            Answers(filtered={}),
            "filter",
            "cloudtrail has no subscription filter to Trailbell any more.",
        ),
        (
            Answers(filtered={"cloudtrail": [ELSEWHERE]}),
            "filter",
            "The subscription filter trailbell-dev of cloudtrail goes to arn:…:function:other now,"
            " not to Trailbell.",
        ),
        (
            Answers(filtered={"cloudtrail": [OURS._replace(pattern='{ $.eventName = "A" }')]}),
            "pattern",
            "The subscription filter of cloudtrail was changed. Deaf now: trail-stopped.",
        ),
        (
            Answers(may_invoke=False),
            "permission",
            "CloudWatch Logs may not invoke Trailbell any more.",
        ),
    ],
)
def test_what_is_wrong_is_said_by_the_check_that_finds_it(
    answers: Answers, check: str, text: str
) -> None:
    assert wrong(answers) == {check: text}


@pytest.mark.parametrize("ago", [timedelta(), SILENT_AFTER])
def test_a_trail_that_began_to_record_just_now_has_nothing_to_say_yet(ago: timedelta) -> None:
    new = Answers(latest=None, began=NOW - ago)
    assert found(new)["silence"].text == (
        "CloudTrail has delivered nothing to cloudtrail yet: it began to record at"
        f" {NOW - ago:%Y-%m-%d %H:%M} UTC."
    )
    again = Answers(latest=NOW - timedelta(days=3), began=NOW - ago)  # it was stopped
    assert wrong(new) == wrong(again) == {}


def test_a_trail_that_began_to_record_long_ago_and_says_nothing_is_silent() -> None:
    old = Answers(latest=None, began=NOW - SILENT_AFTER - timedelta(seconds=1))
    assert set(wrong(old)) == {"silence"}


def test_a_trail_without_reads_may_be_still_for_a_night() -> None:
    still = Answers(latest=NOW - timedelta(hours=9), unrecorded=("reads",))
    silence = found(still)["silence"]
    assert silence == Finding(
        "silence",
        Answered.OK,
        "CloudTrail has delivered nothing to cloudtrail since 2026-01-01 18:04 UTC: without reads"
        " there may be nothing for long.",
    )


def test_a_trail_that_lost_its_reads_and_is_still_is_silent_too() -> None:
    seen = Expectations(Expected(deployed="monday", seen={"trail leaves out": "nothing"}), "monday")
    still = Answers(latest=NOW - timedelta(hours=9), unrecorded=("reads",))
    assert set(wrong(still, expectations=seen)) == {"silence", "recording"}


def test_of_two_filters_of_ours_the_wider_one_counts() -> None:
    narrow = OURS._replace(name="other", pattern='{ $.eventName = "A" }')
    for filters in ([OURS, narrow], [narrow, OURS]):
        assert wrong(Answers(filtered={"cloudtrail": filters})) == {}


def test_each_fault_is_found_beside_the_others() -> None:
    answers = Answers(latest=None, unrecorded=None, filtered={}, may_invoke=False)
    assert set(wrong(answers)) == {"silence", "recording", "filter", "permission"}


@pytest.mark.parametrize(
    ("expected", "trail", "check", "text"),
    [
        (
            {"trail regions": "every region"},
            replace(TRAIL, every_region=False),
            "regions",
            "example records one region alone now, no longer every region.",
        ),
        (
            {"trail key": "alias/trail"},
            replace(TRAIL, key="alias/other"),
            "key",
            "The KMS key of example is alias/other now, no longer alias/trail.",
        ),
        (
            {"trail key": "alias/trail"},
            TRAIL,
            "key",
            "The KMS key of example is nothing now, no longer alias/trail.",
        ),
    ],
)
def test_what_the_trail_was_like_it_should_be_like(
    expected: dict[str, str], trail: Trail, check: str, text: str
) -> None:
    before = Expectations(Expected(seen=expected), "")
    assert wrong(Answers(there=[trail]), expectations=before) == {check: text}


def test_what_the_first_check_sees_of_an_adopted_trail_is_as_it_should_be() -> None:
    trail = replace(TRAIL, every_region=False, key="alias/trail")
    answers = Answers(there=[trail], unrecorded=("kms.amazonaws.com", "reads"))
    expectations = Expectations(Expected(), "")
    assert wrong(answers, expectations=expectations) == {}
    assert expectations.changed == Expected(
        seen={
            "trail regions": "one region alone",
            "trail": ARN,
            "trail key": "alias/trail",
            "trail leaves out": "kms.amazonaws.com, reads",
        }
    )


@pytest.mark.parametrize(
    ("before", "now", "fails"),
    [
        ("nothing", ("reads",), True),
        ("kms.amazonaws.com", ("kms.amazonaws.com", "writes"), True),
        ("kms.amazonaws.com, reads", ("reads",), False),
        ("reads", (), False),
    ],
)
def test_a_trail_that_records_less_than_before_is_narrowed(
    before: str, now: tuple[str, ...], fails: bool
) -> None:
    expected = Expectations(Expected(seen={"trail leaves out": before}), "")
    assert ("recording" in wrong(Answers(unrecorded=now), expectations=expected)) is fails


OTHER = Trail(f"{ARN}-2", "other")


def test_a_trail_in_the_place_of_one_that_is_gone_is_the_source_and_is_told() -> None:
    before = Expectations(Expected(seen={"trail": ARN}), "")
    answers = Answers(there=[OTHER], filtered={"other": [OURS]})
    findings, source = check_way(way(answers, expectations=before))
    assert source == Source(log_group="other", trail=OTHER.arn)
    assert [each for each in findings if each.answered is not Answered.OK] == [
        Finding(
            "trail",
            Answered.LACKING,
            f"Records come from the trail {OTHER.arn} now, no longer from {ARN}.",
        )
    ]


def test_after_a_deployment_it_is_as_it_should_be() -> None:
    after = Expectations(Expected(deployed="monday", seen={"trail": ARN}), "tuesday")
    answers = Answers(there=[OTHER], filtered={"other": [OURS]})
    assert wrong(answers, expectations=after) == {}


def test_a_decoy_that_hands_records_to_us_hides_no_filter_that_is_gone() -> None:
    answers = Answers(there=[OTHER, TRAIL], filtered={"other": [OURS]})
    findings, source = check_way(way(answers))
    assert source == SOURCE
    assert "filter" in {each.check for each in findings if each.answered is Answered.FAILING}


def test_a_filter_that_is_not_ours_is_not_ours_to_judge() -> None:
    others = [Filter("theirs", "arn:…:function:theirs", False, ""), OURS]
    assert wrong(Answers(filtered={"cloudtrail": others})) == {}


@pytest.mark.parametrize(
    ("pattern", "pinned"),
    [
        ("", ""),
        ('{($.eventName="*")}', ""),
        ('{ $.eventName = "Mine" }', '{ $.eventName = "Mine" }'),
        (PATTERN, '{ $.eventName = "Mine" }'),
        ('{ $.eventName = "Other" }', '{ $.eventName = "Mine" }'),
    ],
)
def test_a_filter_that_keeps_nothing_from_a_rule_that_was_to_hear_it_is_no_fault(
    pattern: str, pinned: str
) -> None:
    answers = Answers(filtered={"cloudtrail": [OURS._replace(pattern=pattern)]})
    assert wrong(answers, wanted=lambda: Wanted(RULES, pinned)) == {}


def test_where_it_cannot_be_proved_a_rule_may_be_deaf() -> None:
    answers = Answers(filtered={"cloudtrail": [OURS._replace(pattern='"StopLogging"')]})
    assert "May be deaf: trail-stopped." in wrong(answers)["pattern"]


def test_many_deaf_rules_are_counted() -> None:
    rules = [replace(RULES[0], id=f"rule-{number}") for number in range(12)]
    answers = Answers(filtered={"cloudtrail": [OURS._replace(pattern='{ $.eventName = "A" }')]})
    said = wrong(answers, wanted=lambda: Wanted(rules))["pattern"]
    assert "rule-8, rule-9 and 2 more." in said


def test_while_the_rules_cannot_be_loaded_nobody_knows_what_they_want() -> None:
    def unloadable() -> Wanted:
        raise UpstreamError("mine.toml: no pattern")

    assert found(Answers(), wanted=unloadable)["pattern"] == Finding(
        "pattern", Answered.UNKNOWN, "mine.toml: no pattern"
    )


@pytest.mark.parametrize(
    ("refused", "checks"),
    [
        ("trails", {"trail"}),
        ("delivery", {"delivery"}),
        ("left_out", {"recording"}),
        ("filters", {"filter"}),
        ("permitted", {"permission"}),
    ],
)
def test_what_is_refused_makes_one_check_unknown_and_names_what_was_asked(
    refused: str, checks: set[str]
) -> None:
    findings = found(Answers(refused=(refused,))).values()
    assert {each.check for each in findings if each.answered is Answered.UNKNOWN} == checks
    assert not [each for each in findings if each.answered is Answered.FAILING]
    assert f"{refused}: AccessDeniedException" in [each.text for each in findings]


@pytest.mark.parametrize("unasked", ["trails", "delivery", "left_out", "filters", "permitted"])
def test_what_there_is_no_time_for_is_not_answered(unasked: str) -> None:
    assert wrong(Answers(stops_before=unasked)) == {}


def test_a_filter_that_may_not_be_looked_at_is_unknown_before_anything_was_heard_too() -> None:
    findings = found(Answers(refused=("filters",)), source=None)
    assert findings["filter"].answered is Answered.UNKNOWN
