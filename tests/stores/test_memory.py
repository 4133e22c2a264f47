"""What rules over time remember: sets that only grow, the same in every store and in none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.alerts.held_memory import HeldMemory
from chalicelib.alerts.memory import MOST_WORDS, Memory, Place, Remembered
from chalicelib.rules.correlation import MOST_COUNTED
from tests.stores.conftest import MOTO, empty_store
from tests.stores.factories import NOW

PLACE = Place("rule.group", 3)
LATER = NOW + timedelta(days=14)


@pytest.fixture(params=["held", "sqlite", *MOTO, "emulator"])
def memory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Memory]:
    if request.param == "held":
        yield HeldMemory()
        return
    for store in empty_store(request, tmp_path):
        yield store.memory


def add(memory: Memory, place: Place, texts: Iterable[str], words: Iterable[str] = ()) -> None:
    memory.add({place: Remembered(frozenset(texts), frozenset(words))}, {place: LATER}, NOW)


def at(memory: Memory, place: Place) -> Remembered:
    return memory.read(place.name, place.at, place.at).get(place.at, Remembered())


def test_sets_only_grow_and_what_is_there_already_changes_nothing(memory: Memory) -> None:
    add(memory, PLACE, ["a", "b"], ["w"])
    add(memory, PLACE, ["b", "c"])
    add(memory, PLACE, [], ["w", "v"])
    assert at(memory, PLACE) == Remembered(frozenset("abc"), frozenset("wv"))


def test_places_of_one_name_are_read_from_a_first_to_a_last_also_below_zero(memory: Memory) -> None:
    for number in (-7, -1, 0, 1, 20):
        add(memory, Place("rule.group", number), [str(number)])
    add(memory, Place("rule.groups", 0), ["another"])
    found = memory.read("rule.group", -1, 1)
    assert {number: set(each.texts) for number, each in found.items()} == {
        -1: {"-1"},
        0: {"0"},
        1: {"1"},
    }
    assert memory.read("nothing", 0, 9) == {}


def test_a_place_takes_so_many_texts_and_no_more(memory: Memory) -> None:
    add(memory, PLACE, [f"{number:04d}" for number in range(MOST_COUNTED - 1)])
    assert not at(memory, PLACE).is_full
    add(memory, PLACE, ["0000", "x", "y", "z"], ["w"])
    found = at(memory, PLACE)
    assert found.is_full
    assert found.texts >= {"x"}
    assert len(found.texts) == MOST_COUNTED
    assert found.words == {"w"}
    add(memory, PLACE, ["more"])
    assert at(memory, PLACE) == found


def test_too_many_at_once_are_the_first_of_them(memory: Memory) -> None:
    numbers = [f"{number:04d}" for number in range(MOST_COUNTED + 5)]
    add(memory, PLACE, numbers, numbers)
    found = at(memory, PLACE)
    assert found.texts == frozenset(numbers[:MOST_COUNTED])
    assert found.words == frozenset(numbers[:MOST_WORDS])


def test_texts_are_swapped_only_while_nobody_else_did(memory: Memory) -> None:
    none, first, both = frozenset[str](), frozenset(["first"]), frozenset(["first", "second"])
    assert memory.swap(PLACE, none, first, LATER)
    assert not memory.swap(PLACE, none, frozenset(["other"]), LATER)
    assert memory.swap(PLACE, first, both, LATER)
    assert not memory.swap(PLACE, first, frozenset(["other"]), LATER)
    assert at(memory, PLACE).texts == both
    assert memory.swap(PLACE, both, frozenset(["second", "third"]), LATER)
    assert at(memory, PLACE).texts == {"second", "third"}


@pytest.mark.parametrize("memory", ["sqlite"], indirect=True)
def test_a_place_is_forgotten_in_a_file_once_its_time_has_passed(memory: Memory) -> None:
    add(memory, PLACE, ["old"])
    other = Place("rule.group", 4)
    after = LATER + timedelta(seconds=1)
    memory.add({other: Remembered(frozenset(["new"]))}, {other: after}, after)
    assert set(memory.read("rule.group", 0, 9)) == {4}
