"""Addresses in Slack: right for each workspace, absent where there is no message."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.slack.addresses import slack_url
from tests.stores.factories import alert, post

SENT = replace(post(alert()), channel_id="C024BE91L", ts="1732449540.000100")


@pytest.mark.parametrize(
    ("api_url", "host"),
    [(None, "slack.com"), ("https://slack-gov.com/api/", "slack-gov.com")],
)
def test_a_message_is_linked_where_it_was_posted(api_url: str | None, host: str) -> None:
    url = slack_url(SENT, api_url)
    assert url == f"https://{host}/app_redirect?channel=C024BE91L&message_ts=1732449540.000100"


@pytest.mark.parametrize(
    "api_url", ["http://127.0.0.1:9/", "https://evilslack.com/api/", "https://slack.com.example/"]
)
def test_a_message_that_went_elsewhere_has_no_link(api_url: str) -> None:
    assert slack_url(SENT, api_url) is None


@pytest.mark.parametrize(
    "change",
    [
        *({"ts": None}, {"ts": "1&x=1"}, {"channel_id": None}),
        *({"channel_id": "#x"}, {"channel_id": "COPS"}, {"channel_id": f"C{21 * '0'}"}),
    ],
)
def test_a_post_without_slack_s_own_ids_has_no_link(change: dict[str, Any]) -> None:
    assert slack_url(replace(SENT, **change), None) is None
