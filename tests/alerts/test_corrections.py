from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.alerts.corrections import LONGEST_CHANGES, amended, completed
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.rule import Severity
from tests.delivery.world import alert

KEPT = alert(1, Severity.CRITICAL, own_id="own", text="alice stopped the trail main")


def addendum(own_id: str = "first", **changes: Any) -> Alert:
    values = {"own_id": own_id, "event_id": "a-1", "of_addendum": True, **changes}
    return replace(KEPT, **values)


def failed(**changes: Any) -> Alert:
    """An addendum that takes the call back."""
    values = {
        "severity": Severity.LOW, "outcome": Outcome.FAILED, "error_code": "TrailNotFoundException",
        "title": "Failed: CloudTrail stopped", "text": "alice failed to stop the trail main",
    }  # fmt: skip
    return addendum(**{**values, **changes})


def test_an_addendum_adds_what_it_says_and_says_what_it_changed() -> None:
    after = amended(KEPT, addendum(source_ip="192.0.2.99", mfa=True))
    assert (after.source_ip, after.mfa) == ("192.0.2.99", True)
    assert after.changes == "the address from 192.0.2.7 to 192.0.2.99; MFA from not known to yes"
    assert after.text == f"alice stopped the trail main (corrected: {after.changes})"
    assert (after.event_id, after.own_id, after.of_addendum) == (KEPT.event_id, "own", False)


def test_an_addendum_lowers_nothing() -> None:
    low = addendum(severity=Severity.LOW, rule_id="low", rule_ids=("low",), title="Less")
    after = amended(KEPT, low)
    assert (after.severity, after.title, after.rule_id) == (
        Severity.CRITICAL, KEPT.title, KEPT.rule_id,
    )  # fmt: skip
    assert after.rule_ids == (*KEPT.rule_ids, "low")
    assert after.changes == ""


def test_an_addendum_may_raise_and_then_leads() -> None:
    kept = replace(KEPT, severity=Severity.LOW, outcome=Outcome.REFUSED, runbook="Ask.")
    high = addendum(severity=Severity.HIGH, rule_id="high", rule_ids=("high",), title="Much")
    after = amended(kept, high)
    assert (after.severity, after.title, after.outcome) == (
        Severity.HIGH, "Much", Outcome.SUCCEEDED,
    )  # fmt: skip
    assert (after.rule_ids, after.runbook) == (("high", *KEPT.rule_ids), "Ask.")
    assert after.changes == ("the outcome from refused to succeeded; the severity from low to high")


@pytest.mark.parametrize("refused_first", [True, False])
def test_a_title_is_of_what_came_of_the_call_and_the_severity_the_higher(
    refused_first: bool,
) -> None:
    worked = addendum(severity=Severity.LOW, title="Usual", rule_id="usual", rule_ids=("usual",))
    refused = replace(worked, outcome=Outcome.REFUSED, severity=Severity.MEDIUM, own_id="other")
    refused = replace(refused, title="A change was refused", rule_id="r", rule_ids=("r",))
    after = amended(refused, worked) if refused_first else amended(worked, refused)
    assert (after.outcome, after.title) == (Outcome.SUCCEEDED, "Usual")
    assert (after.severity, after.rule_ids) == (Severity.MEDIUM, ("usual", "r"))


@pytest.mark.parametrize("severity", [Severity.LOW, Severity.CRITICAL])
def test_what_came_of_a_call_is_never_taken_back(severity: Severity) -> None:
    after = amended(KEPT, failed(severity=severity))
    assert (after.outcome, after.error_code, after.title) == (Outcome.SUCCEEDED, "", KEPT.title)
    assert after.text.startswith("alice stopped the trail main (corrected: the outcome from")
    assert "the outcome from succeeded to failed" in after.text
    assert "the error code from none to TrailNotFoundException" in after.text
    assert after.record is KEPT.record


def test_the_same_addendum_again_changes_nothing_however_the_others_come() -> None:
    first, second = addendum(source_ip="192.0.2.1"), addendum("second", source_ip="192.0.2.2")
    after = amended(amended(KEPT, first), second)
    assert after.source_ip == "192.0.2.2"
    assert after.changes == (
        "the address from 192.0.2.7 to 192.0.2.1; the address from 192.0.2.1 to 192.0.2.2"
    )
    assert amended(after, first) == amended(after, second) == after


def test_what_was_first_told_stays_readable_however_much_addenda_say() -> None:
    kept = replace(KEPT, resources=("payroll",))
    for number in range(30):
        noise = addendum(str(number), resources=(f"{number}" * 900,), error_message="x" * 900)
        kept = amended(kept, noise)
    assert "from payroll to" in kept.text
    assert len(kept.changes) == LONGEST_CHANGES
    assert len(kept.text) < 2000


def test_channels_place_and_age_stay() -> None:
    other = addendum(channels=("#elsewhere",), event_time=KEPT.event_time.replace(year=2020))
    after = amended(KEPT, replace(other, mention="@here"))
    assert (after.channels, after.event_time, after.seen_at, after.mention) == (
        KEPT.channels, KEPT.event_time, KEPT.seen_at, "@here",
    )  # fmt: skip


def test_a_change_of_the_sentence_alone_is_said_too() -> None:
    after = amended(KEPT, addendum(text="alice stopped the trail other"))
    assert after.text == "alice stopped the trail other (corrected: details of what was done)"


def test_an_original_after_its_addendum_comes_to_the_same_as_before_it() -> None:
    original = replace(KEPT, channels=("#audit",), rule_ids=("rule-critical", "more"))
    for late in (addendum(source_ip="192.0.2.99"), failed()):
        other_way = completed(late, original)
        assert other_way == replace(
            amended(original, late), channels=(*KEPT.channels, "#audit"), seen_at=late.seen_at
        )
        assert (other_way.own_id, other_way.of_addendum) == ("own", False)
        assert amended(other_way, late) == other_way


def test_the_same_event_told_again_with_more_that_came_of_it_raises_the_alert() -> None:
    kept = replace(failed(own_id="own", of_addendum=False), event_id=KEPT.event_id)
    after = completed(kept, KEPT)
    assert (after.severity, after.outcome, after.title) == (
        Severity.CRITICAL, Outcome.SUCCEEDED, KEPT.title,
    )  # fmt: skip
    assert "the outcome from failed to succeeded" in after.text
