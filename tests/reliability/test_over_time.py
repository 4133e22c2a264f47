"""Rules over time: whatever comes late, twice, beside each other or is cut off, what is told in the
end is what the sorted history says.

Each history is of up to 22 members in bursts, by one transport or two, shuffled, split into batches
of which some come again, some are killed at one of their calls of the store and tried once more,
and some run while another is under way.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.stores.sqlite.store import sqlite_store
from chalicelib.stores.store import Store
from tests.alerts.histories import CORRELATIONS, Made, difference, held, in_store
from tests.reliability.proof import figure, size
from tests.stores.conftest import empty_store

HISTORIES = {
    "held": size(25, 2000),
    "sqlite": size(4, 2000),
    "emulator": size(2, 200),
}


@pytest.fixture(params=HISTORIES)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Store | None]]:
    """A store, or none: then memory and alerts are dicts."""
    if request.param == "held":
        yield "held", None
    elif request.param == "sqlite":  # killed processes are what is tried, not power cuts
        yield "sqlite", sqlite_store(tmp_path / "alerts.db", durable=False)
    else:
        for store in empty_store(request, tmp_path):
            yield "emulator", store


@pytest.mark.parametrize("kind", CORRELATIONS)
def test_histories_come_to_what_they_are_once_sorted(
    kind: str, kept: tuple[str, Store | None]
) -> None:
    name, store = kept
    run = uuid.uuid4().hex[:8]  # a store may hold what an earlier run told

    def make(of: str, rule: str) -> Made:
        return in_store(of, f"{rule}-{run}", store) if store else held(of, rule)

    found = [difference(kind, seed, make) for seed in range(HISTORIES[name])]
    differences = [each for each in found if each]
    figure(f"over time: {kind}, {name}", histories=len(found), differences=len(differences))
    assert differences == []
