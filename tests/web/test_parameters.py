"""What the parameters of a query take, find and refuse."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.alerts.delivery import DeliveryState
from chalicelib.rules.rule import Severity
from tests.stores.factories import NOW, alert
from tests.web.conftest import Api


def test_fifty_are_listed_where_no_limit_is_given(api: Api) -> None:
    api.add(*(alert(number) for number in range(1, 60)))
    assert len(api.ids("/alerts")) == 50


FOUND: dict[str, Any] = {
    "severity=critical": {"severity": Severity.CRITICAL},
    "actor=bob": {"actor": "bob"},
    "event_name=DeleteTrail": {"event_name": "DeleteTrail"},
    "account=444455556666": {"account_id": "444455556666"},
    "q=ZEB": {"resources": ("arn:aws:s3:::zebra",)},
    "q=zeb": {"title": "A zebra was changed"},
    "q=Zebra": {"actor": "zebra"},
    "q=ebr": {"event_name": "PutZebra"},
    "since=2026-11-24T11:59:30Z": {"event_time": NOW},
    "since=2026-11-24T12:59:30%2B01:00": {"event_time": NOW},
    "until=2026-11-24T10:00:00Z": {"event_time": NOW - timedelta(hours=3)},
}


@pytest.mark.parametrize("query", FOUND)
def test_a_filter_finds_what_it_names_and_nothing_else(api: Api, query: str) -> None:
    api.add(alert(1), alert(2), alert(3, event_id="wanted", **FOUND[query]))
    assert api.ids(f"/alerts?{query}") == ["wanted"]


def test_alerts_are_found_by_the_state_of_a_delivery(api: Api) -> None:
    api.add(alert(1))
    api.add(alert(2, event_id="wanted"), state=DeliveryState.PARKED)
    assert api.ids("/alerts?state=parked") == ["wanted"]


def test_filters_combine(api: Api) -> None:
    api.add(
        alert(1, actor="bob"),
        alert(2, event_name="DeleteTrail"),
        alert(3, event_id="wanted", actor="bob", event_name="DeleteTrail"),
    )
    assert api.ids("/alerts?actor=bob&event_name=DeleteTrail") == ["wanted"]


WRONG = {
    "limit=0": "limit is '0'; it takes a whole number from 1 to 200",
    "limit=201": "limit is '201'; it takes a whole number from 1 to 200",
    "limit=": "limit is ''",
    "limit=ten": "limit is 'ten'",
    "limit=1.5": "limit is '1.5'",
    "limit=%D9%A3": "limit is '٣'",
    "limit=1&limit=2": "limit is given 2 times",
    "cursor=": "cursor is ''",
    "cursor=made-up": "cursor",
    "cursor=%C3%A4": "cursor",
    "since=yesterday": "since is 'yesterday'; it takes the earliest event time, such as",
    "since=2026-11-32": "since is '2026-11-32'",
    "since=2026-11": "since is '2026-11'",
    "severity=hihg": "(did you mean 'high'?)",
    "region=a" + "&region=a" * 20: "region is given 21 times; it takes up to 20 values",
    "limit=5&limit=6": "limit is given 2 times; it takes one value",
    "until=2026-13-24T00:00:00Z": "until is '2026-13-24T00:00:00Z'",
    "severity=High": "severity is 'High'; it takes one of: info, low, medium, high, critical",
    "state=lost": "state is 'lost'; it takes the state of one delivery: pending, sending",
    "actor=": "actor is ''",
    "actor=" + "x" * 257: "actor is 'xxx",
    "q=ab": "q is 'ab'; it takes 3 to 256 characters",
    "severty=high": "there is no parameter 'severty' (did you mean 'severity'?); there are: ",
}


@pytest.mark.parametrize("query", WRONG)
def test_a_wrong_value_is_a_400_that_says_which_and_why(api: Api, query: str) -> None:
    error = api.json(f"/alerts?{query}", status=400)
    assert error["code"] == "bad_request"
    assert WRONG[query] in error["message"]


@pytest.mark.parametrize("hours", ["0", "745", "x", "-1"])
def test_a_summary_over_a_wrong_span_is_a_400(api: Api, hours: str) -> None:
    assert "hours is" in api.json(f"/summary?hours={hours}", status=400)["message"]
