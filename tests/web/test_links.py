"""Links out: right for each partition, absent where a record's values are odd."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.web.links import cloudtrail_url, slack_url
from tests.alerts.factories import alert, post

TOLD = replace(post(alert()), channel_id="C024BE91L", ts="1732449540.000100")


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-central-1", "eu-central-1.console.aws.amazon.com"),
        ("ap-southeast-2", "ap-southeast-2.console.aws.amazon.com"),
        ("us-gov-west-1", "console.amazonaws-us-gov.com"),
        ("cn-north-1", "console.amazonaws.cn"),
    ],
)
def test_cloudtrail_s_console_is_that_of_the_partition(region: str, host: str) -> None:
    url = cloudtrail_url(alert(aws_region=region, event_id="e-1"))
    assert url == f"https://{host}/cloudtrailv2/home?region={region}#/events/e-1"


@pytest.mark.parametrize("region", ["", "example.com/", "eu-central-1.example.com", "EU-CENTRAL-1"])
def test_an_odd_region_makes_no_link(region: str) -> None:
    assert cloudtrail_url(alert(aws_region=region)) is None


def test_an_event_without_an_id_has_no_link() -> None:
    assert cloudtrail_url(alert(event_id="")) is None


def test_an_odd_event_id_cannot_leave_its_place_in_the_link() -> None:
    url = cloudtrail_url(alert(event_id="a/../b?c#d\"'"))
    assert url is not None
    assert url.endswith("#/events/a%2F..%2Fb%3Fc%23d%22%27")


@pytest.mark.parametrize(
    ("api_url", "host"),
    [(None, "slack.com"), ("https://slack-gov.com/api/", "slack-gov.com")],
)
def test_a_message_is_linked_where_it_was_posted(api_url: str | None, host: str) -> None:
    url = slack_url(TOLD, api_url)
    assert url == f"https://{host}/app_redirect?channel=C024BE91L&message_ts=1732449540.000100"


@pytest.mark.parametrize(
    "api_url", ["http://127.0.0.1:9/", "https://evilslack.com/api/", "https://slack.com.example/"]
)
def test_a_message_that_went_elsewhere_has_no_link(api_url: str) -> None:
    assert slack_url(TOLD, api_url) is None


@pytest.mark.parametrize(
    "change", [{"ts": None}, {"channel_id": None}, {"channel_id": "#x"}, {"ts": "1&x=1"}]
)
def test_a_post_without_slack_s_own_ids_has_no_link(change: dict[str, Any]) -> None:
    assert slack_url(replace(TOLD, **change), None) is None
