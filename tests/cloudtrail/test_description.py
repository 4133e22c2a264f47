"""A record in words: redacted, named, cut, and one line each."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.cloudtrail.description import MESSAGE, NAME, SENTENCE, Description, describe
from chalicelib.cloudtrail.record import Record
from tests.canaries import planted
from tests.events import cloudtrail


def said(described: Description) -> dict[str, Any]:
    """All that is said, what is put into words when it is asked for among it."""
    words = dict(zip(("sentence", "error_message"), described.in_words(), strict=True))
    return {**described._asdict(), **words}


def test_no_secret_of_a_record_is_in_its_description() -> None:
    for canary in planted(cloudtrail()):
        described = said(describe(Record(canary.record), {}))
        assert canary.needle not in json.dumps(described, default=str)


def test_every_text_is_one_line_and_as_long_as_it_may_be_at_most() -> None:
    long = "a\nb\u202e" * 2000
    record = cloudtrail(long, errorMessage=long, userAgent=long, requestParameters={"name": long})
    described = describe(Record(record), {})
    texts = said(described).items()
    lengths = {name: len(value) for name, value in texts if isinstance(value, str)}
    assert max(lengths.values()) == lengths["error_message"] == lengths["user_agent"] == MESSAGE
    assert lengths["event_name"] == NAME
    assert lengths["sentence"] <= SENTENCE
    assert described.event_name.startswith("a ba ba b")


def test_a_record_without_a_readable_time_has_none() -> None:
    assert describe(Record(cloudtrail(eventTime="yesterday")), {}).event_time is None
