"""A rule's title as it may be said of a call that came to this or that."""

from __future__ import annotations

import re

from chalicelib.cloudtrail.outcome import Outcome

_FIRST = {
    Outcome.REFUSED: "Refused: ",
    Outcome.FAILED: "Failed: ",
    Outcome.DRY_RUN: "Dry run: ",
    Outcome.UNKNOWN: "Outcome not known: ",
}
_FAILING = re.compile(r"refus|fail|den(?:y|ied)|reject|unauthori|not authori", re.IGNORECASE)


def headed(title: str, outcome: Outcome, *, of_failures: bool) -> str:
    """A rule's title as it may be said of a call that came to this.

    Most titles say what happened: where it did not, that comes first. `of_failures` says that the
    rule is about calls that do not work; its title stands alone where it says so, as in "A person
    was refused a change".
    """
    failing = outcome in (Outcome.REFUSED, Outcome.FAILED)
    if failing and of_failures and _FAILING.search(title):
        return title
    return _FIRST.get(outcome, "") + title


def as_written(title: str, outcome: Outcome) -> str:
    """The rule's own title, of one that `headed` made."""
    return title.removeprefix(_FIRST.get(outcome, ""))


def is_of_what_did_not_happen(title: str, outcome: Outcome) -> bool:
    """Whether a title that `headed` made, and thus its rule, is of what did not happen."""
    return outcome in _FIRST and title.startswith(_FIRST[outcome])
