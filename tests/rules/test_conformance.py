"""The conformance table: our verdicts, rule by rule, and mutants of the language that it kills."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from chalicelib.rules.filter_pattern import FilterPatternError, compile_pattern
from cli.conformance import Case, load_conformance
from tests.rules.mutants import MUTANTS, Mutant, surviving

CASES = load_conformance()
RULES = ["1", "1b", *map(str, range(2, 23)), "terms", "columns"]


def wrong(cases: Sequence[Case]) -> list[str]:
    return [
        f"rule {case.rule}: {case.pattern!r} on {case.event!r}" for case in cases if not holds(case)
    ]


def holds(case: Case) -> bool:
    try:
        pattern = compile_pattern(case.pattern)
    except FilterPatternError as error:
        return case.expected is None and error.position == case.position
    return pattern.matches(case.event) is case.expected


@pytest.mark.parametrize("rule", RULES)
def test_the_language_gives_every_verdict_of_the_rule(rule: str) -> None:
    cases = [case for case in CASES if case.rule == rule]
    assert cases
    assert wrong(cases) == []


def test_the_table_holds_at_least_400_cases_and_none_twice() -> None:
    seen = Counter((case.pattern, case.event) for case in CASES)
    assert len(CASES) >= 400
    assert [case for case, times in seen.items() if times > 1] == []
    assert {case.rule for case in CASES} == set(RULES)


def test_the_language_unharmed_survives_the_table() -> None:
    assert surviving(Mutant(rule="", name="unharmed", module="", old="", new=""), CASES)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_no_mutant_of_the_language_survives_the_table(mutant: Mutant) -> None:
    assert not surviving(mutant, CASES)
