"""The list as CSV, with what a spreadsheet would take for a formula disarmed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.alerts.archive import AlertQuery, Archive
from chalicelib.alerts.outbox import StoredAlert
from chalicelib.web.parameters import MAX_LIMIT
from chalicelib.web.views import list_view

CONTENT_TYPE = "text/csv; charset=utf-8"
COLUMNS = (
    *("event_time", "severity", "title", "text", "actor", "actor_type", "via"),
    *("event_name", "event_source", "account_id", "account_name", "aws_region", "source_ip"),
    *("error_code", "resources", "deliveries", "rule_id", "event_id", "alert_id"),
    "outcome",
)
# Source: OWASP, "CSV Injection"; the full-width forms are formulas to spreadsheets too, and blanks
# and what nobody sees may be dropped from before them.
_FORMULA = re.compile(r"[\t\r\n]|[\s\u200b-\u200f\u2060\ufeff]*[=+\-@|＝＋－＠]")
# A filter that finds little may end many pages early; one download asks no more often than this.
_MAX_PAGES = 50


@dataclass(frozen=True, slots=True)
class Export:
    """The CSV, and the headers that go with it: its file name, and where to go on."""

    text: str
    headers: dict[str, str]


def export(archive: Archive, query: AlertQuery, rows: int, cursor: str | None) -> Export:
    """At most that many rows, newest first. Raises CursorError, StoreError."""
    found: list[StoredAlert] = []
    for _ in range(_MAX_PAGES):
        page = archive.search(query, min(MAX_LIMIT, rows - len(found)), cursor)
        found += page.alerts
        cursor = page.next_cursor
        if cursor is None or len(found) >= rows:
            break
    headers = {"Content-Disposition": 'attachment; filename="trailbell-alerts.csv"'}
    if cursor is not None:
        headers["X-Next-Cursor"] = cursor
    return Export(_text(found), headers)


def disarmed(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _text(found: list[StoredAlert]) -> str:
    file = io.StringIO(newline="")
    writer = csv.writer(file, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows(_row(stored) for stored in found)
    return file.getvalue()


def _row(stored: StoredAlert) -> Iterator[str]:
    view = list_view(stored)
    return (disarmed(_cell(view[column])) for column in COLUMNS)


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return " ".join(map(_cell, value))
    if isinstance(value, dict):
        return f"{value['channel']}:{value['state']}"
    return str(value).replace("\0", "")
