"""What a record opens, to whom, under which condition: the one judgement of it.

Sentence, rules and severity read the grants made here and judge nothing themselves.
"""

from __future__ import annotations

import re
from functools import lru_cache

from chalicelib.cloudtrail.exposure import (
    acls,
    network_borders,
    permissions,
    resource_policies,
    security_groups,
    shares,
)
from chalicelib.cloudtrail.exposure.grant import Grant, Ports, exposed_of
from chalicelib.cloudtrail.naming import operation_of
from chalicelib.cloudtrail.record import Record

__all__ = ["Grant", "Ports", "closes_of", "exposed_of", "grants_of", "opens_of"]

# A forged record could name more than anybody reads; what was found first is told.
MOST_GRANTS = 5_000
# They ask or take back; what their requests carry opens nothing.
OPENS_NOTHING = re.compile(
    r"(Get|List|Describe|Validate|Check|Simulate|Test|Delete|Remove|Preview|Evaluate|Lookup|Search)"
)
READERS = (
    security_groups.grants,
    network_borders.grants,
    permissions.grants,
    acls.grants,
    shares.grants,
    resource_policies.grants,
)


@lru_cache(maxsize=1)  # rules, severity and sentence of a record all ask
def grants_of(record: Record) -> tuple[Grant, ...]:
    """Every grant and denial that a call makes; () of calls that open nothing."""
    if OPENS_NOTHING.match(operation_of(record)):
        return ()
    found: dict[Grant, None] = {}
    for reader in READERS:
        for grant in reader(record):
            found[grant] = None
            if len(found) >= MOST_GRANTS:
                return tuple(found)
    return tuple(found)


def opens_of(record: Record) -> tuple[Grant, ...]:
    """What a call opens."""
    return tuple(grant for grant in grants_of(record) if grant.effect == "allow")


def closes_of(record: Record) -> tuple[Grant, ...]:
    """What a call takes back of what was open."""
    found = (*security_groups.taken_back(record), *network_borders.taken_back(record))
    return tuple(dict.fromkeys(found))
