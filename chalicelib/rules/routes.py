"""Routes: which channel an alert goes to, and whom its message calls, by where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.rules.rule import Rule, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One `[[route]]`: alerts of these accounts (by number), by a rule of these ids and themes that
    is at least so severe. An empty tuple asks for nothing. `where` says its file and line.
    """

    where: str
    accounts: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    severity: Severity = Severity.INFO
    channel: str | None = None
    mention: str | None = None
    goes_on: bool = False

    def fits(self, rule: Rule) -> bool:
        """Whether the rule is among those that it asks for."""
        of_theme = not self.themes or rule.theme in self.themes
        return of_theme and (not self.rules or rule.id in self.rules)

    def takes(self, rules: Iterable[Rule], told: Mapping[str, Severity], account: str) -> bool:
        """Whether an alert goes this way that these rules raise, each as severe as it is told.

        One rule must meet all that is asked.
        """
        if self.accounts and account not in self.accounts:
            return False
        return any(self.fits(rule) and told[rule.id].rank >= self.severity.rank for rule in rules)


class Routed(NamedTuple):
    """Where routes send an alert; nothing of what none of them says."""

    channels: tuple[str, ...] = ()
    mention: str | None = None


def route(
    routes: Sequence[Route], rules: Sequence[Rule], told: Mapping[str, Severity], account: str
) -> Routed:
    """Where an alert goes: `told` is how severe each rule is that raises it, by id."""
    taken = taken_by(routes, rules, told, account)
    channels = dict.fromkeys(each.channel for each in taken if each.channel)
    return Routed(tuple(channels), next((each.mention for each in taken if each.mention), None))


def taken_by(
    routes: Sequence[Route], rules: Sequence[Rule], told: Mapping[str, Severity], account: str
) -> list[Route]:
    """Try the routes in order, as Alertmanager does: the first that takes the alert is the last,
    unless it goes on.

    Source: Prometheus, "Alertmanager configuration", `<route>`.
    """
    taken: list[Route] = []
    for each in routes:
        if each.takes(rules, told, account):
            taken.append(each)
            if not each.goes_on:
                break
    return taken
