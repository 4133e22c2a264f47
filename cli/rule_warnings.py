"""What `rules` warns of: it loads, and yet does not do what was meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from ipaddress import ip_network

from chalicelib.cloudtrail.outcome import Outcome
from chalicelib.rules.allow import Allow, is_exact
from chalicelib.rules.filter_pattern import compile_pattern
from chalicelib.rules.lint import lint
from chalicelib.rules.routes import Route, route, taken_by
from chalicelib.rules.rule import ALL_RULES, OWN_THEME, Rule, Severity
from chalicelib.rules.ruleset import Ruleset

# Networks that everybody may have: a call through a VPC endpoint comes from an address of the VPC.
# Sources: RFC 1918, RFC 4193; KMS developer guide, "Logging requests that use a VPC endpoint".
EVERYBODYS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
# An account that no route names.
ANY_OTHER = ""


def warnings(ruleset: Ruleset, now: datetime) -> Iterator[str]:
    """A line for each, patterns first, then what is allowed, then the routes and their channels."""
    yield from ruleset.hints
    for rule in ruleset.rules:
        yield from _of_patterns(rule)
    for allow in ruleset.allows:
        yield from _of_allow(allow, ruleset, now)
    for each in ruleset.settings.automation:
        yield from _of_networks(f"{each.where}: the automation", each)
    taken, reached = _reached(ruleset)
    for way in ruleset.routes:
        if way not in taken:
            yield f"{way.where}: the [[route]] can never match: {_why_not(way, ruleset.rules)}"
    for channel in _named(ruleset):
        if channel not in reached:
            yield f"{channel}: nothing reaches this channel: routes send elsewhere what would"


def _of_patterns(rule: Rule) -> Iterator[str]:
    for text in (rule.pattern, *rule.exceptions):
        for warning in lint(compile_pattern(text)):
            yield f"{rule.id}: {warning.text}: {warning.message}"


def _of_allow(allow: Allow, ruleset: Ruleset, now: datetime) -> Iterator[str]:
    what = f"{allow.where}: the [[allow]]"
    if allow.until is None:
        yield f"{what} has no end: give it one, until = {now.year + 1}-01-31 say"
    elif allow.has_ended(now):
        yield (
            f"{what} ended at {allow.until:%Y-%m-%dT%H:%M:%SZ} and lowers nothing since: "
            "give it another end, or take it out"
        )
    yield from _of_networks(what, allow)
    named = [rule for rule in ruleset.rules if rule.id in allow.rules]
    for rule in named:
        if rule.theme == OWN_THEME:
            yield f"{what} lowers nothing of {rule.id}: it is about Trailbell itself"
        elif rule.severity is Severity.CRITICAL and not any(map(is_exact, allow.actors)):
            yield f"{what} lowers nothing of {rule.id}, which is critical: name an ARN without *"
    if not named and ALL_RULES not in allow.rules:
        yield f"{what} lowers nothing: its rules are off"


def _of_networks(what: str, allow: Allow) -> Iterator[str]:
    for network in filter(_is_everybodys, allow.networks):
        yield (
            f"{what} is from {network}, which proves little: through a VPC endpoint a call comes "
            "from such an address of anybody's VPC; name public ones"
        )


def _is_everybodys(network: str) -> bool:
    block = ip_network(network)
    others = map(ip_network, EVERYBODYS)
    return any(block.version == other.version and block.overlaps(other) for other in others)


def _reached(ruleset: Ruleset) -> tuple[list[Route], set[str]]:
    """The routes that some alert takes, and the channels where some goes.

    What one rule raises alone is enough to try: a route takes what meets it by one rule.
    """
    taken: list[Route] = []
    reached: set[str] = set()
    for rule, severity, account in _alerts(ruleset):
        alert = ((rule,), {rule.id: severity}, account)
        taken += [each for each in taken_by(ruleset.routes, *alert) if each not in taken]
        reached.update(route(ruleset.routes, *alert).channels or filter(None, [rule.channel]))
    return taken, reached


def _alerts(ruleset: Ruleset) -> Iterator[tuple[Rule, Severity, str]]:
    """Every kind of rule with every severity that it may be told at, in every account of the
    routes.
    """
    routes = ruleset.routes
    accounts = sorted({ANY_OTHER, *(account for each in routes for account in each.accounts)})
    # Many rules, and few that routes can tell apart.
    alike = {
        (tuple(each.fits(rule) for each in routes), rule.channel, _severities(rule)): rule
        for rule in ruleset.rules
    }
    for rule in alike.values():
        for severity in _severities(rule):
            for account in accounts:
                yield rule, severity, account


def _severities(rule: Rule) -> frozenset[Severity]:
    """How severe a rule may be told; what is allowed is info, as a dry run is."""
    return frozenset(rule.severity_of(outcome) for outcome in Outcome)


def _why_not(each: Route, rules: Iterable[Rule]) -> str:
    fitting = [rule for rule in rules if each.fits(rule)]
    if not fitting:
        return "no rule that is on is of the rules and themes that it asks for"
    if all(
        each.severity.rank > severity.rank for rule in fitting for severity in _severities(rule)
    ):
        return f"none of its rules is ever {each.severity.value}"
    return "a route before it takes all that it asks for; move it up, or let that one continue"


def _named(ruleset: Ruleset) -> list[str]:
    """The channels that rules and routes name, each once."""
    named = [rule.channel for rule in ruleset.rules] + [each.channel for each in ruleset.routes]
    return list(dict.fromkeys(channel for channel in named if channel))
