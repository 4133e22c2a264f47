"""The table of figures in docs/performance.md, between its two markers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.figure import ROOT

DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- figures: make bench -->", "<!-- end of figures -->"
# Lists are measured for every filter, first page and last: the table names what costs most.
LISTS = ("sqlite page", "dynamodb bytes", "dynamodb read units", "dynamodb calls", "api_alerts")


def write(figures: Iterable[Mapping[str, Any]], document: Path = DOCUMENT) -> None:
    """Put the figures between the document's markers. Raises ValueError where it lacks them."""
    text = document.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, found, after = rest.partition(END)
    if not found:
        raise ValueError(f"{document.name} has no {BEGIN} … {END}")
    document.write_text(f"{before}{BEGIN}\n{_table(_shown(figures))}{END}{after}", encoding="utf-8")


def _shown(figures: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """All but the many pages of lists: of those the costliest, in each way of asking."""
    costliest: dict[str, Mapping[str, Any]] = {}
    shown = []
    for figure in figures:
        family = next((start for start in LISTS if figure["name"].startswith(start)), None)
        if family is None:
            shown.append(figure)
        elif family not in costliest or figure["value"] > costliest[family]["value"]:
            costliest[family] = figure
    return shown + [
        {**figure, "name": f"the most of all lists: {figure['name']}"}
        for figure in costliest.values()
    ]


def _table(figures: list[Mapping[str, Any]]) -> str:
    versions = sorted({f"Python {figure['python']}, {figure['commit']}" for figure in figures})
    rows = [
        f"| {figure['name']} | {_with(figure['value'], figure['unit'])} "
        f"| {_with(figure['reference'], figure['unit'])} | {_number(figure['ratio'])} |\n"
        for figure in figures
    ]
    head = "| What | Value | Reference | Ratio |\n|---|---:|---:|---:|\n"
    return f"{'; '.join(versions)}; medians, each beside its reference in one run.\n\n{head}" + (
        "".join(rows)
    )


def _with(value: float | None, unit: str) -> str:
    return "" if value is None else f"{_number(value)} {unit}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
