"""Whom a policy admits, in words."""

from __future__ import annotations

from typing import Any

from chalicelib.cloudtrail.exposure.grant import Grant
from chalicelib.cloudtrail.exposure.statements import admissions, admitted
from chalicelib.cloudtrail.reading import dicts

__all__ = ["account", "dicts", "principals_of"]


def principals_of(policy: Any) -> list[str]:
    """Whom a policy's Allow statements admit; under a condition, whom that leaves."""
    allowed = [grant for grant in admissions(policy, "", "") if grant.effect == "allow"]
    return list(dict.fromkeys(said(grant) for grant in allowed))


def said(grant: Grant) -> str:
    """Whom a grant is for, in words."""
    article = "the " if grant.to.startswith(("organization ", "VPC ", "prefix list ")) else ""
    but = f" {grant.condition}" if grant.condition.startswith("but ") else ""
    return f"{article}{grant.to}{but}"


def account(principal: str) -> str:
    """A principal that stands alone: an account by its number, anything else by its name."""
    return next((grant.to for grant in admitted(principal, "")), "")
