"""Channels where something is due that another process sends to, or one that was killed."""

from __future__ import annotations

from chalicelib.bootstrap import Program
from chalicelib.delivery.run import LEASE

# How often it is looked whether they are free.
LOOK_EVERY = 2.0


def held(program: Program) -> str | None:
    """Which they are, in words; None where there are none. Nothing of ours may be under way."""
    waiting = program.store.queue.waiting(program.now())
    names = [each.channel.name for each in waiting if each.due and each.channel.leased_until]
    if not names:
        return None
    return (
        f"waiting for another process that sends to {', '.join(names)}; if it was killed, "
        f"its place is taken in {LEASE.total_seconds():.0f} s"
    )
