"""Grammar over every operation that botocore knows; all of it in `make soak`."""

from __future__ import annotations

import pytest

from tests.cloudtrail.botocore_records import records
from tests.cloudtrail.grammar import faults
from tests.cloudtrail.survey import survey, variants
from tests.events import cloudtrail
from tests.soak import examples

EVERY = examples(5, 1)


def test_a_sentence_about_any_operation_is_english() -> None:
    counts, violations = survey(list(records())[::EVERY])
    assert violations == []
    assert counts["called"] == 0
    assert counts.total() > 10_000 // EVERY


def test_it_is_also_where_nothing_is_named_or_the_request_was_left_out() -> None:
    found = list(records())[::EVERY]
    assert survey(other for record in found for other in variants(record))[1] == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("alice keeped traffic out of N", "no past tense: keeped"),
        ("alice let into the group N", "verb and preposition alone"),
        ("alice set the log group N to keep 1 days of logs", "one of many"),
        ("alice created something in S3", "something in"),
        ("alice created the the bucket N", "two articles"),
        ("alice opened a instance", "article of a vowel"),
        ("alice opened an bucket", "article of a consonant"),
        ("alice listed a topics in S3", "article of a plural: topics"),
        ("alice set the putBucketAcl of N", "raw name: putBucketAcl"),
        ("alice deleted the", "no end"),
        ("alice deleted", "no object"),
        ("alice deleted the trail N (in S3", "brackets"),
        ("alice set the policy of the bucket  in S3", "blanks or marks"),
        ("i-1 started an instance", "no actor"),
    ],
)
def test_what_is_not_english_is_found(said: str, fault: str) -> None:
    assert fault in list(faults(said, cloudtrail("CreateBucket")))
