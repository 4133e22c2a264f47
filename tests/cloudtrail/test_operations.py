"""The table of operations: its paths lead somewhere, and each phrase names its targets."""

from __future__ import annotations

import re

import pytest

from chalicelib.cloudtrail.operations import OPERATIONS, PLACEHOLDER, operations
from chalicelib.cloudtrail.particulars import PARTICULARS

PATH = re.compile(r"#|[>+!%^]?[A-Za-z][\w-]*(\.[A-Za-z]\w*)*(/[A-Za-z]\w*(\.\w+)*)?")


@pytest.mark.parametrize("name", sorted(operations()))
def test_a_phrase_names_each_target_and_no_other_and_every_path_is_one(name: str) -> None:
    operation = operations()[name]
    placeholders = PLACEHOLDER.findall(operation.phrase)
    numbers = {int(each) for each in placeholders if each.isdecimal()}
    assert numbers == set(range(len(operation.targets + operation.second_parties)))
    paths = [operation.path(each) for each in placeholders]
    assert all(PATH.fullmatch(path) for each in paths for path in each.split("|"))
    around = re.sub(r"\[[^\[\]]*\]", "", PLACEHOLDER.sub("", operation.phrase))
    assert not re.search(r"[{}\[\]]", around)


def test_every_line_is_an_operation_a_title_or_empty_and_none_stands_twice() -> None:
    lines = [line for line in OPERATIONS.splitlines() if line and not line.startswith("# ")]
    names = [line.split()[0] for line in lines]
    assert sorted(names) == sorted(operations())
    assert all(re.fullmatch(r"[a-z][\w-]*:[A-Z]\w+", name) for name in names)


def test_two_hundred_operations_have_sentences_of_their_own() -> None:
    assert len(operations().keys() | PARTICULARS.keys()) >= 200
