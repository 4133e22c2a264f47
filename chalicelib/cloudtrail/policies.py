"""Whom a policy admits, in words."""

from __future__ import annotations

from typing import Any

from chalicelib.cloudtrail.exposure.grant import Grant
from chalicelib.cloudtrail.exposure.statements import admissions


def principals_of(policy: Any, own: str = "") -> list[str]:
    """Whom a policy's Allow statements admit; under a condition, whom that leaves.

    Of who is in the account `own` the account is not said.
    """
    allowed = [grant for grant in admissions(policy, own, "") if grant.effect == "allow"]
    return list(dict.fromkeys(said(grant) for grant in allowed))


def said(grant: Grant) -> str:
    """Whom a grant is for, in words."""
    article = "the " if grant.to.startswith(("organization ", "VPC ", "prefix list ")) else ""
    but = f" {grant.condition}" if grant.condition.startswith("but ") else ""
    return f"{article}{grant.to}{but}"
