"""Allow: whose calls are told at info, for a while; known is quiet, and still seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import NamedTuple

from chalicelib.cloudtrail.record import Record
from chalicelib.rules.automation import is_ordinary
from chalicelib.rules.compiling import compiled
from chalicelib.rules.filter_pattern import FilterPattern
from chalicelib.rules.rule import ALL_RULES, OWN_THEME, Rule, Severity


@dataclass(frozen=True, kw_only=True)
class Allow:
    """One `[[allow]]`: of these rules (ids, or "all") it lowers what all the rest holds for.

    `actors` are names and ARNs, with * for any characters; `networks` addresses and CIDR blocks;
    an empty tuple asks for nothing. `until` is the moment from which on it does nothing, None
    where it has no end. `where` says its file and line.
    """

    rules: tuple[str, ...]
    where: str
    actors: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    reason: str = ""
    until: datetime | None = None

    def allowance(self, record: Record) -> Allowance | None:
        """What it is for this record; None where something does not hold."""
        if self.accounts and record.account_id not in self.accounts:
            return None
        exact = self._exactly(record) if self.actors else False
        # Last, since most are of somebody else.
        if exact is None or not (self._lasts(record) and self._is_within(record)):
            return None
        return Allowance(self, exact)

    def names(self, rule: Rule) -> bool:
        """Whether it is of the rule; Trailbell's own are of no `[[allow]]`."""
        return rule.theme != OWN_THEME and not {rule.id, ALL_RULES}.isdisjoint(self.rules)

    def has_ended(self, now: datetime) -> bool:
        """Whether it does nothing for what happens from now on."""
        return self.until is not None and self.until <= now

    @cached_property
    def _by(self) -> tuple[tuple[FilterPattern, bool], ...]:
        """The patterns for the actors, and whether each can be only one; those that can first."""
        actors = sorted(self.actors, key=is_exact, reverse=True)
        return tuple((compiled(pattern_by(actor)), is_exact(actor)) for actor in actors)

    @cached_property
    def _blocks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(map(ip_network, self.networks))

    def _exactly(self, record: Record) -> bool | None:
        """Whether it is by an actor that can be only one; None where it is by none of them."""
        for pattern, exact in self._by:
            if pattern.matches_record(record.raw, record.text):
                return exact
        return None

    def _lasts(self, record: Record) -> bool:
        """Whether it is not over; of an event without a readable time that is not known."""
        if self.until is None:
            return True
        at = record.event_time
        return at is not None and at < self.until

    def _is_within(self, record: Record) -> bool:
        if not self.networks:
            return True
        address = _address(record.source_ip)
        return address is not None and any(address in block for block in self._blocks)


class Allowance(NamedTuple):
    """An `[[allow]]` that holds for a record; `exact` where it is by an ARN without a *."""

    allow: Allow
    exact: bool

    def lowers(self, rule: Rule, severity: Severity) -> bool:
        """Whether what this rule makes of the record, as severe as this, is told at info."""
        if severity is Severity.INFO or not self.allow.names(rule):
            return False
        return severity is not Severity.CRITICAL or (self.exact and rule.id in self.allow.rules)

    @property
    def said(self) -> str:
        """Why, and where that is written."""
        return ", ".join(filter(None, (self.allow.reason, self.allow.where)))

    @property
    def where(self) -> str:
        """Where that is written."""
        return self.allow.where


@dataclass(frozen=True, kw_only=True)
class Automation(Allow):
    """One of `[settings] automation`: who deploys as every day, and from where (anywhere, where
    `networks` is empty). Of its ordinary acts alone it lowers what rules make.
    """

    rules: tuple[str, ...] = (ALL_RULES,)
    where: str = ""
    reason: str = "automation"

    def names(self, rule: Rule) -> bool:
        """Whether the rule's acts are ordinary."""
        return is_ordinary(rule)


def is_exact(actor: str) -> bool:
    """Whether it can be only one: an ARN without a wildcard (a role's covers its sessions)."""
    return actor.startswith("arn:") and "*" not in actor


def pattern_by(actor: str) -> str:
    """The filter pattern for calls by an actor: an ARN (a role's covers its sessions) or a name."""
    selectors = ("arn",) if actor.startswith("arn:") else ("userName", "principalId", "invokedBy")
    issuer = "arn" if actor.startswith("arn:") else "userName"
    paths = (*selectors, f"sessionContext.sessionIssuer.{issuer}")
    return "{ " + " || ".join(f'($.userIdentity.{path} = "{actor}")' for path in paths) + " }"


@lru_cache(maxsize=64)  # that of one record is asked for again and again
def _address(source: str) -> IPv4Address | IPv6Address | None:
    """The address that a call came from; None where a service of AWS stands in its place."""
    try:
        return ip_address(source)
    except ValueError:
        return None
