"""Answers as HTTP has them: what a caller has already is not sent again."""

from __future__ import annotations

from tests.stores.factories import alert
from tests.web.conftest import Api


def test_an_answer_that_the_caller_has_already_is_a_304_without_a_body(api: Api) -> None:
    api.add(alert(1))
    etag = api.get("/alerts").headers["ETag"]
    again = api.get("/alerts", **{"If-None-Match": f'"other", W/{etag}'})
    assert (again.status_code, again.body) == (304, b"")
    assert again.headers["ETag"] == etag


def test_the_etag_changes_with_what_is_listed(api: Api) -> None:
    api.add(alert(1))
    etag = api.get("/alerts").headers["ETag"]
    api.add(alert(2))
    assert api.get("/alerts", **{"If-None-Match": etag}).status_code == 200
