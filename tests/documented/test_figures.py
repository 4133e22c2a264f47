"""The figures stand where `make bench` writes them, and what the README says is among them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import table
from chalicelib.rules.loaded import PROJECT
from provisioning.cost import total

README = (PROJECT / "README.md").read_text(encoding="utf-8")
FIGURE = {
    "name": "decode + match",
    "value": 113_900.4,
    "unit": "records/s",
    "reference": None,
    "ratio": None,
    "python": "3.11.7",
    "commit": "39bad43",
}


def test_the_table_is_written_between_its_markers_and_nothing_else_changes(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    table.write([FIGURE], document)
    before, _, rest = document.read_text().partition(table.BEGIN)
    written, _, after = rest.partition(table.END)
    assert (before, after) == ("before\n", "\nafter\n")
    assert "| decode + match | 113,900 records/s |  |  |" in written
    assert "old" not in written


def test_a_document_without_the_markers_is_left_as_it_is(tmp_path: Path) -> None:
    document = tmp_path / "performance.md"
    document.write_text("no table here\n")
    with pytest.raises(ValueError, match=r"performance\.md has no <!-- figures"):
        table.write([FIGURE], document)
    assert document.read_text() == "no table here\n"


@pytest.mark.parametrize(
    ("row", "figure"),
    [
        ("decode + match, against base64 + gunzip + orjson alone", "113,900 records"),
        ("first byte, a critical alert within 1,000 records, against one alone", "14.6 ms"),
    ],
)
def test_the_figures_of_the_readme_are_those_of_the_table(row: str, figure: str) -> None:
    measured = table.DOCUMENT.read_text(encoding="utf-8").partition(table.BEGIN)[2]
    (line,) = [line for line in measured.splitlines() if row in line]
    assert f"| {figure}" in line
    assert figure in README


@pytest.mark.parametrize("document", ["README.md", "docs/just-the-article.md"])
def test_a_thousand_records_a_day_cost_what_is_written(document: str) -> None:
    text = " ".join((PROJECT / document).read_text(encoding="utf-8").split())
    assert f"1,000 records a day costs {total(30_000):.2f} USD a month" in text
