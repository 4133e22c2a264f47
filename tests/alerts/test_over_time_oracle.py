"""Rules over time come to what the sorted history says, whatever comes late, twice or cut off."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.stores.sqlite.store import sqlite_store
from tests.alerts.histories import CORRELATIONS, difference, held, in_store


@pytest.mark.parametrize("kind", CORRELATIONS)
@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_nothing_but_the_members_decides_what_is_told(kind: str, seed: int) -> None:
    assert difference(kind, seed, held) == ""


@pytest.mark.parametrize("kind", CORRELATIONS)
def test_a_file_comes_to_the_same(kind: str, tmp_path: Path) -> None:
    store = sqlite_store(tmp_path / "alerts.db", durable=False)

    @settings(max_examples=12, deadline=None, derandomize=True)
    @given(seed=st.integers(0, 2**32))
    def same(seed: int) -> None:
        assert difference(kind, seed, lambda of, name: in_store(of, name, store)) == ""

    same()
