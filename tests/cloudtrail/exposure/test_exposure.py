"""What a record opens: over every element, document and wrapping, and nothing that is not there."""

from __future__ import annotations

import pytest

from chalicelib.cloudtrail import vocabulary
from chalicelib.cloudtrail.exposure import exposed_of, grants_of
from chalicelib.cloudtrail.record import Record
from tests.cloudtrail.exposure.samples import SAMPLES
from tests.cloudtrail.exposure.shapes import Json, Sample
from tests.slack.records import call


def exposed(operation: str, request: Json | None) -> tuple[str, ...]:
    return exposed_of(grants_of(Record(call(operation, request))))


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{i}-{s[0]}" for i, s in enumerate(SAMPLES)])
def test_what_is_exposed_is_what_every_element_says(sample: Sample) -> None:
    operation, request, expected = sample
    assert exposed(operation, request) == expected


def test_every_flat_text_is_made_of_documented_words() -> None:
    flat = {text for operation, request, _ in SAMPLES for text in exposed(operation, request)}
    words = [text.split(" ") for text in flat]
    assert {one[0] for one in words} <= vocabulary.whom().keys()
    assert {one[1] for one in words} <= vocabulary.what().keys()
