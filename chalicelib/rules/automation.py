"""What AWS itself does: its ordinary acts are told at info, as those of `[settings] automation`."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.rule import OWN_THEME, Rule, Severity


class Lowering(Protocol):
    """What may tell a record at info: an `[[allow]]`, an automation, or that AWS itself did it."""

    @property
    def where(self) -> str: ...
    @property
    def said(self) -> str: ...
    def lowers(self, rule: Rule, severity: Severity) -> bool: ...


class ByAws(NamedTuple):
    """An act of a service of AWS, by itself or for somebody; `service` as in s3.amazonaws.com."""

    service: str

    def lowers(self, rule: Rule, severity: Severity) -> bool:
        """Whether what this rule makes of the record, as severe as this, is told at info."""
        return severity is not Severity.INFO and is_ordinary(rule)

    @property
    def said(self) -> str:
        """Why it is told at info."""
        return f"ordinary, by {self.service}"

    @property
    def where(self) -> str:
        """Nobody wrote it."""
        return ""


def is_ordinary(rule: Rule) -> bool:
    """Whether its acts are told at info where they are automation's; never Trailbell's own."""
    return rule.ordinary and rule.theme != OWN_THEME


def by_aws(record: Record) -> ByAws | None:
    """Which service of AWS did it; None where nobody but the caller says so.

    AWS writes invokedBy, and a caller cannot: the CloudTrail user guide, "CloudTrail userIdentity
    element". Not so the user agent, and the name of a user or a session.
    """
    identity = record.raw.get("userIdentity")
    service = identity.get("invokedBy") if isinstance(identity, dict) else None
    if isinstance(service, str) and service.endswith(".amazonaws.com"):
        return ByAws(service)
    return None
