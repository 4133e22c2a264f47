"""Digests: what they group, in which order, and that nothing severe is ever cut."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from chalicelib.alerts.alert import Alert
from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.delivery.planner import DIGEST_LINES
from chalicelib.rules.rule import Severity
from chalicelib.rules.titles import headed
from chalicelib.slack.limits import violations
from chalicelib.slack.message import digest
from tests.delivery.world import alert
from tests.slack.golden import CHANNEL, LOOK

TITLE = "A trail was stopped or deleted"


def told(number: int, outcome: Outcome = Outcome.SUCCEEDED, **changes: Any) -> Alert:
    """One of anna's calls that came to this."""
    values: dict[str, Any] = {
        "severity": Severity.MEDIUM,
        "rule_id": "trail-stopped",
        "actor": "anna",
        "principal": "anna",
        "outcome": outcome,
        "title": headed(TITLE, outcome, of_failures=False),
        **changes,
    }
    return replace(alert(number), **values)


def payload(alerts: Sequence[Alert], form: int = 0) -> dict[str, Any]:
    made = digest(alerts, channel=CHANNEL, post_id="p", look=LOOK, form=form)
    assert violations(made) == []
    return made


def lines(alerts: Sequence[Alert], form: int = 0) -> list[str]:
    """The lines below the headline."""
    made = payload(alerts, form)
    if "attachments" not in made:
        return str(made["text"]).split("\n")[1:]
    blocks = made["attachments"][0]["blocks"]
    texts = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    return "\n".join(texts).split("\n")


@pytest.mark.parametrize("form", [0, 1, 2])
@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.REFUSED, "(all refused)"),
        (Outcome.FAILED, "(all failed)"),
        (Outcome.DRY_RUN, "(all dry runs)"),
        (Outcome.UNKNOWN, "(outcomes not known)"),
    ],
)
def test_what_was_not_done_is_never_told_as_done(form: int, outcome: Outcome, words: str) -> None:
    alerts = [told(number, outcome) for number in range(12)]
    assert f"12 × {TITLE} {words} · anna" in payload(alerts, form)["text"]
    (line,) = lines(alerts, form)
    assert line.startswith(f"*12 ×* {TITLE} {words} · anna")


def test_a_title_that_says_itself_that_it_failed_says_it_once() -> None:
    alerts = [told(n, Outcome.REFUSED, title="A person was refused a change") for n in range(3)]
    assert "3 × A person was refused a change · anna" in payload(alerts)["text"]


def test_what_came_of_it_is_not_cut_away_with_a_long_title() -> None:
    long = "A person was refused " + "a very long change " * 20
    for title in (f"Refused: {long}", long):
        alerts = [told(number, Outcome.REFUSED, title=title) for number in range(3)]
        assert "(all refused)" in lines(alerts)[0]


def test_refused_and_done_are_never_one_line_in_any_order() -> None:
    mixed = [
        told(1),
        told(2, Outcome.REFUSED),
        told(3, Outcome.REFUSED),
        told(4, Outcome.FAILED),
    ]
    for order in permutations(mixed):
        drawn = lines(order)
        assert [line.split(" · ")[0] for line in drawn] == [
            f"*1 ×* {TITLE}",
            f"*1 ×* {TITLE} (failed)",
            f"*2 ×* {TITLE} (all refused)",
        ]


def test_the_severe_come_first_then_what_was_done_then_the_rare() -> None:
    alerts = [
        *(told(n, Outcome.REFUSED, rule_id="denied") for n in range(2)),
        *(told(n, rule_id="often") for n in range(10, 40)),
        *(told(n, rule_id="seldom") for n in range(50, 53)),
        told(60, Outcome.REFUSED, rule_id="high", severity=Severity.HIGH),
    ]
    counts = [line.split(" ×")[0].strip("*") for line in lines(alerts) if "×" in line]
    assert counts == ["1", "3", "30", "2"]


def test_a_flood_of_refusals_with_one_success_begins_with_the_success() -> None:
    flood = [told(number, Outcome.REFUSED) for number in range(230)]
    for at in (0, 100, 230):
        alerts = [*flood[:at], told(999, text="anna deleted the trail main"), *flood[at:]]
        drawn = lines(alerts)
        assert drawn[0] == f"*1 ×* {TITLE} · anna deleted the trail main"
        assert drawn[1].startswith(f"*230 ×* {TITLE} (all refused) · anna")
        assert "anna deleted the trail main" in payload(alerts)["text"]


def test_several_sessions_of_a_workload_are_told_by_its_role() -> None:
    role = "arn:aws:iam::111122223333:role/ci"
    alerts = [told(n, actor=f"ci/run-{n}", principal=role) for n in range(5)]
    (line,) = lines(alerts)
    assert line.startswith(f"*5 ×* {TITLE} · ci · ")
    assert "run-0" not in json.dumps(payload(alerts))


NAMES = ["anna", "&" * 200, "名" * 80, "😀" * 80, "<!channel>" * 20]


@pytest.mark.parametrize("form", [0, 1, 2])
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("outcome", [Outcome.SUCCEEDED, Outcome.REFUSED])
def test_no_group_of_what_is_severe_is_cut(form: int, name: str, outcome: Outcome) -> None:
    title = headed(name * 2, outcome, of_failures=False)
    severe = [
        told(n, outcome, severity=Severity.HIGH, principal=f"p-{n}", actor=name, title=title)
        for n in range(DIGEST_LINES)
    ]
    drawn = lines([*severe, *severe], form)
    assert sum(line.startswith("*2 ×*") for line in drawn) == DIGEST_LINES
    assert outcome is Outcome.SUCCEEDED or all("refused)" in line for line in drawn)
    assert not any("more kinds" in line for line in drawn)


def test_of_what_is_not_severe_the_many_are_counted_where_there_is_no_room() -> None:
    kinds = [told(n, principal=f"p-{n}") for n in range(40)]
    severe = [told(n, principal=f"q-{n}", severity=Severity.CRITICAL) for n in range(3)]
    drawn = lines([*kinds, *severe])
    assert sum(line.startswith("*1 ×*") for line in drawn) == 25
    assert drawn[-1] == "and 18 more alerts of 18 more kinds"
