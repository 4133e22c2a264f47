"""An account for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.provisioning.account import Account, fresh_account


@pytest.fixture
def account() -> Iterator[Account]:
    with fresh_account() as fresh:
        yield fresh
