"""Texts in Slack's mrkdwn: an alert's are clean lines, and are cleaned no second time."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.cloudtrail.texts import one_line
from chalicelib.rules.rule import Severity
from chalicelib.slack.mrkdwn import code, escape, prose, say
from chalicelib.slack.parts import sentence
from tests.events import cloudtrail
from tests.slack.golden import alert

# What one_line works on, more often than chance would have it.
ODD = " \t\r\n\x00\x85\u00a0\u2003\u200b\u2028\u202e\u3000\ufeff\ufff9\ufffd…*_~`:&<>a"
FORMATTING = "*~`_:&<>"
ASCII = st.text("ab  .", max_size=60)
TEXTS = ASCII | st.text(
    st.one_of(st.sampled_from(ODD), st.characters(categories=None)), max_size=60
)
LIMITS = st.integers(1, 70)


@given(TEXTS, LIMITS, LIMITS)
def test_a_clean_line_reads_the_same_as_one_cleaned_again(text: str, most: int, limit: int) -> None:
    clean = one_line(text, most)
    again = one_line(clean, limit)
    assert code(clean, limit) == f"`{escape(again.replace('`', 'ˋ'))}`"
    if not set(FORMATTING) & set(clean):
        assert say(clean, limit) == again


@pytest.mark.parametrize(("kind", "drawn"), [("Trailbell", "a b"), ("IAMUser", "a\n\nb")])
def test_only_what_is_about_trailbell_itself_is_cleaned_here(kind: str, drawn: str) -> None:
    made = replace(alert(cloudtrail(), Severity.HIGH), actor_type=kind, text="a\n\nb")
    assert sentence(made, 100) == drawn


def test_what_stands_between_backticks_in_a_rules_prose_is_code() -> None:
    assert (
        prose("Stop it: `aws ecs stop-task` <now>.", 99)
        == "Stop it: `aws ecs stop-task` &lt;now&gt;."
    )
    assert prose("*all* `a*b`", 99) == "＊all＊ `a*b`"


def test_a_backtick_that_nothing_closes_is_a_plain_one() -> None:
    assert "`" not in prose("a ` b", 99)


def test_a_cut_never_leaves_a_code_span_open() -> None:
    for limit in range(1, 40):
        assert prose("Then `aws iam delete-user` and ask.", limit).count("`") % 2 == 0
