"""Operations whose sentence depends on what was asked: sign-ins, ports, sharing, policies.

Each gives a predicate that begins with a verb's base form, or "" to leave it to the table.
"""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.cloudtrail.particulars import identities, networks, settings, sharing
from chalicelib.cloudtrail.record import Record

PARTICULARS: dict[str, Callable[[Record], str]] = {
    **identities.PARTICULARS,
    **networks.PARTICULARS,
    **settings.PARTICULARS,
    **sharing.PARTICULARS,
}
