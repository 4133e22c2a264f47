"""Other accounts by the names that the rules file gives them, beside their numbers.

A number is looked for in the finished words, since it may stand in AWS's own too: an error's
message, a resource's name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ACCOUNT = re.compile(r"\baccount (\d{12})\b")


def with_names(sentence: str, accounts: Mapping[str, str]) -> str:
    """A sentence with the names of the accounts in it: "account 111122223333 (payroll)"."""

    def name(match: re.Match[str]) -> str:
        known = accounts.get(match[1], "")
        return f"{match[0]} ({known})" if known else match[0]

    return _ACCOUNT.sub(name, sentence) if accounts else sentence


def called(actor: str, accounts: Mapping[str, str]) -> str:
    """An actor's name; that of an account leads: "payroll (account 111122223333)"."""
    number = actor.removeprefix("account ")
    known = accounts.get(number, "") if number != actor else ""
    return f"{known} ({actor})" if known else actor
