"""A record in words: redacted, named, cut, and one line each."""

from __future__ import annotations

import json

from chalicelib.cloudtrail.description import MESSAGE, NAME, SENTENCE, describe
from chalicelib.cloudtrail.record import Record
from tests.canaries import planted
from tests.events import cloudtrail


def test_no_secret_of_a_record_is_in_its_description() -> None:
    for canary in planted(cloudtrail()):
        described = describe(Record(canary.record), {})._asdict()
        assert canary.needle not in json.dumps(described, default=str)


def test_every_text_is_one_line_and_as_long_as_it_may_be_at_most() -> None:
    long = "a\nb\u202e" * 2000
    record = cloudtrail(long, errorMessage=long, userAgent=long, requestParameters={"name": long})
    described = describe(Record(record), {})
    lengths = {
        name: len(value) for name, value in described._asdict().items() if isinstance(value, str)
    }
    assert max(lengths.values()) == lengths["error_message"] == lengths["user_agent"] == MESSAGE
    assert lengths["event_name"] == NAME
    assert lengths["sentence"] <= SENTENCE
    assert described.event_name.startswith("a ba ba b")


def test_a_record_without_a_readable_time_has_none() -> None:
    assert describe(Record(cloudtrail(eventTime="yesterday")), {}).event_time is None
