"""A transaction that does what can be done: of each change the first alternative that may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.stores.dynamodb.calls import ConditionError, Table
from chalicelib.stores.dynamodb.expressions import Action


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one delivery: where a condition of one alternative fails, the next is tried.

    Where the last fails, nothing is left to do.
    """

    alternatives: tuple[tuple[Action, ...], ...]

    def after(self, failed: bool) -> list[Change]:
        if not failed:
            return [self]
        return [Change(self.alternatives[1:])] if len(self.alternatives) > 1 else []


def apply(table: Table, required: Sequence[Action], changes: Sequence[Change]) -> None:
    """The required actions with what can be done of the changes, in one transaction.

    Raises ConditionError where a required one fails.
    """
    while required or changes:
        actions, owners = list(required), [-1] * len(required)
        for number, change in enumerate(changes):
            actions += change.alternatives[0]
            owners += [number] * len(change.alternatives[0])
        try:
            table.transact(actions)
        except ConditionError as error:
            if any(owners[place] < 0 for place in error.failed):
                raise
            failed = {owners[place] for place in error.failed}
            left = (each.after(number in failed) for number, each in enumerate(changes))
            changes = [change for some in left for change in some]
        else:
            return
