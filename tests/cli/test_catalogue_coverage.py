"""What published catalogues look for: the list, its check, its page and the search in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chalicelib.rules.default_rules import load_defaults
from chalicelib.rules.prose import with_prose
from cli import rules as command
from cli.catalogue_coverage import (
    DOCUMENT,
    ENDS,
    REASONS,
    STARTS,
    CoverageError,
    Row,
    document,
    mistakes,
    read_rows,
    search,
)

LOADED, KEYS = load_defaults()
DEFAULTS = with_prose(LOADED)
ROWS = read_rows()
KEY_DELETED = Row(
    catalogue="a catalogue",
    row="a-key-was-deleted",
    operations=("ScheduleKeyDeletion",),
    asks="medium",
    told="kms-key-disabled",
)


def wrong_with(*rows: Row) -> list[str]:
    return mistakes(rows, DEFAULTS, KEYS)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.rules, arguments)


def test_no_row_names_what_is_not_there_or_cannot_tell_it() -> None:
    assert wrong_with(*ROWS) == []


def test_the_page_is_as_the_command_writes_it() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert text == document(text, ROWS, DEFAULTS), (
        "run: .venv/bin/python trailbell.py rules --compile"
    )


def test_every_catalogue_is_gone_through() -> None:
    counted = {row.catalogue: 0 for row in ROWS}
    for row in ROWS:
        counted[row.catalogue] += 1
    assert counted == {
        "elastic": 194,
        "tailpipe": 86,
        "sigma": 58,
        "traildiscover": 380,
        "consensus": 470,
        "wild": 401,
        "rejected": 18,
    }
    assert {row.asks for row in ROWS} == {"", "low", "medium"}


def test_a_row_whose_rule_names_one_of_its_operations_is_right() -> None:
    assert wrong_with(KEY_DELETED) == []


def test_a_row_without_operations_takes_the_list_at_its_word() -> None:
    assert wrong_with(replace(KEY_DELETED, operations=())) == []


def test_a_row_of_a_rule_that_names_no_operation_is_right() -> None:
    assert wrong_with(replace(KEY_DELETED, told="console-change")) == []


@pytest.mark.parametrize("operation", ["UpdateFunctionCode20150331v2", "UpdateFunctionC*"])
def test_an_operation_is_known_by_the_beginning_that_a_rule_or_the_row_names(
    operation: str,
) -> None:
    told = "function-code-changed-by-person"
    assert wrong_with(replace(KEY_DELETED, operations=(operation,), told=told)) == []


def test_an_unknown_rule_is_refused() -> None:
    (said,) = wrong_with(replace(KEY_DELETED, told="kms-key-lost"))
    assert said == "a catalogue a-key-was-deleted: no default rule is called 'kms-key-lost'"


def test_a_rule_that_cannot_tell_the_row_s_operation_is_refused() -> None:
    (said,) = wrong_with(replace(KEY_DELETED, told="trail-stopped"))
    assert said.endswith("trail-stopped names none of its operations")


def test_an_unknown_reason_is_refused_and_each_known_one_is_not() -> None:
    (said,) = wrong_with(replace(KEY_DELETED, told="reason:no time"))
    assert said.endswith("no reason is called 'no time'")
    known = [replace(KEY_DELETED, row=reason, told=f"reason:{reason}") for reason in REASONS]
    assert wrong_with(*known) == []


def test_a_row_that_stands_there_twice_is_refused() -> None:
    (said,) = wrong_with(KEY_DELETED, KEY_DELETED)
    assert said.endswith("stands there twice")


def test_a_technique_finds_those_below_it() -> None:
    found = search([KEY_DELETED], DEFAULTS, "T1485")
    assert found == ["a catalogue  a-key-was-deleted  kms-key-disabled  high  T1485, T1486"]
    stopped = replace(KEY_DELETED, told="trail-stopped")
    assert len(search([stopped], DEFAULTS, "t1562")) == 1
    assert search([stopped], DEFAULTS, "T1485") == []


@pytest.mark.parametrize("word", ["schedulekeydeletion", "a-key-was", "kms-key-disabled", "high"])
def test_a_row_is_found_by_its_operation_name_rule_and_severity(word: str) -> None:
    assert len(search([KEY_DELETED], DEFAULTS, word)) == 1


def test_the_page_counts_what_a_catalogue_asks_for_and_gets() -> None:
    lower = replace(KEY_DELETED, row="b", told="kms-key-changed")
    none = replace(KEY_DELETED, row="c", told="reason:noise")
    text = document(f"before {STARTS} old {ENDS} after", [KEY_DELETED, lower, none], DEFAULTS)
    assert text.startswith(f"before {STARTS}\n")
    assert text.endswith(f"\n{ENDS} after")
    assert "| a catalogue | 3 | 0 | 1 | 0 | 1 | 0 | 1 | 0 | 0 | 0 | 1 of 2 |  |" in text
    assert "| a catalogue | b | `kms-key-changed` | low |" in text
    assert "| no rule: noise |  |  | c |" in text


def test_a_list_with_other_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "coverage.tsv"
    path.write_text("catalogue\trow\n")
    with pytest.raises(CoverageError, match="the columns are"):
        read_rows(path)
    path.write_text("catalogue\trow\toperations\tasks\ttold\nelastic\tx\n")
    with pytest.raises(CoverageError, match=r":2: 2 columns in place of 5"):
        read_rows(path)


def test_the_command_searches_the_list() -> None:
    found = run("--catalogues", "T1486")
    assert found.exit_code == 0
    assert "kms-key-disabled" in found.stdout
    assert run("--catalogues", "T0000").stdout == "no row has to do with T0000\n"
