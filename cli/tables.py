"""Tables of a query's rows (CSV) of which one column holds the records."""

from __future__ import annotations

import csv
from collections.abc import Iterator

# CloudTrail Lake's column of the whole event, and that of CloudWatch Logs Insights.
RECORDS = ("eventJson", "eventjson", "@message", "_raw")
LONGEST_CELL = 1 << 26
LONGEST_HEADER = 4096


def column_of_records(header: str) -> int | None:
    """Where the records stand in the rows below this line; None where it is no such header."""
    if len(header) > LONGEST_HEADER or not any(name in header for name in RECORDS):
        return None
    try:
        names = next(csv.reader([header]), [])
    except csv.Error:
        return None
    return next((names.index(name) for name in RECORDS if name in names), None)


def cells(lines: Iterator[tuple[int, str]], column: int) -> Iterator[tuple[int, str]]:
    """That column of each row, with the number of the row's first line; "" where there is none."""
    csv.field_size_limit(LONGEST_CELL)
    numbers: list[int] = []
    rows = csv.reader(_remembered(lines, numbers))
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            row = []
        if row is None:
            return
        yield numbers[0], row[column] if column < len(row) else ""
        numbers.clear()


def _remembered(lines: Iterator[tuple[int, str]], numbers: list[int]) -> Iterator[str]:
    for number, text in lines:
        numbers.append(number)
        yield text + "\n"
