"""What the sentence says of everyone is what the grants say, and the other way round."""

from __future__ import annotations

import re

import pytest

from chalicelib.cloudtrail.exposure import grants_of
from chalicelib.cloudtrail.exposure.grant import EVERYONE
from chalicelib.cloudtrail.facts import Facts
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.sentence import sentence
from tests.cloudtrail.exposure.samples import SAMPLES
from tests.cloudtrail.exposure.shapes import Sample
from tests.slack.records import call

SAYS = re.compile(r"\beveryone\b|\bpublic$|the internet|the whole internet|[ (](0\.0\.0\.0|::)/0")
# What names it to keep it out, or to take it back, opens nothing.
KEEPS = re.compile(r"^alice (ke\w+|closed) ")


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{i}-{s[0]}" for i, s in enumerate(SAMPLES)])
def test_a_sentence_speaks_of_everyone_where_a_grant_is_for_everyone(sample: Sample) -> None:
    record = Record(call(sample[0], sample[1]))
    said = sentence(Facts.of(record))
    opened = any(grant.effect == "allow" and grant.to == EVERYONE for grant in grants_of(record))
    assert bool(SAYS.search(said) and not KEEPS.search(said)) == opened, said


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{i}-{s[0]}" for i, s in enumerate(SAMPLES)])
def test_whom_a_condition_names_is_told_instead_of_everyone(sample: Sample) -> None:
    for grant in grants_of(Record(call(sample[0], sample[1]))):
        assert (grant.to == EVERYONE) == (grant.whom == EVERYONE)
        assert "everyone" not in grant.to or grant.to == EVERYONE
