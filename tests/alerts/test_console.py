"""The way to the event in AWS's console, the same from a message and from the page."""

from __future__ import annotations

import pytest

from chalicelib.alerts.console import event_url
from tests.stores.factories import alert


@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("eu-central-1", "eu-central-1.console.aws.amazon.com"),
        ("ap-southeast-2", "ap-southeast-2.console.aws.amazon.com"),
        ("us-gov-west-1", "us-gov-west-1.console.amazonaws-us-gov.com"),
        ("cn-north-1", "cn-north-1.console.amazonaws.cn"),
    ],
)
def test_the_console_is_that_of_the_partition(region: str, host: str) -> None:
    url = event_url(alert(aws_region=region, event_id="event-4711"))
    assert url == f"https://{host}/cloudtrailv2/home?region={region}#/events/event-4711"


@pytest.mark.parametrize("region", ["", "example.com/", "eu-central-1.example.com", "EU-CENTRAL-1"])
def test_an_odd_region_is_no_part_of_the_address(region: str) -> None:
    url = event_url(alert(aws_region=region, event_id="event-4711"))
    assert url is not None
    assert url.startswith("https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-")


@pytest.mark.parametrize("event_id", ["", "short", "a/../b?c#d\"'", "e" * 65])
def test_an_odd_event_id_makes_no_link(event_id: str) -> None:
    assert event_url(alert(event_id=event_id)) is None


@pytest.mark.parametrize("region", ["us-iso-east-1", "us-isob-east-1", "eu-isoe-west-1"])
def test_a_console_that_is_not_known_is_not_guessed(region: str) -> None:
    assert event_url(alert(aws_region=region, event_id="event-4711")) is None


def test_nothing_but_a_region_and_an_event_id_becomes_part_of_an_address() -> None:
    hostile = alert(aws_region="evil.example.com/", event_id="x/../../y?z")
    assert event_url(hostile) is None
