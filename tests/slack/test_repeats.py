"""What a message says of the same thing again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.post import MOST_ALSO
from chalicelib.cloudtrail.texts import one_line
from chalicelib.rules.rule import Severity
from chalicelib.slack.limits import violations
from chalicelib.slack.message import PLAINEST, single
from tests.delivery.world import START, alert
from tests.slack.golden import CHANNEL, LOOK

TITLE = " · CloudTrail stopped"
MADE = alert(1, Severity.LOW, text="anna stopped a", actor="anna", resources=("a",))


def raised(also: Sequence[str], **options: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"repeats": 4, "last_at": START, "also": also, **options}
    made = values.pop("of", MADE)
    return single(made, channel=CHANNEL, post_id="p", look=LOOK, **values)


def said(also: Sequence[str], **options: Any) -> str:
    return str(raised(also, **options)["text"]).split(", last")[0]


def test_what_happened_once_names_nothing() -> None:
    assert said(["on b"], repeats=1) == f"*Low* · anna stopped a{TITLE}"


def test_the_first_ones_own_names_are_not_said_again() -> None:
    assert said(["on a", "by anna", "with StopLogging"]) == "*Low* · anna stopped a *× 4*"


def test_a_few_are_named_and_the_others_counted() -> None:
    assert said(["on b", "on c"]).endswith("*× 4* on 3 different ones, also on b and c")
    assert said(["on b", "on c", "on d"]).endswith("*× 4* on 4 different ones, also on b, c and d")
    assert said([f"on {n}" for n in range(5)]).endswith("also on 0, 1, 2 and 2 more")


def test_of_more_than_are_kept_the_least_number_is_said() -> None:
    found = said([f"on {n}" for n in range(MOST_ALSO)])
    assert f"on at least {MOST_ALSO + 1} different ones" in found
    assert found.endswith(f"also on 0, 1, 2 and at least {MOST_ALSO - 3} more")


def test_the_plainest_form_counts_them() -> None:
    text = str(raised(["on b", "on c", "by bob"], form=2)["text"])
    assert "*× 4* on 3 different ones, also on 2 others, also by 1 other, last" in text


HOSTILE = st.one_of(
    st.text(max_size=120), st.sampled_from(["&" * 100, "<!channel>", "*`_~", "😀" * 99])
)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["on", "by", "with"]), HOSTILE), max_size=MOST_ALSO),
    HOSTILE,
)
def test_no_name_breaks_a_limit_or_calls_anybody(also: list[tuple[str, str]], text: str) -> None:
    labels = [f"{how} {one_line(name, 100)}" for how, name in also]
    made = replace(MADE, text=one_line(text * 9, 900) or "x", mention="@here")
    for form in (0, 1, 2):
        payload = raised(labels, of=made, form=form)
        assert violations(payload) == []
        assert payload["text"].count("<!here>") == 1
        assert "<!channel>" not in payload["text"]
        assert form < 2 or 0 < len(payload["text"]) <= PLAINEST
