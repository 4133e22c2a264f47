"""What a call turns off, in both forms and every shape; nothing where it cannot be read."""

from __future__ import annotations

import pytest

from chalicelib.cloudtrail import vocabulary
from chalicelib.cloudtrail.record import Record
from chalicelib.cloudtrail.switches import switches, switches_off_of
from chalicelib.cloudtrail.switches.selectors import LESS, NOTHING
from chalicelib.cloudtrail.switches.table import SWITCHES
from tests.cloudtrail.switches.samples import SAMPLES, Sample
from tests.slack.records import call


@pytest.mark.parametrize("sample", SAMPLES, ids=[f"{i}-{s[0]}" for i, s in enumerate(SAMPLES)])
def test_a_protection_is_off_where_a_call_says_so(sample: Sample) -> None:
    operation, request, expected = sample
    assert switches_off_of(Record(call(operation, request))) == expected


def test_the_table_says_every_documented_word_and_no_other() -> None:
    said = {switch.word for lines in switches().values() for switch in lines}
    assert said | {NOTHING, LESS} == vocabulary.switched_off().keys()


def test_every_line_of_the_table_is_read() -> None:
    lines = sum(" -> " in line for line in SWITCHES.splitlines())
    assert lines <= sum(map(len, switches().values()))
    assert all(" " not in switch.word for lines in switches().values() for switch in lines)
