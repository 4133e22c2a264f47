"""A cursor is a place, sealed: what was handed out leads on, what was made up is refused."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.alerts.archive import CursorError
from chalicelib.stores.cursor import KEY_BYTES, seal, unseal

KEY = bytes(range(KEY_BYTES))
PLACE = "1763985600|event-1"
CURSOR = seal(KEY, PLACE)
OTHERS = {"A": "B"}


@settings(derandomize=True, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_place_comes_back_from_its_cursor_which_an_address_can_hold(place: str) -> None:
    cursor = seal(KEY, place)
    assert unseal(KEY, cursor) == place
    assert re.fullmatch(r"[A-Za-z0-9_-]+", cursor)


def test_a_cursor_of_another_store_is_refused() -> None:
    with pytest.raises(CursorError):
        unseal(bytes(KEY_BYTES), CURSOR)


@pytest.mark.parametrize("at", range(len(CURSOR)))
def test_a_cursor_with_one_character_changed_is_refused(at: int) -> None:
    changed = CURSOR[:at] + OTHERS.get(CURSOR[at], "A") + CURSOR[at + 1 :]
    with pytest.raises(CursorError):
        unseal(KEY, changed)


@pytest.mark.parametrize(
    "made_up",
    ["", "A", "AAAA", "A" * 64, f"{CURSOR}=", f" {CURSOR}", CURSOR * 2, "\N{SNOWMAN}", "\ud800"],
)
def test_what_was_never_a_cursor_is_refused(made_up: str) -> None:
    with pytest.raises(CursorError):
        unseal(KEY, made_up)
