"""Accounts by their names beside their numbers."""

from __future__ import annotations

from chalicelib.cloudtrail.accounts import called, with_names
from tests.events import ACCOUNT, OTHER_ACCOUNT

NAMES = {ACCOUNT: "prod"}


def test_an_account_that_has_a_name_is_told_by_both() -> None:
    assert with_names(f"closed the account {ACCOUNT}", NAMES) == (
        f"closed the account {ACCOUNT} (prod)"
    )
    assert called(f"account {ACCOUNT}", NAMES) == f"prod (account {ACCOUNT})"


def test_an_account_without_a_name_and_a_number_of_something_else_stay_as_they_are() -> None:
    for text in (f"account {OTHER_ACCOUNT}", ACCOUNT, f"key {ACCOUNT}", f"account {ACCOUNT}0"):
        assert with_names(text, NAMES) == called(text, NAMES) == text


def test_an_account_that_an_error_of_aws_names_has_its_name_too() -> None:
    assert with_names(f"failed to sign in: no account {ACCOUNT}", NAMES).endswith("(prod)")
