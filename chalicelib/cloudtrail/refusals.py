"""Refusals: calls that AWS turned down for want of a permission."""

from __future__ import annotations

import re

# In AWS's own words; what services call it differs.
CODES = re.compile(
    r"accessdenied|unauthorized|notauthorized|authorizationerror|^forbidden|explicitdeny", re.I
)


def is_refused(error_code: str) -> bool:
    """Whether an errorCode says that a permission was wanting."""
    return CODES.search(error_code) is not None
