"""An apply killed after any one of its calls; slow, since every call has an account of its own."""

from __future__ import annotations

import pytest

from provisioning.status import Verdict
from tests.provisioning.account import KilledError, fresh_account


def _changes_in_all() -> int:
    with fresh_account() as account:
        account.deploy()
        account.apply()
        return len(account.recorder.changes)


def test_an_apply_killed_after_any_of_its_calls_is_finished_by_the_next() -> None:
    for killed_after in range(1, _changes_in_all() + 1):
        with fresh_account() as account:
            account.deploy()
            account.recorder.kill_after = killed_after
            with pytest.raises(KilledError):
                account.apply()
            last = account.recorder.changes[-1].action
            account.recorder.kill_after = None

            account.apply()

            assert account.status().verdict is Verdict.HEALTHY, f"after {last}"
