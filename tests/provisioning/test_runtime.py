from __future__ import annotations

import sys
from datetime import UTC, date, datetime

from provisioning.runtime import ENDS, warning
from tests.provisioning.account import Account


def test_a_runtime_whose_end_is_dated_is_told_before_and_after() -> None:
    before, after = (warning((3, 11), date(2027, month, 1)) for month in (7, 8))

    assert before
    assert "takes new functions of python3.11" in before
    assert "until 2027-07-31: make setup PYTHON=python3.13" in before
    assert after
    assert "only until 2027-07-31" in after


def test_one_without_an_end_or_with_one_years_ahead_is_not() -> None:
    assert warning((3, 15), date(2027, 1, 1)) is None
    assert warning((3, 14), date(2027, 1, 1)) is None


def test_plan_says_it_of_the_python_that_deploys(account: Account) -> None:
    account.aws.now = lambda: datetime(2027, 6, 30, tzinfo=UTC)
    version = sys.version_info[:2]
    dated = version in ENDS and ENDS[version].year <= 2027

    assert ("which chalice deploy chooses here" in account.plan()) is dated
