"""What is done every day makes no message at medium."""

from __future__ import annotations

import pytest

from chalicelib.rules.rule import Severity
from tests.rules.everyday.clean import CLEAN, LOCAL, WHO, Case
from tests.rules.everyday.judged import severity


def named(case: Case) -> str:
    who, operation, _, fields = case
    return f"{operation} by {who}" + (f" ({fields['errorCode']})" if "errorCode" in fields else "")


@pytest.mark.parametrize("case", CLEAN, ids=named)
def test_an_ordinary_act_is_below_medium(case: Case) -> None:
    who, operation, request, fields = case
    told = severity(operation, request, LOCAL, **WHO[who], **fields)
    assert told is None or told.rank < Severity.MEDIUM.rank
