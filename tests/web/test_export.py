"""The CSV: all columns, and nothing that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from chalicelib.web.export import COLUMNS, disarmed
from tests.stores.factories import NOW, alert
from tests.web.conftest import Api


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_csv_has_a_row_for_each_alert_newest_first(api: Api) -> None:
    api.add(alert(2, resources=("a", "b")), alert(1))
    response = api.get("/alerts.csv")
    header, first, second = rows(response.body.decode())
    assert tuple(header) == COLUMNS
    assert dict(zip(header, first, strict=True))["event_id"] == "event-1"
    found = dict(zip(header, second, strict=True))
    assert found["resources"] == "a b"
    assert found["deliveries"] == "#security:pending"
    assert found["event_time"] == "2026-11-24T11:58:00Z"
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]


def test_the_csv_takes_the_filters_of_the_list(api: Api) -> None:
    api.add(alert(1), alert(2, actor="bob"))
    assert len(rows(api.get("/alerts.csv?actor=bob").body.decode())) == 2


def test_a_csv_longer_than_a_page_of_the_list_comes_whole(api: Api) -> None:
    api.add(*(alert(n, event_time=NOW - timedelta(seconds=n)) for n in range(1, 451)))
    response = api.get("/alerts.csv")
    assert len(rows(response.body.decode())) == 451
    assert "X-Next-Cursor" not in response.headers


def test_a_csv_that_was_limited_says_where_to_go_on(api: Api) -> None:
    api.add(*(alert(n) for n in range(1, 8)))
    cursor = api.get("/alerts.csv?limit=5").headers["X-Next-Cursor"]
    rest = rows(api.get(f"/alerts.csv?cursor={cursor}").body.decode())
    assert [row[COLUMNS.index("event_id")] for row in rest[1:]] == ["event-6", "event-7"]


def test_a_limit_beyond_what_lambda_can_answer_is_a_400(api: Api) -> None:
    assert api.get("/alerts.csv?limit=5001").status_code == 400


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u00a0=1", "|cmd"),
        *("＝1", "＋1", "－1", "＠A1", "\u3000＝1", "\u2003=1", "\ufeff=1", "\u200b=1", "\v=1"),
    ],
)
def test_what_a_spreadsheet_takes_for_a_formula_is_disarmed(cell: str) -> None:
    assert disarmed(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "alice", "a=b", "192.0.2.1", "1"])
def test_what_is_no_formula_stays_as_it_is(cell: str) -> None:
    assert disarmed(cell) == cell


def test_every_cell_of_the_csv_is_disarmed(api: Api) -> None:
    bad = '=HYPERLINK("http://example.com")'
    api.add(alert(title=bad, text=bad, actor=bad, resources=(bad,), event_name=bad))
    for row in rows(api.get("/alerts.csv").body.decode())[1:]:
        assert not any(cell.startswith("=") for cell in row)
