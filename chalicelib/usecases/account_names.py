"""Accounts by name in what is told: the rule file's names, else the organization's."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from chalicelib.alerts.outbox import StoreError
from chalicelib.monitoring.account_names import AccountNames, asked
from chalicelib.monitoring.asking import Asking, asking
from chalicelib.monitoring.notes import read, write
from chalicelib.settings import Settings

if TYPE_CHECKING:
    from chalicelib.usecases.parts import Parts

# Names change seldom; a process reads the note again after so long.
HELD_SECONDS = 3600.0


class Held:
    """The note as this process read it last."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._note: AccountNames | None = None
        self._until = 0.0

    def note(self, parts: Parts) -> AccountNames | None:
        """Raises StoreError."""
        if self._monotonic() >= self._until:
            self.keep(read(parts.store.notes, AccountNames))
        return self._note

    def keep(self, note: AccountNames | None) -> None:
        """What the note is now."""
        self._note, self._until = note, self._monotonic() + HELD_SECONDS


@lru_cache(maxsize=4)
def held_by(settings: Settings) -> Held:  # noqa: ARG001 - what it is kept by
    """What this process holds, by the choices that name its store."""
    return Held()


def accounts_of(parts: Parts) -> Mapping[str, str]:
    """Names by account number. Without the store there are the rule file's alone: who is told what
    does not hang on a name. On one machine nobody asks the organization.
    """
    if parts.settings.deployment is None:
        return parts.ruleset.accounts
    try:
        note = held_by(parts.settings).note(parts)
    except StoreError:
        note = None
    return {**note.names, **parts.ruleset.accounts} if note else parts.ruleset.accounts


def read_account_names(
    parts: Parts,
    millis_left: Callable[[], float],
    ask: Callable[[Callable[[], float]], Asking] = asking,
) -> None:
    """Once a day ask the organization, where we are deployed. Raises StoreError."""
    if parts.settings.deployment is None:
        return
    held, now = held_by(parts.settings), parts.now()
    before = held.note(parts)
    if before and not before.is_due(now):
        return
    found = asked(ask(millis_left), now, before)
    if found is None:
        return
    write(parts.store.notes, found)
    held.keep(found)
